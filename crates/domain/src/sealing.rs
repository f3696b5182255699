//! Sealed secrets: AES-256-GCM under the server key.

use crate::server_key::ServerKey;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use rand::RngCore;
use std::{fmt, str::FromStr};
use thiserror::Error;
use zeroize::Zeroizing;

/// A ciphertext that names its key version. What it belongs to is bound into
/// it, so that a row cannot be transplanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    version: u32,
    nonce_and_ciphertext: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    #[error("the server key file does not hold version {0}")]
    MissingVersion(u32),
    #[error("a sealed secret cannot be opened: wrong server key, or the row was altered")]
    Damaged,
}

impl Sealed {
    /// Seals a secret for the place named by `belongs_to`: table, project,
    /// organization, member and row, in a fixed order.
    ///
    /// # Errors
    /// Only if the server key holds no key.
    pub fn seal(
        key: &ServerKey,
        belongs_to: &[&str],
        secret: &[u8],
        rng: &mut impl RngCore,
    ) -> Result<Self, SealError> {
        Self::seal_under(key, key.sealing(), belongs_to, secret, rng)
    }

    /// Seals under a version that may not be the one for everything new yet.
    ///
    /// # Errors
    /// `MissingVersion`.
    pub fn seal_under(
        key: &ServerKey,
        version: u32,
        belongs_to: &[&str],
        secret: &[u8],
        rng: &mut impl RngCore,
    ) -> Result<Self, SealError> {
        let cipher = cipher(key, version)?;
        let mut nonce = [0; NONCE_LEN];
        rng.fill_bytes(&mut nonce);
        let mut buffer = secret.to_vec();
        let nonce_value = Nonce::assume_unique_for_key(nonce);
        cipher
            .seal_in_place_append_tag(nonce_value, associated_data(version, belongs_to), &mut buffer)
            .map_err(|_| SealError::Damaged)?;
        Ok(Self { version, nonce_and_ciphertext: [&nonce[..], &buffer].concat() })
    }

    /// The same secret under the version that seals now.
    ///
    /// # Errors
    /// As of [`Sealed::open`].
    pub fn renewed(
        &self,
        key: &ServerKey,
        belongs_to: &[&str],
        rng: &mut impl RngCore,
    ) -> Result<Self, SealError> {
        Self::seal(key, belongs_to, &self.open(key, belongs_to)?, rng)
    }

    /// The key version it is sealed under.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// # Errors
    /// `MissingVersion` when the key was retired, `Damaged` for anything that
    /// was not sealed for this very place.
    pub fn open(&self, key: &ServerKey, belongs_to: &[&str]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let cipher = cipher(key, self.version)?;
        let (nonce, ciphertext) =
            self.nonce_and_ciphertext.split_at_checked(NONCE_LEN).ok_or(SealError::Damaged)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::Damaged)?;
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        let opened = cipher.open_in_place(nonce, associated_data(self.version, belongs_to), &mut buffer);
        let length = opened.map_err(|_| SealError::Damaged)?.len();
        buffer.truncate(length);
        Ok(buffer)
    }
}

fn cipher(key: &ServerKey, version: u32) -> Result<LessSafeKey, SealError> {
    let bytes = key.sealing_key(version).ok_or(SealError::MissingVersion(version))?;
    let unbound = UnboundKey::new(&AES_256_GCM, &*bytes).map_err(|_| SealError::Damaged)?;
    Ok(LessSafeKey::new(unbound))
}

fn associated_data(version: u32, belongs_to: &[&str]) -> Aad<Vec<u8>> {
    let mut bytes = version.to_be_bytes().to_vec();
    for part in belongs_to {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    Aad::from(bytes)
}

impl fmt::Display for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}", self.version, STANDARD_NO_PAD.encode(&self.nonce_and_ciphertext))
    }
}

impl FromStr for Sealed {
    type Err = SealError;
    fn from_str(text: &str) -> Result<Self, SealError> {
        let (version, rest) =
            text.strip_prefix('v').and_then(|it| it.split_once('.')).ok_or(SealError::Damaged)?;
        let nonce_and_ciphertext = STANDARD_NO_PAD.decode(rest).map_err(|_| SealError::Damaged)?;
        Ok(Self { version: version.parse().map_err(|_| SealError::Damaged)?, nonce_and_ciphertext })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    fn key(seed: u64) -> ServerKey {
        ServerKey::parse(&ServerKey::generate(&mut ChaCha20Rng::seed_from_u64(seed))).unwrap()
    }

    #[test]
    fn a_secret_opens_only_where_it_belongs() {
        let rng = &mut ChaCha20Rng::seed_from_u64(9);
        let sealed = Sealed::seal(&key(1), &["totps", "org-1", "ada"], b"seed", rng).unwrap();
        let stored: Sealed = sealed.to_string().parse().unwrap();
        assert_eq!(stored.open(&key(1), &["totps", "org-1", "ada"]).unwrap().as_slice(), b"seed");
        assert_eq!(stored.open(&key(1), &["totps", "org-1", "eve"]), Err(SealError::Damaged));
        assert_eq!(stored.open(&key(1), &["totps", "org-1ada", ""]), Err(SealError::Damaged));
        assert_eq!(stored.open(&key(2), &["totps", "org-1", "ada"]), Err(SealError::Damaged));
    }

    #[test]
    fn an_old_version_still_opens_after_a_new_key_is_added() {
        let rng = &mut ChaCha20Rng::seed_from_u64(9);
        let old = ServerKey::generate(rng);
        let sealed = Sealed::seal(&ServerKey::parse(&old).unwrap(), &["x"], b"seed", rng).unwrap();
        let new = ServerKey::generate(rng).replace("v1", "v2");
        let both = ServerKey::parse(&format!("{}{new}", *old)).unwrap();
        assert_eq!(sealed.open(&both, &["x"]).unwrap().as_slice(), b"seed");
        assert_eq!(sealed.open(&ServerKey::parse(&new).unwrap(), &["x"]), Err(SealError::MissingVersion(1)));
    }
}
