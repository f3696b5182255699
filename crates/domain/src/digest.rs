//! Digests: what is kept of a secret.

use crate::server_key::Pepper;
use aws_lc_rs::{digest, hmac};
use data_encoding::HEXLOWER;
use std::{fmt, str::FromStr};

/// A SHA-256 or HMAC-SHA-256 value, in lower-case hexadecimal; one under a key
/// names the key's version in front (`v2:`), the first excepted. Secrets of 256
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
    #[expect(clippy::needless_pass_by_value, reason = "it is made for the call")]
    pub fn keyed(pepper: Pepper, parts: &[&str]) -> Self {
        let digest = HEXLOWER.encode(hmac_of(&pepper.key, parts).as_ref());
        Self(if pepper.version == FIRST { digest } else { format!("v{}:{digest}", pepper.version) })
    }

    /// Under which version of the server key it was made, if under any.
    pub fn key_version(&self) -> u32 {
        split(&self.0).map_or(FIRST, |(version, _)| version)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The version that texts from before there were several belong to.
pub(crate) const FIRST: u32 = 1;

/// Version and rest of `v2:…`.
pub(crate) fn split(text: &str) -> Option<(u32, &str)> {
    let (version, rest) = text.strip_prefix('v')?.split_once(':')?;
    Some((version.parse().ok()?, rest))
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
        let hexadecimal = split(text).map_or(text, |(_, rest)| rest);
        let is_digest = hexadecimal.len() == 64 && HEXLOWER.decode(hexadecimal.as_bytes()).is_ok();
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

    fn pepper(version: u32) -> Pepper {
        Pepper { version, key: hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]) }
    }

    #[test]
    fn shifting_a_boundary_between_parts_changes_the_digest() {
        assert_ne!(Digest::keyed(pepper(1), &["ab", "c"]), Digest::keyed(pepper(1), &["a", "bc"]));
    }

    #[test]
    fn a_digest_names_the_version_of_its_key() {
        for version in [1, 2, 12] {
            let digest = Digest::keyed(pepper(version), &["ab"]);
            assert_eq!(digest.to_string().parse(), Ok(digest.clone()));
            assert_eq!(digest.key_version(), version);
        }
        assert_eq!(Digest::keyed(pepper(1), &[]).as_str().len(), 64, "as before there were versions");
        assert!("v2:00".parse::<Digest>().is_err());
    }
}
