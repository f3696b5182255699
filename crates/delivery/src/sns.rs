//! Text messages through Amazon SNS.

pub(crate) mod notification;
mod sigv4;

use crate::{Accepted, ConfigurationFault, DeliveryFault, TextMessage, http};
use domain::Timestamp;
use reqwest::{Client, RequestBuilder, Response, Url};
use secrecy::SecretString;
use sigv4::Signer;
use std::time::Duration;
use url::form_urlencoded;

pub struct SnsConfig {
    /// Such as `eu-central-1`.
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: SecretString,
    /// 1 to 11 letters and digits; none for the account's number or shared code.
    pub sender_id: Option<String>,
    /// The topic that delivery events are published to. None: receipts are refused.
    pub receipts_topic: Option<String>,
    /// None for Amazon itself. https, or http on a loopback host.
    pub base_url: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Sns {
    client: Client,
    endpoint: Url,
    signer: Signer,
    sender_id: Option<String>,
    pub(crate) receipts_topic: Option<notification::Topic>,
}

impl Sns {
    /// # Errors
    /// What of the configuration is impossible.
    pub fn new(config: SnsConfig) -> Result<Self, ConfigurationFault> {
        let region = config.region;
        if !notification::is_region(&region) {
            return Err(ConfigurationFault::SnsRegion);
        }
        let suffix = if region.starts_with("cn-") { ".cn" } else { "" };
        let amazon = format!("https://sns.{region}.amazonaws.com{suffix}/");
        let endpoint = http::endpoint(config.base_url.as_deref().unwrap_or(&amazon))?;
        let allowed =
            |id: &String| (1..=11).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric());
        if !config.sender_id.as_ref().is_none_or(allowed) {
            return Err(ConfigurationFault::Sender);
        }
        let secret = http::secret(config.secret_access_key)?;
        Ok(Self {
            client: http::client(&endpoint)?,
            endpoint,
            signer: Signer::new(config.access_key_id, secret, region, "sns")?,
            sender_id: config.sender_id,
            receipts_topic: config.receipts_topic.as_deref().map(notification::Topic::parse).transpose()?,
        })
    }

    pub(crate) async fn send(
        &self,
        message: &TextMessage,
        now: Timestamp,
        limit: Duration,
    ) -> Result<Accepted, DeliveryFault> {
        let answer = http::call(self.request(self.form(message), now).timeout(limit)).await?;
        if !answer.status().is_success() {
            return Err(fault_of(answer).await);
        }
        let body = http::capped_body(answer).await;
        Ok(Accepted::referred_to(element(&String::from_utf8_lossy(&body), "MessageId").map(str::to_owned)))
    }

    /// Reads the account's settings for texts.
    pub(crate) async fn check(&self, now: Timestamp) -> Result<(), DeliveryFault> {
        let form = "Action=GetSMSAttributes&Version=2010-03-31".to_owned();
        let answer = http::call(self.request(form, now)).await?;
        if answer.status().is_success() { Ok(()) } else { Err(fault_of(answer).await) }
    }

    fn form(&self, message: &TextMessage) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("Action", "Publish")
            .append_pair("Version", "2010-03-31")
            .append_pair("PhoneNumber", message.to.as_str())
            .append_pair("Message", &message.text);
        let kind = ("AWS.SNS.SMS.SMSType", "Transactional");
        let sender = self.sender_id.as_deref().map(|id| ("AWS.SNS.SMS.SenderID", id));
        for (number, (name, value)) in [Some(kind), sender].into_iter().flatten().enumerate() {
            let entry = format!("MessageAttributes.entry.{}", number + 1);
            form.append_pair(&format!("{entry}.Name"), name)
                .append_pair(&format!("{entry}.Value.DataType"), "String")
                .append_pair(&format!("{entry}.Value.StringValue"), value);
        }
        form.finish()
    }

    fn request(&self, form: String, now: Timestamp) -> RequestBuilder {
        const FORM: &str = "application/x-www-form-urlencoded";
        let signed = self.signer.sign_post(&self.endpoint, FORM, form.as_bytes(), now);
        self.client
            .post(self.endpoint.clone())
            .header("content-type", FORM)
            .header("x-amz-date", signed.date)
            .header("authorization", signed.authorization)
            .body(form)
    }
}

/// The words Amazon uses are looked for and not kept: they repeat the number.
async fn fault_of(answer: Response) -> DeliveryFault {
    let status = answer.status().as_u16();
    let body = http::capped_body(answer).await;
    let body = String::from_utf8_lossy(&body);
    let said = element(&body, "Message").unwrap_or_default();
    let throttled = element(&body, "Code").is_some_and(|it| it.starts_with("Throttl"));
    if said.contains("opted out") {
        DeliveryFault::Unsubscribed
    } else if said.contains("PhoneNumber Reason") {
        DeliveryFault::InvalidNumber
    } else if throttled || said.contains("Rate exceeded") {
        DeliveryFault::Refused { status, code: None }
    } else {
        DeliveryFault::of_http(status, None)
    }
}

/// What stands in the first element of that name. Of Amazon's XML nothing else is needed.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text)
}
