//! One file for each way to hash a password.

pub mod argon2;
pub mod bcrypt;
pub mod pbkdf2;
pub mod phpass;
pub mod salted_digest;
pub mod scrypt;

use crate::Refusal;
use argon2::Argon2;
use bcrypt::Bcrypt;
use pbkdf2::Pbkdf2;
use phpass::Phpass;
use salted_digest::SaltedDigest;
use scrypt::Scrypt;
use std::{fmt, str::FromStr};

/// A hash with all that is needed to check a password against it.
#[derive(Clone, PartialEq, Eq)]
pub enum Scheme {
    Argon2(Argon2),
    Bcrypt(Bcrypt),
    Scrypt(Scrypt),
    Pbkdf2(Pbkdf2),
    SaltedDigest(SaltedDigest),
    Phpass(Phpass),
}

impl Scheme {
    pub fn matches(&self, password: &[u8]) -> bool {
        match self {
            Self::Argon2(it) => it.matches(password),
            Self::Bcrypt(it) => it.matches(password),
            Self::Scrypt(it) => it.matches(password),
            Self::Pbkdf2(it) => it.matches(password),
            Self::SaltedDigest(it) => it.matches(password),
            Self::Phpass(it) => it.matches(password),
        }
    }
}

impl FromStr for Scheme {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        match text.split('$').nth(1).unwrap_or_default() {
            "argon2i" | "argon2id" => text.parse().map(Self::Argon2),
            "2a" | "2b" | "2y" => text.parse().map(Self::Bcrypt),
            "scrypt" => text.parse().map(Self::Scrypt),
            "pbkdf2-sha256" | "pbkdf2-sha512" => text.parse().map(Self::Pbkdf2),
            "vestibule-md5" | "vestibule-sha1" | "vestibule-sha512" => text.parse().map(Self::SaltedDigest),
            "P" | "H" => text.parse().map(Self::Phpass),
            _ => Err(Refusal::InvalidHash),
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argon2(it) => it.fmt(f),
            Self::Bcrypt(it) => it.fmt(f),
            Self::Scrypt(it) => it.fmt(f),
            Self::Pbkdf2(it) => it.fmt(f),
            Self::SaltedDigest(it) => it.fmt(f),
            Self::Phpass(it) => it.fmt(f),
        }
    }
}
