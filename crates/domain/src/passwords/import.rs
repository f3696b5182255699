//! Hashes made by other systems.

mod configs;

pub use configs::{Argon2Config, Configs, Pbkdf2Config, SaltsConfig, ScryptConfig};

use super::{
    PasswordHash,
    schemes::{
        Scheme, argon2::Argon2, pbkdf2::Pbkdf2, salted_digest, salted_digest::SaltedDigest, scrypt::Scrypt,
    },
};
use crate::Refusal;
use argon2::Algorithm;
use std::str::FromStr;

const HASH_BYTES: usize = 1024;

/// The kinds of hashes that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashType {
    Bcrypt,
    Md5,
    Argon2i,
    Argon2id,
    Sha1,
    Sha512,
    Scrypt,
    Phpass,
    Pbkdf2,
}

/// Reads a hash, at most 1024 bytes, with the configuration of its kind; the
/// other configurations are ignored. The forms, by kind:
///
/// - bcrypt: `$2a$`, `$2b$` or `$2y$`, cost 4 to 16
/// - argon2i, argon2id: the encoded form (version 16 or 19), or hexadecimal
///   digits with a configuration (version 19), in which the salt is plain text
/// - scrypt: the PHC form, or base64 with a configuration
/// - PBKDF2: base64 with a configuration
/// - MD5, SHA-1, SHA-512: hexadecimal digits, configuration optional
/// - phpass: `$P$` or `$H$`, 2^7 to 2^20 rounds
///
/// Base64 is the standard alphabet, padded or not; digits are of either case.
///
/// # Errors
/// Names the value that is malformed or out of bounds; `InvalidArgument` for a
/// missing configuration.
pub fn import(hash_type: HashType, hash: &str, configs: &Configs) -> Result<PasswordHash, Refusal> {
    if hash.len() > HASH_BYTES {
        return Err(Refusal::InvalidHash);
    }
    scheme(hash_type, hash, configs).map(PasswordHash)
}

fn scheme(hash_type: HashType, hash: &str, configs: &Configs) -> Result<Scheme, Refusal> {
    let argon2 = |algorithm| Argon2::import(algorithm, hash, configs.argon_2.as_ref()).map(Scheme::Argon2);
    let digest = |algorithm, config: &Option<SaltsConfig>| {
        SaltedDigest::import(algorithm, hash, config.as_ref()).map(Scheme::SaltedDigest)
    };
    match hash_type {
        HashType::Bcrypt => hash.parse().map(Scheme::Bcrypt),
        HashType::Md5 => digest(salted_digest::Algorithm::Md5, &configs.md_5),
        HashType::Argon2i => argon2(Algorithm::Argon2i),
        HashType::Argon2id => argon2(Algorithm::Argon2id),
        HashType::Sha1 => digest(salted_digest::Algorithm::Sha1, &configs.sha_1),
        HashType::Sha512 => digest(salted_digest::Algorithm::Sha512, &configs.sha_512),
        HashType::Scrypt => Scrypt::import(hash, configs.scrypt.as_ref()).map(Scheme::Scrypt),
        HashType::Phpass => hash.parse().map(Scheme::Phpass),
        HashType::Pbkdf2 => Pbkdf2::import(hash, configs.pbkdf_2.as_ref()).map(Scheme::Pbkdf2),
    }
}

impl FromStr for HashType {
    type Err = Refusal;
    fn from_str(name: &str) -> Result<Self, Refusal> {
        match name {
            "bcrypt" => Ok(Self::Bcrypt),
            "md_5" => Ok(Self::Md5),
            "argon_2i" => Ok(Self::Argon2i),
            "argon_2id" => Ok(Self::Argon2id),
            "sha_1" => Ok(Self::Sha1),
            "sha_512" => Ok(Self::Sha512),
            "scrypt" => Ok(Self::Scrypt),
            "phpass" => Ok(Self::Phpass),
            "pbkdf_2" => Ok(Self::Pbkdf2),
            _ => Err(Refusal::InvalidHashType),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_has_at_most_1024_bytes() {
        for hash_type in [HashType::Bcrypt, HashType::Md5, HashType::Phpass, HashType::Pbkdf2] {
            let refusal = import(hash_type, &"a".repeat(1025), &Configs::default()).err();
            assert_eq!(refusal, Some(Refusal::InvalidHash));
        }
    }

    #[test]
    fn the_hash_types_are_those_of_the_vendor() {
        assert_eq!("argon_2id".parse(), Ok(HashType::Argon2id));
        for odd in ["", "md5", "BCRYPT", "argon2id", "argon_2d"] {
            assert_eq!(odd.parse::<HashType>(), Err(Refusal::InvalidHashType), "{odd}");
        }
    }

    #[test]
    fn a_hash_of_another_type_is_refused() {
        let phpass = "$P$57zQW44CDXxDxgGnpWL4bQCR9udAgW0";
        let refusal = |hash_type| import(hash_type, phpass, &Configs::default()).err();
        assert_eq!(refusal(HashType::Bcrypt), Some(Refusal::InvalidHash));
        assert_eq!(refusal(HashType::Argon2id), Some(Refusal::InvalidHash));
        assert_eq!(refusal(HashType::Scrypt), Some(Refusal::InvalidHash));
        assert_eq!(refusal(HashType::Md5), Some(Refusal::InvalidMd5Hash));
    }
}
