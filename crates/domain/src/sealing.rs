//! Sealed secrets: AES-256-GCM under the server key or the key of an organization.

use crate::{organization_key::OrganizationKey, server_key::ServerKey};
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
    under: Under,
    nonce_and_ciphertext: Vec<u8>,
}

/// The key that opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Under {
    /// A version of the server key.
    Server(u32),
    /// The key of the organization that it belongs to.
    Organization,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    #[error("the server key file does not hold version {0}")]
    MissingVersion(u32),
    #[error("a sealed secret cannot be opened: wrong server key, or the row was altered")]
    Damaged,
    #[error("the key of the organization is not there: it was destroyed, or its keys are kept elsewhere")]
    NoOrganizationKey,
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
        Self::closed(&cipher(key, version)?, Under::Server(version), belongs_to, secret, rng)
    }

    /// Seals under the key of the organization that it belongs to.
    ///
    /// # Errors
    /// None in practice.
    pub fn seal_for(
        key: &OrganizationKey,
        belongs_to: &[&str],
        secret: &[u8],
        rng: &mut impl RngCore,
    ) -> Result<Self, SealError> {
        Self::closed(&key.cipher()?, Under::Organization, belongs_to, secret, rng)
    }

    fn closed(
        cipher: &LessSafeKey,
        under: Under,
        belongs_to: &[&str],
        secret: &[u8],
        rng: &mut impl RngCore,
    ) -> Result<Self, SealError> {
        let mut nonce = [0; NONCE_LEN];
        rng.fill_bytes(&mut nonce);
        let mut buffer = secret.to_vec();
        let nonce_value = Nonce::assume_unique_for_key(nonce);
        cipher
            .seal_in_place_append_tag(nonce_value, under.associated_data(belongs_to), &mut buffer)
            .map_err(|_| SealError::Damaged)?;
        Ok(Self { under, nonce_and_ciphertext: [&nonce[..], &buffer].concat() })
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

    /// The version of the server key it is sealed under; 0 where it is an organization's.
    pub fn version(&self) -> u32 {
        self.server_version().unwrap_or_default()
    }

    /// The version of the server key it is sealed under; none where it is an organization's.
    pub fn server_version(&self) -> Option<u32> {
        match self.under {
            Under::Server(version) => Some(version),
            Under::Organization => None,
        }
    }

    /// # Errors
    /// `MissingVersion` when the key was retired, `Damaged` for anything that
    /// was not sealed for this very place.
    pub fn open(&self, key: &ServerKey, belongs_to: &[&str]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        match self.under {
            Under::Server(version) => self.opened(&cipher(key, version)?, belongs_to),
            Under::Organization => Err(SealError::NoOrganizationKey),
        }
    }

    /// Opens what belongs to an organization, whichever key it is under.
    ///
    /// # Errors
    /// As of [`Sealed::open`]; `NoOrganizationKey` where it is needed and not there.
    pub fn open_for(
        &self,
        (server, organization): (&ServerKey, Option<&OrganizationKey>),
        belongs_to: &[&str],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        match self.under {
            Under::Server(_) => self.open(server, belongs_to),
            Under::Organization => {
                self.opened(&organization.ok_or(SealError::NoOrganizationKey)?.cipher()?, belongs_to)
            }
        }
    }

    fn opened(&self, cipher: &LessSafeKey, belongs_to: &[&str]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (nonce, ciphertext) =
            self.nonce_and_ciphertext.split_at_checked(NONCE_LEN).ok_or(SealError::Damaged)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::Damaged)?;
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        let opened = cipher.open_in_place(nonce, self.under.associated_data(belongs_to), &mut buffer);
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

impl Under {
    fn associated_data(self, belongs_to: &[&str]) -> Aad<Vec<u8>> {
        let mut bytes = match self {
            Self::Server(version) => version.to_be_bytes().to_vec(),
            Self::Organization => b"organization".to_vec(),
        };
        for part in belongs_to {
            bytes.extend((part.len() as u64).to_be_bytes());
            bytes.extend(part.as_bytes());
        }
        Aad::from(bytes)
    }
}

impl fmt::Display for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.under {
            Under::Server(version) => write!(f, "v{version}.")?,
            Under::Organization => f.write_str("o.")?,
        }
        f.write_str(&STANDARD_NO_PAD.encode(&self.nonce_and_ciphertext))
    }
}

impl FromStr for Sealed {
    type Err = SealError;
    fn from_str(text: &str) -> Result<Self, SealError> {
        let (under, rest) = text.split_once('.').ok_or(SealError::Damaged)?;
        let under = match under.strip_prefix('v') {
            Some(version) => Under::Server(version.parse().map_err(|_| SealError::Damaged)?),
            None if under == "o" => Under::Organization,
            None => return Err(SealError::Damaged),
        };
        let nonce_and_ciphertext = STANDARD_NO_PAD.decode(rest).map_err(|_| SealError::Damaged)?;
        Ok(Self { under, nonce_and_ciphertext })
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
