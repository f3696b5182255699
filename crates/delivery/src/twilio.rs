//! Text messages through Twilio, or a service that speaks its Messages API.

use crate::{
    accepted::Accepted,
    fault::{ConfigurationFault, DeliveryFault},
    http,
    message::TextMessage,
};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::time::Duration;

const BASE_URL: &str = "https://api.twilio.com";

pub struct TwilioConfig {
    pub account_sid: String,
    pub auth_token: SecretString,
    /// A number, a sender id, or the SID of a messaging service (`MG…`).
    pub from: String,
    /// None for Twilio itself. https, or http on a loopback host.
    pub base_url: Option<String>,
    /// Where receipts go to; none for the messaging service's own setting.
    pub receipts: Option<Url>,
}

#[derive(Debug, Clone)]
pub struct Twilio {
    client: Client,
    account: Url,
    messages: Url,
    account_sid: String,
    pub(crate) auth_token: SecretString,
    from: String,
    receipts: Option<Url>,
}

#[derive(Deserialize)]
struct Answer {
    sid: String,
    num_segments: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    code: u32,
}

impl Twilio {
    /// # Errors
    /// What of the configuration is impossible.
    pub fn new(config: TwilioConfig) -> Result<Self, ConfigurationFault> {
        refuse_impossible(&config)?;
        let TwilioConfig { account_sid, auth_token, from, base_url, receipts } = config;
        let base = base_url.as_deref().unwrap_or(BASE_URL).trim_end_matches('/');
        let account = format!("{base}/2010-04-01/Accounts/{account_sid}");
        let messages = http::endpoint(&format!("{account}/Messages.json"))?;
        Ok(Self {
            client: http::client(&messages)?,
            account: http::endpoint(&format!("{account}.json"))?,
            messages,
            account_sid,
            auth_token,
            from,
            receipts,
        })
    }

    pub(crate) async fn send(
        &self,
        message: &TextMessage,
        limit: Duration,
    ) -> Result<Accepted, DeliveryFault> {
        let answer = http::call(self.request(message).timeout(limit)).await?;
        match answer.status() {
            StatusCode::CREATED | StatusCode::OK => Ok(accepted(&http::capped_body(answer).await)),
            _ => Err(fault_of(answer).await),
        }
    }

    /// Looks the account up.
    pub(crate) async fn check(&self) -> Result<(), DeliveryFault> {
        let answer = http::call(self.authorized(self.client.get(self.account.clone()))).await?;
        if answer.status().is_success() { Ok(()) } else { Err(fault_of(answer).await) }
    }

    fn request(&self, message: &TextMessage) -> RequestBuilder {
        let sender = if self.from.starts_with("MG") { "MessagingServiceSid" } else { "From" };
        let mut form = vec![("To", message.to.as_str()), (sender, &self.from), ("Body", &message.text)];
        if let Some(receipts) = &self.receipts {
            form.push(("StatusCallback", receipts.as_str()));
        }
        self.authorized(self.client.post(self.messages.clone())).form(&form)
    }

    fn authorized(&self, request: RequestBuilder) -> RequestBuilder {
        request.basic_auth(&self.account_sid, Some(self.auth_token.expose_secret()))
    }
}

fn refuse_impossible(config: &TwilioConfig) -> Result<(), ConfigurationFault> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if config.account_sid.is_empty() || !config.account_sid.bytes().all(plain) {
        return Err(ConfigurationFault::TwilioAccountSid);
    }
    if config.auth_token.expose_secret().is_empty() {
        return Err(ConfigurationFault::TwilioAuthToken);
    }
    if config.from.trim().is_empty() {
        return Err(ConfigurationFault::TwilioFrom);
    }
    Ok(())
}

/// An answer that cannot be read is one without a reference: the message is sent.
fn accepted(body: &[u8]) -> Accepted {
    let Ok(answer) = serde_json::from_slice::<Answer>(body) else {
        return Accepted::default();
    };
    let segments = answer.num_segments.and_then(|count| count.parse().ok()).filter(|&count| count > 0);
    Accepted { segments, ..Accepted::referred_to(Some(answer.sid)) }
}

/// Of Twilio's answer only the number is kept: its message repeats the recipient's.
async fn fault_of(answer: Response) -> DeliveryFault {
    let status = answer.status().as_u16();
    let body = http::capped_body(answer).await;
    let code = serde_json::from_slice(&body).ok().map(|Refusal { code }| code);
    match code {
        Some(21_610) => DeliveryFault::Unsubscribed,
        Some(21_211 | 21_614) => DeliveryFault::InvalidNumber,
        Some(_) | None => DeliveryFault::of_http(status, code),
    }
}
