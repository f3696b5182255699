//! How texts and mails leave, as it is written.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::PathBuf};

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sms {
    pub prices_file: Option<PathBuf>,
    pub order: BTreeMap<String, Vec<String>>,
    pub providers: Vec<SmsProvider>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum SmsProvider {
    Webhook(WebhookSection),
    Twilio(TwilioSection),
    Vonage(VonageSection),
    Sns(SnsSection),
    Bird(BirdSection),
    Smpp(SmppSection),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSection {
    pub name: String,
    #[serde(default)]
    pub countries: Vec<String>,
    pub url: String,
    pub secret_file: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwilioSection {
    pub name: String,
    #[serde(default)]
    pub countries: Vec<String>,
    pub account_sid: String,
    pub auth_token_file: PathBuf,
    pub from: String,
    pub base_url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VonageSection {
    pub name: String,
    #[serde(default)]
    pub countries: Vec<String>,
    pub application_id: String,
    pub private_key_file: PathBuf,
    pub from: String,
    pub signature_secret_file: Option<PathBuf>,
    pub base_url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnsSection {
    pub name: String,
    #[serde(default)]
    pub countries: Vec<String>,
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key_file: PathBuf,
    pub sender_id: Option<String>,
    pub receipts_topic: Option<String>,
    pub base_url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BirdSection {
    pub name: String,
    #[serde(default)]
    pub countries: Vec<String>,
    pub access_key_file: PathBuf,
    pub workspace: String,
    pub channel: String,
    pub signing_key_file: Option<PathBuf>,
    pub base_url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmppSection {
    pub name: String,
    #[serde(default)]
    pub countries: Vec<String>,
    pub host: String,
    pub port: u16,
    #[serde(default = "yes")]
    pub tls: bool,
    pub ca_file: Option<PathBuf>,
    pub system_id: String,
    pub password_file: PathBuf,
    #[serde(default)]
    pub system_type: String,
    pub sender: String,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    pub provider: MailProvider,
    pub smtp: Option<SmtpSection>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailProvider {
    #[default]
    None,
    Smtp,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSection {
    pub host: String,
    pub port: u16,
    pub security: SmtpSecurity,
    pub ca_file: Option<PathBuf>,
    pub username: Option<String>,
    pub password_file: Option<PathBuf>,
    #[serde(default)]
    pub from_name: String,
    pub from_address: String,
    #[serde(default)]
    pub dkim: Vec<DkimSection>,
    pub receipts: Option<MailReceiptsSection>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DkimSection {
    pub domain: String,
    pub selector: String,
    pub private_key_file: PathBuf,
}

/// One of the two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailReceiptsSection {
    pub secret_file: Option<PathBuf>,
    pub ses_topic: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpSecurity {
    Tls,
    Starttls,
    None,
}
