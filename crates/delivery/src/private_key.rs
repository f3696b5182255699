//! Private keys that sign on the operator's behalf, read from PEM.

use crate::ConfigurationFault;
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use secrecy::{ExposeSecret, SecretString};
use std::{fmt, sync::Arc};

/// The shortest RSA key that is still believed, in bytes.
const SHORTEST_RSA: usize = 256;

/// An RSA key of at least 2048 bits, or an Ed25519 key. `Debug` shows neither.
#[derive(Clone)]
pub enum PrivateKey {
    Rsa(Arc<RsaKeyPair>),
    Ed25519(Arc<Ed25519KeyPair>),
}

impl PrivateKey {
    /// # Errors
    /// `PrivateKey` for anything else.
    pub fn from_pem(pem: &SecretString) -> Result<Self, ConfigurationFault> {
        let der = PrivateKeyDer::from_pem_slice(pem.expose_secret().as_bytes());
        let der = der.map_err(|_| ConfigurationFault::PrivateKey)?;
        if let Ok(key) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der.secret_der()) {
            return Ok(Self::Ed25519(Arc::new(key)));
        }
        let key = match &der {
            PrivateKeyDer::Pkcs8(it) => RsaKeyPair::from_pkcs8(it.secret_pkcs8_der()).ok(),
            PrivateKeyDer::Pkcs1(it) => RsaKeyPair::from_der(it.secret_pkcs1_der()).ok(),
            _ => None, // the enum is not ours: other forms hold keys of other kinds
        };
        let key = key.filter(|key| key.public_modulus_len() >= SHORTEST_RSA);
        Ok(Self::Rsa(Arc::new(key.ok_or(ConfigurationFault::PrivateKey)?)))
    }

    /// RSA signs SHA-256 by PKCS #1 v1.5, which is deterministic, as Ed25519 is.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).ok()?;
                Some(signature)
            }
            Self::Ed25519(key) => Some(key.sign(message).as_ref().to_vec()),
        }
    }

    /// The public part as DKIM publishes it: an RSA key in the form of its
    /// certificate entry (`SubjectPublicKeyInfo`), an Ed25519 key bare.
    pub(crate) fn public(&self) -> Option<Vec<u8>> {
        use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
        match self {
            Self::Rsa(key) => {
                let der: PublicKeyX509Der<'_> = key.public_key().as_der().ok()?;
                Some(der.as_ref().to_vec())
            }
            Self::Ed25519(key) => Some(key.public_key().as_ref().to_vec()),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey")
    }
}
