//! Text messages through a channel of Bird (once `MessageBird`), by its Channels API.

use crate::{Accepted, ConfigurationFault, DeliveryFault, TextMessage, http, signed::SharedSecret};
use reqwest::{Client, Response, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

const BASE_URL: &str = "https://api.bird.com";

pub struct BirdConfig {
    pub access_key: SecretString,
    /// UUIDs of the workspace and of the SMS channel in it.
    pub workspace: String,
    pub channel: String,
    /// The signing key of the webhook subscription. None: receipts are refused.
    pub signing_key: Option<SecretString>,
    /// None for Bird itself. https, or http on a loopback host.
    pub base_url: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Bird {
    client: Client,
    channel: Url,
    access_key: SecretString,
    pub(crate) receipts_secret: Option<SharedSecret>,
}

#[derive(Deserialize)]
struct Answer {
    id: String,
}

impl Bird {
    /// # Errors
    /// What of the configuration is impossible.
    pub fn new(config: BirdConfig) -> Result<Self, ConfigurationFault> {
        let BirdConfig { access_key, workspace, channel, signing_key, base_url } = config;
        let plain = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !plain(&workspace) || !plain(&channel) {
            return Err(ConfigurationFault::BirdChannel);
        }
        let base = base_url.as_deref().unwrap_or(BASE_URL).trim_end_matches('/');
        let channel = http::endpoint(&format!("{base}/workspaces/{workspace}/channels/{channel}"))?;
        Ok(Self {
            client: http::client(&channel)?,
            channel,
            access_key: http::secret(access_key)?,
            receipts_secret: signing_key.as_ref().map(SharedSecret::of_text).transpose()?,
        })
    }

    pub(crate) async fn send(
        &self,
        message: &TextMessage,
        limit: Duration,
    ) -> Result<Accepted, DeliveryFault> {
        let receiver = json!({"identifierKey": "phonenumber", "identifierValue": message.to.as_str()});
        let body = json!({
            "receiver": {"contacts": [receiver]},
            "body": {"type": "text", "text": {"text": message.text}},
            "reference": message.id,
        });
        let request = self.client.post(format!("{}/messages", self.channel)).timeout(limit).json(&body);
        let answer = http::call(request.header("authorization", self.authorization())).await?;
        if !answer.status().is_success() {
            return Err(fault_of(&answer));
        }
        let answer = serde_json::from_slice(&http::capped_body(answer).await).ok();
        Ok(Accepted::referred_to(answer.map(|Answer { id }| id)))
    }

    /// Looks the channel up, which needs the right key and sends nothing.
    pub(crate) async fn check(&self) -> Result<(), DeliveryFault> {
        let request = self.client.get(self.channel.clone()).header("authorization", self.authorization());
        let answer = http::call(request).await?;
        if answer.status().is_success() { Ok(()) } else { Err(fault_of(&answer)) }
    }

    fn authorization(&self) -> String {
        format!("AccessKey {}", self.access_key.expose_secret())
    }
}

/// Bird's codes are words; what they say is not acted upon.
fn fault_of(answer: &Response) -> DeliveryFault {
    DeliveryFault::of_http(answer.status().as_u16(), None)
}
