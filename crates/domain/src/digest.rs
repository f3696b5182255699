//! Digests: what is kept of a secret.

use aws_lc_rs::{digest, hmac};
use data_encoding::HEXLOWER;
use std::{fmt, str::FromStr};

/// A SHA-256 or HMAC-SHA-256 value, in lower-case hexadecimal. Secrets of 256
/// bits are compared by looking their digest up; a guess at the digest is worth nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Digest(String);

impl Digest {
    /// SHA-256, for secrets too long to guess.
    pub fn of(secret: &[u8]) -> Self {
        Self(HEXLOWER.encode(digest::digest(&digest::SHA256, secret).as_ref()))
    }

    /// HMAC-SHA-256 under a key kept outside the database, for secrets short
    /// enough to guess. The parts are length-prefixed, so that no two lists of
    /// parts collide.
    pub fn keyed(key: &hmac::Key, parts: &[&str]) -> Self {
        Self(HEXLOWER.encode(hmac_of(key, parts).as_ref()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// HMAC-SHA-256 over length-prefixed parts.
pub(crate) fn hmac_of(key: &hmac::Key, parts: &[&str]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    context.sign()
}

impl FromStr for Digest {
    type Err = crate::id::NotAnId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_digest = text.len() == 64 && HEXLOWER.decode(text.as_bytes()).is_ok();
        is_digest.then(|| Self(text.to_owned())).ok_or(crate::id::NotAnId)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifting_a_boundary_between_parts_changes_the_digest() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]);
        assert_ne!(Digest::keyed(&key, &["ab", "c"]), Digest::keyed(&key, &["a", "bc"]));
    }
}
