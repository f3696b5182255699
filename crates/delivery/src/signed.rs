//! Secrets shared with those who sign what they send, and the comparison of signatures.

use crate::ConfigurationFault;
use aws_lc_rs::hmac;
use base64::{
    Engine,
    alphabet::STANDARD as ALPHABET,
    engine::{
        DecodePaddingMode,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD},
    },
};
use secrecy::{ExposeSecret, SecretString};
use std::{fmt, sync::Arc};

/// Secrets are pasted by hand, with and without their padding.
const PASTED: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

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
        Ok(Self(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, bytes))))
    }

    /// Of Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes.
    pub fn of_webhooks(secret: &SecretString) -> Result<Self, ConfigurationFault> {
        let bytes = secret
            .expose_secret()
            .strip_prefix("whsec_")
            .and_then(|encoded| PASTED.decode(encoded).ok())
            .filter(|bytes| (24..=64).contains(&bytes.len()))
            .ok_or(ConfigurationFault::WebhookSecret)?;
        Ok(Self(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, &bytes))))
    }

    /// Whether the tag is the message's; takes the same time for each wrong one.
    pub fn verify(&self, message: &[u8], tag: &[u8]) -> bool {
        hmac::verify(&self.0, message, tag).is_ok()
    }

    /// The header `webhook-signature` of Standard Webhooks.
    pub fn webhook_signature(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let tag = hmac::sign(&self.0, &webhook_content(id, timestamp, body));
        format!("v1,{}", STANDARD.encode(tag))
    }

    /// Whether one of the signatures in a header `webhook-signature` is right.
    pub fn verify_webhook(&self, id: &str, timestamp: i64, body: &[u8], signatures: &str) -> bool {
        let content = webhook_content(id, timestamp, body);
        let tags = signatures.split(' ').filter_map(|it| STANDARD.decode(it.strip_prefix("v1,")?).ok());
        tags.take(8).any(|tag| self.verify(&content, &tag))
    }
}

fn webhook_content(id: &str, timestamp: i64, body: &[u8]) -> Vec<u8> {
    [format!("{id}.{timestamp}.").as_bytes(), body].concat()
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with Python's hmac, from the secret and message of the Standard Webhooks documentation.
    #[test]
    fn a_known_message_has_the_known_signature() {
        let key = SharedSecret::of_webhooks(&"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into())
            .expect("a secret of 24 bytes");
        let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", br#"{"test": 2432232314}"#);
        let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(key.webhook_signature(id, 1_614_265_330, body), signature);
        assert!(key.verify_webhook(id, 1_614_265_330, body, &format!("v1,AAAA {signature}")));
        assert!(!key.verify_webhook(id, 1_614_265_331, body, signature));
    }
}
