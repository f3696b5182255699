//! Text messages through Vonage's Messages API, with the JWT of an application.

use crate::{
    Accepted, ConfigurationFault, DeliveryFault, PrivateKey, TextMessage, http, signed::SharedSecret,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::Timestamp;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

const BASE_URL: &str = "https://api.nexmo.com";
/// Vonage keeps this much of a client reference.
const LONGEST_REFERENCE: usize = 100;
/// How long one call's token is good for, in seconds.
const TOKEN_LIFE: i64 = 60;

pub struct VonageConfig {
    /// The id of the application, a UUID.
    pub application_id: String,
    /// The application's RSA key, PEM.
    pub private_key: SecretString,
    /// A number or a sender id.
    pub from: String,
    /// The account's signature secret, with which receipts are signed. None: receipts are refused.
    pub signature_secret: Option<SecretString>,
    /// Where receipts go to, in place of the application's own setting.
    pub receipts: Option<Url>,
    /// None for Vonage itself. https, or http on a loopback host.
    pub base_url: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Vonage {
    client: Client,
    messages: Url,
    application_id: String,
    key: PrivateKey,
    from: String,
    pub(crate) receipts_secret: Option<SharedSecret>,
    receipts: Option<Url>,
}

#[derive(Deserialize)]
struct Answer {
    message_uuid: String,
}

#[derive(Deserialize)]
struct Refusal {
    r#type: String,
}

impl Vonage {
    /// # Errors
    /// What of the configuration is impossible.
    pub fn new(config: VonageConfig) -> Result<Self, ConfigurationFault> {
        let VonageConfig { application_id, private_key, from, signature_secret, receipts, base_url } = config;
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        if application_id.is_empty() || !application_id.bytes().all(plain) {
            return Err(ConfigurationFault::VonageApplication);
        }
        let key = PrivateKey::from_pem(&private_key)?;
        if matches!(key, PrivateKey::Ed25519(_)) {
            return Err(ConfigurationFault::PrivateKey);
        }
        let base = base_url.as_deref().unwrap_or(BASE_URL).trim_end_matches('/');
        let messages = http::endpoint(&format!("{base}/v1/messages"))?;
        let receipts_secret = signature_secret.as_ref().map(SharedSecret::of_text).transpose()?;
        let from = http::sender(from)?;
        let client = http::client(&messages)?;
        Ok(Self { client, messages, application_id, key, from, receipts_secret, receipts })
    }

    pub(crate) async fn send(
        &self,
        message: &TextMessage,
        now: Timestamp,
        limit: Duration,
    ) -> Result<Accepted, DeliveryFault> {
        let mut body = json!({
            "message_type": "text",
            "channel": "sms",
            "to": message.to.as_str().trim_start_matches('+'),
            "from": self.from,
            "text": message.text,
        });
        if message.id.len() <= LONGEST_REFERENCE {
            body["client_ref"] = json!(message.id);
        }
        if let Some(receipts) = &self.receipts {
            body["webhook_url"] = json!(receipts.as_str());
            body["webhook_version"] = json!("v1");
        }
        let answer = http::call(self.request(&message.id, now)?.timeout(limit).json(&body)).await?;
        match answer.status() {
            StatusCode::ACCEPTED | StatusCode::OK => {
                let answer = serde_json::from_slice(&http::capped_body(answer).await).ok();
                Ok(Accepted::referred_to(answer.map(|Answer { message_uuid }| message_uuid)))
            }
            _ => Err(fault_of(answer).await),
        }
    }

    /// An empty message, which cannot be sent: Vonage looks at the credentials
    /// first and answers 422 to those that are right.
    pub(crate) async fn check(&self, now: Timestamp) -> Result<(), DeliveryFault> {
        let answer = http::call(self.request("check", now)?.json(&json!({}))).await?;
        match answer.status() {
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => Ok(()),
            _ => Err(fault_of(answer).await),
        }
    }

    fn request(&self, id: &str, now: Timestamp) -> Result<RequestBuilder, DeliveryFault> {
        let token = self.token(id, now).ok_or(DeliveryFault::Unsendable)?;
        Ok(self.client.post(self.messages.clone()).bearer_auth(token))
    }

    fn token(&self, id: &str, now: Timestamp) -> Option<String> {
        let seconds = now.seconds();
        let claims = json!({
            "application_id": self.application_id,
            "iat": seconds,
            "exp": seconds + TOKEN_LIFE,
            "jti": format!("{id}.{}", now.milliseconds()),
        });
        let header = URL_SAFE_NO_PAD.encode(br#"{"alg":"RS256","typ":"JWT"}"#);
        let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self.key.sign(signed.as_bytes())?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// Of the answer only the number is kept, the last part of the error's address:
/// `…/api-errors/messages#1240`.
async fn fault_of(answer: Response) -> DeliveryFault {
    let status = answer.status().as_u16();
    let refusal = serde_json::from_slice(&http::capped_body(answer).await).ok();
    let code = refusal.and_then(|Refusal { r#type }| r#type.rsplit_once('#')?.1.parse().ok());
    match code {
        Some(1_240) => DeliveryFault::InvalidNumber,
        Some(_) | None => DeliveryFault::of_http(status, code),
    }
}
