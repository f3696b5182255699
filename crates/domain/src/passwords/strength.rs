//! How strong a password is.

mod luds;
mod zxcvbn;

use super::Password;
use crate::{Refusal, email::EmailAddress};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

const LUDS_LENGTH: RangeInclusive<u32> = 8..=32;
const LUDS_COMPLEXITY: RangeInclusive<u32> = 1..=4;

/// What a project asks of new passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "policy", rename_all = "snake_case", try_from = "Written")]
pub enum StrengthPolicy {
    /// Hard to guess: a score of 3 or 4.
    #[default]
    Zxcvbn,
    /// Long enough, and of enough classes out of lower case, upper case, digit
    /// and symbol. Make it with [`StrengthPolicy::luds`].
    Luds {
        /// In characters, 8 to 32.
        minimum_length: u32,
        /// In classes, 1 to 4.
        minimum_complexity: u32,
    },
}

impl StrengthPolicy {
    /// # Errors
    /// `InvalidArgument` unless the length is 8 to 32 and the complexity 1 to 4.
    pub fn luds(minimum_length: u32, minimum_complexity: u32) -> Result<Self, Refusal> {
        if !LUDS_LENGTH.contains(&minimum_length) {
            return Err(Refusal::InvalidArgument { field: "minimum_length", reason: "it must be 8 to 32" });
        }
        if !LUDS_COMPLEXITY.contains(&minimum_complexity) {
            return Err(Refusal::InvalidArgument {
                field: "minimum_complexity",
                reason: "it must be 1 to 4",
            });
        }
        Ok(Self::Luds { minimum_length, minimum_complexity })
    }
}

/// Whether a secret that is nobody's password takes more than 10⁸ guesses.
pub fn is_hard_to_guess(secret: &str) -> bool {
    zxcvbn::check(secret, None).valid
}

/// A policy as it was written, to be checked again when read.
#[derive(Deserialize)]
#[serde(tag = "policy", rename_all = "snake_case")]
enum Written {
    Zxcvbn,
    Luds { minimum_length: u32, minimum_complexity: u32 },
}

impl TryFrom<Written> for StrengthPolicy {
    type Error = Refusal;
    fn try_from(written: Written) -> Result<Self, Refusal> {
        match written {
            Written::Zxcvbn => Ok(Self::Zxcvbn),
            Written::Luds { minimum_length, minimum_complexity } => {
                Self::luds(minimum_length, minimum_complexity)
            }
        }
    }
}

/// The judgement on one password under one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strength {
    /// Whether the policy accepts the password.
    pub valid: bool,
    /// 0 to 4 by zxcvbn, from 3 on acceptable; always 0 under LUDS.
    pub score: u8,
    pub feedback: Feedback,
}

/// What to do better.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Feedback {
    Zxcvbn {
        /// Empty if there is nothing to warn of.
        warning: String,
        suggestions: Vec<String>,
    },
    Luds {
        has_lower_case: bool,
        has_upper_case: bool,
        has_digit: bool,
        /// Anything outside a-z, A-Z and 0-9.
        has_symbol: bool,
        /// Classes still lacking.
        missing_complexity: u32,
        /// Characters still lacking.
        missing_characters: u32,
    },
}

/// Judges a password. Under zxcvbn the e-mail address, its local part and its
/// domain count as easy to guess, and only the first 100 characters count.
pub fn check(policy: StrengthPolicy, password: &Password, email: Option<&EmailAddress>) -> Strength {
    match policy {
        StrengthPolicy::Zxcvbn => zxcvbn::check(password.expose(), email),
        StrengthPolicy::Luds { minimum_length, minimum_complexity } => {
            luds::check(password.expose(), minimum_length, minimum_complexity)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passwords::tests::password;
    use proptest::prelude::*;

    #[test]
    fn a_luds_policy_asks_for_8_to_32_characters_and_1_to_4_classes() {
        assert!(StrengthPolicy::luds(8, 1).is_ok() && StrengthPolicy::luds(32, 4).is_ok());
        for (length, complexity) in [(7, 1), (33, 1), (8, 0), (8, 5)] {
            assert!(matches!(StrengthPolicy::luds(length, complexity), Err(Refusal::InvalidArgument { .. })));
        }
    }

    #[test]
    fn a_policy_survives_storage() {
        for policy in [StrengthPolicy::Zxcvbn, StrengthPolicy::luds(12, 3).unwrap()] {
            let written = serde_json::to_string(&policy).unwrap();
            assert_eq!(serde_json::from_str::<StrengthPolicy>(&written).unwrap(), policy, "{written}");
        }
    }

    #[test]
    fn a_written_policy_out_of_range_is_refused() {
        let written = r#"{"policy": "luds", "minimum_length": 4, "minimum_complexity": 3}"#;
        assert!(serde_json::from_str::<StrengthPolicy>(written).is_err());
    }

    proptest! {
        #[test]
        fn any_password_can_be_judged(text in "(?s).{1,120}", local in "[a-zA-Z0-9.+]{1,20}") {
            let email = EmailAddress::parse(&format!("{local}@acme.example")).ok();
            for policy in [StrengthPolicy::Zxcvbn, StrengthPolicy::luds(8, 4).unwrap()] {
                let strength = check(policy, &password(&text), email.as_ref());
                prop_assert!(strength.score <= 4);
            }
        }
    }
}
