//! Passwords: what is kept of them, how strong they are, and hashes brought
//! along from other systems.

mod cost;
mod encoding;
pub mod import;
mod password;
mod schemes;
pub mod strength;

pub use cost::Cost;
pub use password::Password;

use rand::RngCore;
use schemes::{Scheme, argon2::Argon2};
use std::{fmt, str::FromStr};

/// What is stored of a password. Written by `Display`, read by `FromStr`, in
/// one of these forms; `salt`, `hash`, `prepended` and `appended` are base64
/// without padding:
///
/// - `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`: every native hash, and
///   imported ones (also `argon2i`, also `v=16`)
/// - `$2b$12$` and 53 characters: bcrypt
/// - `$scrypt$ln=15,r=8,p=1$salt$hash`
/// - `$pbkdf2-sha256$i=600000$salt$hash`, or `sha512`
/// - `$vestibule-md5$prepended$appended$hash`, or `sha1`, or `sha512`
/// - `$P$` and 31 characters: phpass
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(Scheme);

/// The text is not a stored password hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a stored password hash")]
pub struct NotAPasswordHash;

impl PasswordHash {
    /// Argon2id with 16 random bytes of salt and 32 bytes of output. Takes the
    /// time and the memory that the cost says.
    pub fn of(password: &Password, cost: Cost, rng: &mut impl RngCore) -> Self {
        let mut salt = [0; 16];
        rng.fill_bytes(&mut salt);
        Self(Scheme::Argon2(Argon2::of(password.bytes(), cost, salt)))
    }

    /// A hash to check against where there is none, so that the answer takes
    /// as long. No known password matches it.
    pub fn decoy(cost: Cost) -> Self {
        Self(Scheme::Argon2(Argon2::decoy(cost)))
    }

    /// Whether this is the password. The hashes are compared in constant time.
    pub fn matches(&self, password: &Password) -> bool {
        self.0.matches(password.bytes())
    }

    /// Whether to hash the password anew when it is next at hand: true of all
    /// but argon2id, version 19, with at least this much of everything.
    pub fn is_outdated(&self, cost: Cost) -> bool {
        match &self.0 {
            Scheme::Argon2(argon2) => !argon2.is_at_least(cost),
            Scheme::Bcrypt(_)
            | Scheme::Scrypt(_)
            | Scheme::Pbkdf2(_)
            | Scheme::SaltedDigest(_)
            | Scheme::Phpass(_) => true,
        }
    }
}

impl FromStr for PasswordHash {
    type Err = NotAPasswordHash;
    fn from_str(text: &str) -> Result<Self, NotAPasswordHash> {
        text.parse().map(Self).map_err(|_| NotAPasswordHash)
    }
}

impl fmt::Display for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(hidden)")
    }
}

#[cfg(test)]
mod tests;
