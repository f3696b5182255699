//! Signatures of Standard Webhooks, as its libraries and those of Svix verify them.
//!
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use crate::{fault::ConfigurationFault, signed::SharedSecret};
use base64::{
    Engine,
    alphabet::STANDARD as ALPHABET,
    engine::{
        DecodePaddingMode,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD},
    },
};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;

const PREFIX: &str = "whsec_";

/// Secrets are pasted by hand, with and without their padding.
const PASTED: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A secret that both sides know: `whsec_` and the base64 of 24 to 64 bytes. Prints as nothing.
#[derive(Clone)]
pub struct SigningSecret {
    text: SecretString,
    key: SharedSecret,
}

impl SigningSecret {
    /// Of bytes that the caller drew at random.
    pub fn of(bytes: &[u8; 32]) -> Self {
        let text = SecretString::from(format!("{PREFIX}{}", STANDARD.encode(bytes)));
        Self { text, key: SharedSecret::of_bytes(bytes) }
    }

    /// # Errors
    /// `WebhookSecret`.
    pub fn parse(text: &str) -> Result<Self, ConfigurationFault> {
        let encoded = text.strip_prefix(PREFIX);
        let bytes = encoded.and_then(|it| PASTED.decode(it).ok());
        let bytes = bytes.filter(|it| (24..=64).contains(&it.len()));
        let bytes = bytes.ok_or(ConfigurationFault::WebhookSecret)?;
        Ok(Self { text: SecretString::from(text.to_owned()), key: SharedSecret::of_bytes(&bytes) })
    }

    /// The secret itself, to be shown once or sealed.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    /// `v1,` and the base64 of the HMAC-SHA-256 of id, seconds since the epoch and body.
    pub fn signature(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        format!("v1,{}", STANDARD.encode(self.key.sign(&content(id, seconds, body))))
    }

    /// Whether one of the signatures in a header `webhook-signature` is right; of a header with many, the first eight.
    pub(crate) fn verifies(&self, signatures: &str, (id, seconds, body): (&str, i64, &[u8])) -> bool {
        let content = content(id, seconds, body);
        let tags = signatures.split(' ').filter_map(|it| STANDARD.decode(it.strip_prefix("v1,")?).ok());
        tags.take(8).any(|tag| self.key.verify(&content, &tag))
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret")
    }
}

fn content(id: &str, seconds: i64, body: &[u8]) -> Vec<u8> {
    [format!("{id}.{seconds}.").as_bytes(), body].concat()
}

/// One signature for each secret, with a blank between; a verifier takes any that it knows.
pub fn signatures(secrets: &[SigningSecret], id: &str, seconds: i64, body: &[u8]) -> String {
    let all: Vec<String> = secrets.iter().map(|it| it.signature(id, seconds, body)).collect();
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with Python's hmac, from the secret and message of the Standard Webhooks documentation.
    #[test]
    fn a_known_message_has_the_known_signature() {
        let secret = SigningSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let secret = secret.expect("a secret of 24 bytes");
        let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", br#"{"test": 2432232314}"#);
        let known = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(secret.signature(id, 1_614_265_330, body), known);
        assert!(secret.verifies(&format!("v1,AAAA {known}"), (id, 1_614_265_330, body)));
        assert!(!secret.verifies(known, (id, 1_614_265_331, body)));
        let new = SigningSecret::of(&[7; 32]);
        let both = signatures(&[new.clone(), secret], id, 1_614_265_330, body);
        assert_eq!(both, format!("{} {known}", new.signature(id, 1_614_265_330, body)));
    }

    #[test]
    fn a_secret_survives_being_shown_and_pasted() {
        let made = SigningSecret::of(&[7; 32]);
        let pasted = SigningSecret::parse(made.expose().trim_end_matches('=')).unwrap();
        assert_eq!(made.signature("a", 1, b"b"), pasted.signature("a", 1, b"b"));
        assert_eq!(format!("{made:?}"), "SigningSecret");
        for odd in ["", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!!!!"] {
            assert!(SigningSecret::parse(odd).is_err(), "{odd}");
        }
    }
}
