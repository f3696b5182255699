//! Text messages through the operator's own gateway, signed per Standard Webhooks.

use crate::{
    accepted::Accepted,
    fault::{ConfigurationFault, DeliveryFault},
    http,
    message::TextMessage,
};
use aws_lc_rs::hmac;
use base64::{
    Engine,
    alphabet::STANDARD as ALPHABET,
    engine::{
        DecodePaddingMode,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD},
    },
};
use domain::Timestamp;
use reqwest::{Client, Url, header::CONTENT_TYPE};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use std::{fmt, sync::Arc, time::Duration};

/// Secrets are pasted by hand, with and without their padding.
const PASTED: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub struct WebhookConfig {
    /// https, or http on a loopback host.
    pub url: String,
    /// `whsec_` and the base64 of 24 to 64 bytes.
    pub secret: SecretString,
}

/// A gateway at the operator's URL. It takes a POST of
/// `{id, channel: "sms", to, text, sent_at}` and answers with any 2xx. `Debug` hides URL and key.
#[derive(Clone)]
pub struct SignedWebhook {
    client: Client,
    url: Url,
    key: Arc<hmac::Key>,
}

#[derive(Serialize)]
struct Payload<'a> {
    id: &'a str,
    channel: &'static str,
    to: &'a str,
    text: &'a str,
    sent_at: String,
}

impl SignedWebhook {
    /// # Errors
    /// What of the configuration is impossible.
    pub fn new(config: &WebhookConfig) -> Result<Self, ConfigurationFault> {
        let url = http::endpoint(&config.url)?;
        let key = Arc::new(signing_key(&config.secret)?);
        Ok(Self { client: http::client(&url)?, url, key })
    }

    pub(crate) async fn send(
        &self,
        message: &TextMessage,
        now: Timestamp,
        limit: Duration,
    ) -> Result<Accepted, DeliveryFault> {
        let body = payload(message, now)?;
        let signature = signature(&self.key, &message.id, now.seconds(), &body);
        let request = self
            .client
            .post(self.url.clone())
            .timeout(limit)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", now.seconds())
            .header("webhook-signature", signature)
            .body(body);
        let status = http::call(request).await?.status();
        if status.is_success() {
            return Ok(Accepted::referred_to(Some(message.id.clone())));
        }
        Err(DeliveryFault::Refused { status: status.as_u16(), code: None })
    }
}

impl fmt::Debug for SignedWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedWebhook").finish_non_exhaustive()
    }
}

fn signing_key(secret: &SecretString) -> Result<hmac::Key, ConfigurationFault> {
    secret
        .expose_secret()
        .strip_prefix("whsec_")
        .and_then(|encoded| PASTED.decode(encoded).ok())
        .filter(|bytes| (24..=64).contains(&bytes.len()))
        .map(|bytes| hmac::Key::new(hmac::HMAC_SHA256, &bytes))
        .ok_or(ConfigurationFault::WebhookSecret)
}

fn payload(message: &TextMessage, now: Timestamp) -> Result<Vec<u8>, DeliveryFault> {
    let payload = Payload {
        id: &message.id,
        channel: "sms",
        to: message.to.as_str(),
        text: &message.text,
        sent_at: now.to_string(),
    };
    serde_json::to_vec(&payload).map_err(|_| DeliveryFault::Unsendable)
}

fn signature(key: &hmac::Key, id: &str, timestamp: i64, body: &[u8]) -> String {
    let signed = [format!("{id}.{timestamp}.").as_bytes(), body].concat();
    format!("v1,{}", STANDARD.encode(hmac::sign(key, &signed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with Python's hmac, from the secret and message of the Standard Webhooks documentation.
    #[test]
    fn a_known_message_has_the_known_signature() {
        let key =
            signing_key(&"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()).expect("a secret of 24 bytes");
        let signed =
            signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
