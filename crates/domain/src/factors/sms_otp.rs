//! Passcodes sent by text message.

use crate::{
    Refusal,
    digest::Digest,
    id::{MemberId, OrganizationId, PhoneId, ProjectId},
    server_key::{Pepper, ServerKey},
    time::Span,
};
use rand::Rng;
use std::fmt;

/// How long a passcode lives.
pub const LIFETIME: Span = Span::minutes(2);

/// Six decimal digits, as received or as sent; prints as nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Passcode(String);

/// What a passcode is good for: one number of one member. A code for another
/// number, member, organization or project has another digest.
#[derive(Debug, Clone, Copy)]
pub struct Purpose<'a> {
    pub project: &'a ProjectId,
    pub organization: &'a OrganizationId,
    pub member: &'a MemberId,
    pub phone: &'a PhoneId,
}

impl Passcode {
    pub fn random(rng: &mut impl Rng) -> Self {
        Self(format!("{:06}", rng.random_range(0..1_000_000)))
    }

    /// # Errors
    /// `InvalidCode` for anything but six ASCII digits, blanks included.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if is_six_digits(text) { Ok(Self(text.to_owned())) } else { Err(Refusal::InvalidCode) }
    }

    /// What is kept of a code that is made now.
    pub fn digest(&self, key: &ServerKey, purpose: Purpose<'_>) -> Digest {
        self.digest_under(key.passcode_key(), purpose)
    }

    /// What is kept of it if its digest names this version of the key.
    pub fn digest_of(&self, key: &ServerKey, version: u32, purpose: Purpose<'_>) -> Digest {
        self.digest_under(key.passcode_key_of(version), purpose)
    }

    fn digest_under(&self, pepper: Pepper, purpose: Purpose<'_>) -> Digest {
        let Purpose { project, organization, member, phone } = purpose;
        let ids = [project.as_str(), organization.as_str(), member.as_str(), phone.as_str()];
        Digest::keyed(pepper, &["sms_otp", ids[0], ids[1], ids[2], ids[3], &self.0])
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Whether the text is exactly six ASCII digits.
pub(super) fn is_six_digits(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}

impl fmt::Debug for Passcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passcode(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    #[test]
    fn a_passcode_is_six_digits_whatever_the_luck() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        assert!((0..1000).all(|_| Passcode::parse(Passcode::random(&mut rng).expose()).is_ok()));
        for odd in ["12345", "1234567", " 12345", "12345 ", "１２３４５６", "12345a", "+12345"] {
            assert_eq!(Passcode::parse(odd), Err(Refusal::InvalidCode), "{odd}");
        }
    }
}
