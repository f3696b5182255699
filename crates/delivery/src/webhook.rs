//! Text messages through the operator's own gateway, signed per Standard Webhooks.

use crate::{
    accepted::Accepted,
    fault::{ConfigurationFault, DeliveryFault},
    http,
    message::TextMessage,
    standard_webhooks::SigningSecret,
};
use domain::Timestamp;
use reqwest::{Client, RequestBuilder, Url, header::CONTENT_TYPE};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::json;
use std::{fmt, time::Duration};

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
    pub(crate) secret: SigningSecret,
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
        let secret = SigningSecret::parse(config.secret.expose_secret())?;
        Ok(Self { client: http::client(&url)?, url, secret })
    }

    pub(crate) async fn send(
        &self,
        message: &TextMessage,
        now: Timestamp,
        limit: Duration,
    ) -> Result<Accepted, DeliveryFault> {
        let body = payload(message, now)?;
        let request = self.request(&message.id, body, now).timeout(limit);
        let status = http::call(request).await?.status();
        if status.is_success() {
            return Ok(Accepted::referred_to(Some(message.id.clone())));
        }
        Err(DeliveryFault::of_http(status.as_u16(), None))
    }

    /// A POST of `{id: "check", channel: "check"}`, signed as messages are: a
    /// gateway sends nothing for it and answers with any 2xx.
    pub(crate) async fn check(&self, now: Timestamp) -> Result<(), DeliveryFault> {
        let body = json!({"id": "check", "channel": "check", "sent_at": now.to_string()});
        let answer = http::call(self.request("check", body.to_string().into_bytes(), now)).await?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status => Err(DeliveryFault::of_http(status.as_u16(), None)),
        }
    }

    fn request(&self, id: &str, body: Vec<u8>, now: Timestamp) -> RequestBuilder {
        let signature = self.secret.signature(id, now.seconds(), &body);
        self.client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", now.seconds())
            .header("webhook-signature", signature)
            .body(body)
    }
}

impl fmt::Debug for SignedWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedWebhook").finish_non_exhaustive()
    }
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
