//! Secrets shared with those who sign what they send or read, and the comparison of signatures.

use crate::ConfigurationFault;
use aws_lc_rs::hmac;
use secrecy::{ExposeSecret, SecretString};
use std::{fmt, sync::Arc};

/// A key for HMAC-SHA-256. `Debug` shows nothing of it.
#[derive(Clone)]
pub(crate) struct SharedSecret(Arc<hmac::Key>);

impl SharedSecret {
    /// Of the characters as they are.
    pub fn of_text(text: &SecretString) -> Result<Self, ConfigurationFault> {
        let bytes = text.expose_secret().as_bytes();
        if bytes.len() < 8 {
            return Err(ConfigurationFault::SharedSecret);
        }
        Ok(Self::of_bytes(bytes))
    }

    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, bytes)))
    }

    pub fn sign(&self, message: &[u8]) -> hmac::Tag {
        hmac::sign(&self.0, message)
    }

    /// Whether the tag is the message's; takes the same time for each wrong one.
    pub fn verify(&self, message: &[u8], tag: &[u8]) -> bool {
        hmac::verify(&self.0, message, tag).is_ok()
    }
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret")
    }
}
