//! Bcrypt, imported only.

use crate::{
    Refusal,
    passwords::encoding::{bounded, decimal, same},
};
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use std::{fmt, ops::RangeInclusive, str::FromStr};
use zeroize::Zeroizing;

const COST: RangeInclusive<u32> = 4..=16;
/// Bcrypt looks at no more of a password.
const PASSWORD_BYTES: usize = 72;

/// Salts written by other implementations may have stray trailing bits.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::BCRYPT,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// A bcrypt hash. `$2a$`, `$2b$` and `$2y$` name the same computation for all
/// passwords that can match here, and are kept as `$2b$`. `$2x$` marks hashes
/// of a broken implementation and is refused.
#[derive(Clone, PartialEq, Eq)]
pub struct Bcrypt {
    cost: u32,
    salt: [u8; 16],
    output: [u8; 23],
}

impl Bcrypt {
    /// False for passwords over 72 bytes, whose rest would not count, and for
    /// those with a zero byte: the key is the password and a zero, repeated,
    /// so that `a` and `a\0a` have one hash.
    pub fn matches(&self, password: &[u8]) -> bool {
        if password.len() > PASSWORD_BYTES || password.contains(&0) {
            return false;
        }
        let mut key = Zeroizing::new(password.to_vec());
        key.resize(PASSWORD_BYTES.min(password.len() + 1), 0);
        let output = bcrypt::bcrypt(self.cost, self.salt, &key);
        same(&output[..self.output.len()], &self.output)
    }
}

impl FromStr for Bcrypt {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let fields: Vec<&str> = text.split('$').collect();
        let &["", "2a" | "2b" | "2y", cost, digits] = fields.as_slice() else {
            return Err(Refusal::InvalidHash);
        };
        let (salt, output) = digits.split_at_checked(22).ok_or(Refusal::InvalidHash)?;
        let salt = decoded(salt).ok_or(Refusal::InvalidHash)?;
        let output = decoded(output).ok_or(Refusal::InvalidHash)?;
        let cost = decimal(cost).filter(|_| cost.len() == 2).ok_or(Refusal::InvalidHash)?;
        let cost = bounded(cost, &COST, Refusal::InvalidBcryptCost)?;
        Ok(Self { cost, salt, output })
    }
}

fn decoded<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE64.decode(text).ok()?.try_into().ok()
}

impl fmt::Display for Bcrypt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "$2b${:02}${}{}", self.cost, BASE64.encode(self.salt), BASE64.encode(self.output))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passwords::{
        import::{Configs, HashType, import},
        tests::password,
    };

    fn refusal(hash: &str) -> Option<Refusal> {
        import(HashType::Bcrypt, hash, &Configs::default()).err()
    }

    // By Python's bcrypt and passlib.
    #[test]
    fn hashes_of_other_implementations_match() {
        for hash in [
            "$2b$05$abcdefghijklmnopqrstuu5c5RQb66YLCvyngPjf65wEnHP0k8/kG",
            "$2a$04$Uf41fZbVt6flqiCFZ9zEVeOg786rEGBnRVY1N.J1WCzyw1hVMCJgi",
            "$2y$04$GensWlpI.0dnY5in.jhj3uyFfMPjaljsD2Nkb2Z4S4ZwAKu6sJNrK",
        ] {
            let imported = import(HashType::Bcrypt, hash, &Configs::default()).unwrap();
            assert!(imported.matches(&password("corréct horse 🔋")), "{hash}");
            assert!(!imported.matches(&password("corréct horse 🔌")), "{hash}");
            assert_eq!(imported.to_string()[4..], hash[4..]);
        }
    }

    #[test]
    fn a_password_over_72_bytes_never_matches_bcrypt() {
        // The same for 72, 73 and more letters `a`, by Python's bcrypt.
        let hash: Bcrypt = "$2b$04$abcdefghijklmnopqrstuuBzzIgyKkz7xMWYSzkIjUSnxEQFQ0WNe".parse().unwrap();
        assert!(hash.matches(&[b'a'; 72]));
        for length in [71, 73, 74, 144, 1024] {
            assert!(!hash.matches(&vec![b'a'; length]), "{length}");
        }
    }

    #[test]
    fn a_password_with_a_zero_byte_never_matches_bcrypt() {
        let hash: Bcrypt = "$2b$04$abcdefghijklmnopqrstuuMFdJu9yVgmagVAIC24fOZkaFqd3s9JC".parse().unwrap();
        assert!(hash.matches(b"a"));
        assert!(!hash.matches(b"a\0a"));
    }

    #[test]
    fn a_bcrypt_cost_is_between_4_and_16() {
        let digits = "abcdefghijklmnopqrstuuMFdJu9yVgmagVAIC24fOZkaFqd3s9JC";
        for cost in ["04", "16"] {
            assert_eq!(refusal(&format!("$2b${cost}${digits}")), None);
        }
        for cost in ["00", "03", "17", "31", "99"] {
            assert_eq!(refusal(&format!("$2b${cost}${digits}")), Some(Refusal::InvalidBcryptCost));
        }
    }

    #[test]
    fn what_is_not_standard_bcrypt_is_refused() {
        let digits = "abcdefghijklmnopqrstuuMFdJu9yVgmagVAIC24fOZkaFqd3s9JC";
        for odd in [
            "", "$2b$", "2b$04$", "$2x$04$", "$2$04$", "$2b$4$", "$2b$004$", "$2b$+4$", "$2b$04$$",
            " $2b$04$",
        ] {
            assert_eq!(refusal(&format!("{odd}{digits}")), Some(Refusal::InvalidHash), "{odd}");
        }
        assert_eq!(refusal(&format!("$2b$04${digits}=")), Some(Refusal::InvalidHash));
        assert_eq!(refusal(&format!("$2b$04${}", &digits[1..])), Some(Refusal::InvalidHash));
        assert_eq!(refusal(&format!("$2b$04$é{}", &digits[2..])), Some(Refusal::InvalidHash));
    }

    #[test]
    fn stray_bits_at_the_end_of_a_salt_do_not_count() {
        let stray = "$2b$04$abcdefghijklmnopqrstuvMFdJu9yVgmagVAIC24fOZkaFqd3s9JC";
        assert!(stray.parse::<Bcrypt>().unwrap().matches(b"a"));
    }
}
