//! MD5, SHA-1 or SHA-512 of a password between two salts, imported only.

use crate::{
    Refusal,
    passwords::{
        encoding::{from_base64, from_hex, same, to_base64},
        import::SaltsConfig,
    },
};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha512};
use std::{fmt, str::FromStr};

const SALT_BYTES: usize = 256;

/// A digest of the prepended salt, the password and the appended salt.
#[derive(Clone, PartialEq, Eq)]
pub struct SaltedDigest {
    algorithm: Algorithm,
    prepended: Vec<u8>,
    appended: Vec<u8>,
    output: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    Md5,
    Sha1,
    Sha512,
}

impl SaltedDigest {
    pub fn matches(&self, password: &[u8]) -> bool {
        let output = match self.algorithm {
            Algorithm::Md5 => self.output_for::<Md5>(password),
            Algorithm::Sha1 => self.output_for::<Sha1>(password),
            Algorithm::Sha512 => self.output_for::<Sha512>(password),
        };
        same(&output, &self.output)
    }

    /// Reads an imported hash: hexadecimal digits, and salts that are the
    /// bytes of the text.
    ///
    /// # Errors
    /// Names the value that is malformed or out of bounds.
    pub fn import(algorithm: Algorithm, hash: &str, config: Option<&SaltsConfig>) -> Result<Self, Refusal> {
        let output = from_hex(hash).ok_or(algorithm.refusal())?;
        let (prepended, appended) = config.map_or(("", ""), |it| (&it.prepend_salt, &it.append_salt));
        Self::new(algorithm, prepended.as_bytes().to_vec(), appended.as_bytes().to_vec(), output)
    }

    fn new(
        algorithm: Algorithm,
        prepended: Vec<u8>,
        appended: Vec<u8>,
        output: Vec<u8>,
    ) -> Result<Self, Refusal> {
        if output.len() != algorithm.output_bytes() {
            return Err(algorithm.refusal());
        }
        if prepended.len() > SALT_BYTES {
            return Err(Refusal::InvalidPrependSalt);
        }
        if appended.len() > SALT_BYTES {
            return Err(Refusal::InvalidAppendSalt);
        }
        Ok(Self { algorithm, prepended, appended, output })
    }

    fn output_for<D: Digest>(&self, password: &[u8]) -> Vec<u8> {
        let salted =
            D::new().chain_update(&self.prepended).chain_update(password).chain_update(&self.appended);
        salted.finalize().to_vec()
    }
}

impl Algorithm {
    fn output_bytes(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha512 => 64,
        }
    }

    fn refusal(self) -> Refusal {
        match self {
            Self::Md5 => Refusal::InvalidMd5Hash,
            Self::Sha1 => Refusal::InvalidSha1Hash,
            Self::Sha512 => Refusal::InvalidSha512Hash,
        }
    }
}

impl FromStr for SaltedDigest {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let fields: Vec<&str> = text.split('$').collect();
        let (algorithm, parts) = match *fields.as_slice() {
            ["", "vestibule-md5", ref parts @ ..] => (Algorithm::Md5, parts),
            ["", "vestibule-sha1", ref parts @ ..] => (Algorithm::Sha1, parts),
            ["", "vestibule-sha512", ref parts @ ..] => (Algorithm::Sha512, parts),
            _ => return Err(Refusal::InvalidHash),
        };
        let &[prepended, appended, output] = parts else { return Err(Refusal::InvalidHash) };
        let read = |text| from_base64(text).ok_or(Refusal::InvalidHash);
        Self::new(algorithm, read(prepended)?, read(appended)?, read(output)?)
    }
}

impl fmt::Display for SaltedDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let algorithm = match self.algorithm {
            Algorithm::Md5 => "md5",
            Algorithm::Sha1 => "sha1",
            Algorithm::Sha512 => "sha512",
        };
        let (prepended, appended) = (to_base64(&self.prepended), to_base64(&self.appended));
        write!(f, "$vestibule-{algorithm}${prepended}${appended}${}", to_base64(&self.output))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passwords::{
        PasswordHash,
        import::{Configs, HashType, import},
        tests::password,
    };

    // By Python's hashlib.
    const PLAIN: [(HashType, &str); 3] = [
        (HashType::Md5, "6fbb04a12eb2b2a8e199096b07831f0b"),
        (HashType::Sha1, "900c9cb54ba70199f8b6cd79fece5ed9cfe6fca4"),
        (
            HashType::Sha512,
            "05687d593881e31bfa1cebd36fd752e3ee609ac470450540cb0ad0bd481df092\
             adb3aca2197a1c4079b59569555aeb8a6a9163646d0ebc55cfb52a6f3d1a5f51",
        ),
    ];
    const BETWEEN_PRE_AND_POST: [(HashType, &str); 3] = [
        (HashType::Md5, "f3792d5dacb5e1d85ea6e608c0ba4e9f"),
        (HashType::Sha1, "51a19ccb4799b98285d56aa6d49193a3e9ebc435"),
        (
            HashType::Sha512,
            "3f84a06d0f9569d4f11dad0019d15014091b8ab066e0f0bd2eb7829c7c18bc91\
             4c980004cf8c09e8c956c58e3714d06f04465f7322c8ee40012931e677ac97be",
        ),
    ];

    fn imported(
        hash_type: HashType,
        hash: &str,
        prepend: &str,
        append: &str,
    ) -> Result<PasswordHash, Refusal> {
        let salts = || Some(SaltsConfig { prepend_salt: prepend.to_owned(), append_salt: append.to_owned() });
        let configs = Configs { md_5: salts(), sha_1: salts(), sha_512: salts(), ..Configs::default() };
        import(hash_type, hash, &configs)
    }

    fn assert_matches_after_storage(hash: &PasswordHash) {
        let stored: PasswordHash = hash.to_string().parse().unwrap();
        assert!(stored.matches(&password("corréct horse 🔋")));
        assert!(!stored.matches(&password("corréct horse")));
    }

    #[test]
    fn plain_digests_match() {
        for (hash_type, hash) in PLAIN {
            assert_matches_after_storage(&import(hash_type, hash, &Configs::default()).unwrap());
            assert_matches_after_storage(
                &import(hash_type, &hash.to_uppercase(), &Configs::default()).unwrap(),
            );
        }
    }

    #[test]
    fn digests_between_salts_match() {
        for (hash_type, hash) in BETWEEN_PRE_AND_POST {
            assert_matches_after_storage(&imported(hash_type, hash, "pre", "post").unwrap());
            let swapped = imported(hash_type, hash, "post", "pre").unwrap();
            assert!(!swapped.matches(&password("corréct horse 🔋")));
        }
    }

    #[test]
    fn a_digest_has_the_digits_of_its_kind() {
        let refusals = [Refusal::InvalidMd5Hash, Refusal::InvalidSha1Hash, Refusal::InvalidSha512Hash];
        for ((hash_type, hash), refusal) in PLAIN.into_iter().zip(refusals) {
            for odd in [String::new(), hash[2..].to_owned(), format!("{hash}00"), format!("{}zz", &hash[2..])]
            {
                assert_eq!(
                    import(hash_type, &odd, &Configs::default()).err(),
                    Some(refusal.clone()),
                    "{odd}"
                );
            }
        }
    }

    #[test]
    fn salts_have_at_most_256_bytes() {
        let (hash_type, hash) = PLAIN[0];
        let (fits, long) = ("s".repeat(256), "s".repeat(257));
        assert_eq!(imported(hash_type, hash, &fits, &fits).err(), None);
        assert_eq!(imported(hash_type, hash, &long, "").err(), Some(Refusal::InvalidPrependSalt));
        assert_eq!(imported(hash_type, hash, "", &long).err(), Some(Refusal::InvalidAppendSalt));
    }
}
