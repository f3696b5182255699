//! Bearer secrets: 32 random bytes that open a door.

use crate::digest::Digest;
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngCore;
use std::fmt;

/// A bearer secret on its way to its owner. What stays behind is its digest.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// 256 random bits, base64url, behind the prefix that names their purpose,
    /// so that a leaked one is recognized for what it is.
    pub fn random(prefix: &str, rng: &mut impl RngCore) -> Self {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// 256 bits of HMAC-SHA-256 over length-prefixed parts, base64url, behind a prefix.
    pub(crate) fn derived(prefix: &str, key: &hmac::Key, parts: &[&str]) -> Self {
        Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(crate::digest::hmac_of(key, parts))))
    }

    /// What was received; compared as a whole string, never trimmed.
    pub fn received(text: String) -> Self {
        Self(text)
    }

    /// SHA-256 of the whole string: what the database keeps and looks up by.
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(hidden)")
    }
}

impl<'de> serde::Deserialize<'de> for Token {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}
