//! Recovery codes: one-time stand-ins for the authenticator app.

use super::sms_otp::is_six_digits;
use crate::{
    Refusal,
    digest::Digest,
    id::{MemberId, OrganizationId, ProjectId, TotpRegistrationId},
    sealing::SealError,
    server_key::{Pepper, ServerKey},
};
use rand::Rng;
use std::fmt;

/// Codes in a full set.
pub const SET: usize = 10;

const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// A code in canonical form: lower case. Our own have the shape
/// `xxxx-xxxx-xxxx`, 62 bits; imported ones have 8 to 64 letters, digits and dashes.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

/// Whose code it is; the same characters elsewhere have another digest.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    pub project: &'a ProjectId,
    pub organization: &'a OrganizationId,
    pub member: &'a MemberId,
    pub registration: &'a TotpRegistrationId,
}

impl RecoveryCode {
    pub fn random(rng: &mut impl Rng) -> Self {
        let mut group =
            || (0..4).map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())])).collect::<String>();
        Self(format!("{}-{}-{}", group(), group(), group()))
    }

    /// A full set of distinct codes.
    pub fn random_set(rng: &mut impl Rng) -> Vec<Self> {
        let mut codes: Vec<Self> = Vec::with_capacity(SET);
        while codes.len() < SET {
            let code = Self::random(rng);
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }

    /// # Errors
    /// `TotpCodeUsedAsRecoveryCode` for six digits, `InvalidRecoveryCode` otherwise.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        match text {
            digits if is_six_digits(digits) => Err(Refusal::TotpCodeUsedAsRecoveryCode),
            code if plain && (8..=64).contains(&code.len()) => Ok(Self(code.to_ascii_lowercase())),
            _ => Err(Refusal::InvalidRecoveryCode),
        }
    }

    /// What is kept of a code that is made now.
    pub fn digest(&self, key: &ServerKey, owner: Owner<'_>) -> Digest {
        self.digest_under(key.recovery_code_key(), owner)
    }

    /// What may have been kept of it: one digest for every version of the key,
    /// the oldest first.
    ///
    /// # Errors
    /// When a version goes away meanwhile.
    pub fn digests(&self, key: &ServerKey, owner: Owner<'_>) -> Result<Vec<Digest>, SealError> {
        let under = |version| Ok(self.digest_under(key.recovery_code_key_of(version)?, owner));
        key.versions().into_iter().map(under).collect()
    }

    fn digest_under(&self, pepper: Pepper, owner: Owner<'_>) -> Digest {
        let Owner { project, organization, member, registration } = owner;
        let ids = [project.as_str(), organization.as_str(), member.as_str(), registration.as_str()];
        Digest::keyed(pepper, &["recovery_code", ids[0], ids[1], ids[2], ids[3], &self.0])
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Whether the text has the shape of a code of our own.
pub(super) fn looks_like_one(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.len() == 3
        && groups.iter().all(|it| it.len() == 4 && it.bytes().all(|b| b.is_ascii_alphanumeric()))
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    #[test]
    fn a_set_has_ten_distinct_codes_of_the_known_shape() {
        let codes = RecoveryCode::random_set(&mut ChaCha20Rng::seed_from_u64(1));
        assert_eq!(codes.len(), SET);
        assert!(codes.iter().all(|code| looks_like_one(code.expose())));
    }

    #[test]
    fn case_does_not_matter_and_blanks_do() {
        assert_eq!(RecoveryCode::parse("ABCD-ef01-2345"), RecoveryCode::parse("abcd-ef01-2345"));
        assert_eq!(RecoveryCode::parse("abcd-ef01-2345 "), Err(Refusal::InvalidRecoveryCode));
        assert_eq!(RecoveryCode::parse("123456"), Err(Refusal::TotpCodeUsedAsRecoveryCode));
    }
}
