//! The configuration as it is written. The commented file is its reference.

mod messages;

pub use messages::{
    BirdSection, DkimSection, Mail, MailProvider, MailReceiptsSection, SmppSection, Sms, SmsProvider,
    SmtpSection, SmtpSecurity, SnsSection, TwilioSection, VonageSection, WebhookSection,
};

use super::{
    limits::{Limits, Proxy},
    operations::{Operations, Shutdown},
    telemetry::Telemetry,
};
use crate::telemetry::LogFormat;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What `vestibule init` writes: every key with its default, explained.
pub const TEMPLATE: &str = include_str!("vestibule.toml");

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Raw {
    pub listen: String,
    pub public_url: String,
    pub behind_proxy: bool,
    pub database: String,
    pub server_key_file: PathBuf,
    pub organization_keys: OrganizationKeys,
    pub organization_keys_dir: Option<PathBuf>,
    pub sandbox: bool,
    pub tls: Option<Tls>,
    pub sms: Sms,
    pub mail: Mail,
    pub passwords: Passwords,
    pub breaches: Breaches,
    pub audit: Audit,
    pub webhooks: Webhooks,
    pub log: Log,
    pub proxy: Proxy,
    pub limits: Limits,
    pub operations: Operations,
    pub shutdown: Shutdown,
    pub telemetry: Telemetry,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Audit {
    pub heads_file: Option<PathBuf>,
    pub export: Option<AuditExport>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditExport {
    pub destination: String,
    #[serde(default = "usual_batch")]
    pub batch: usize,
    pub token_file: Option<PathBuf>,
    pub ca_file: Option<PathBuf>,
}

fn usual_batch() -> usize {
    500
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrganizationKeys {
    #[default]
    Auto,
    Folder,
    Database,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Passwords {
    pub memory_kib: u32,
    pub iterations: u32,
    pub lanes: u32,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Breaches {
    pub source: BreachSource,
    pub file: Option<PathBuf>,
    pub url: Option<String>,
    pub fail_open: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BreachSource {
    #[default]
    None,
    List,
    Range,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Webhooks {
    pub allow_private: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
}

impl Raw {
    /// As it may be shown. Most secrets are in files of their own, but a URL can hold one.
    pub fn without_secrets(&self) -> Self {
        let mut shown = self.clone();
        shown.database = without_password(&self.database);
        for provider in &mut shown.sms.providers {
            if let SmsProvider::Webhook(webhook) = provider {
                webhook.url = without_query(&webhook.url);
            }
        }
        if let Some(export) = &mut shown.audit.export {
            export.destination = without_query(&export.destination);
        }
        shown.breaches.url = self.breaches.url.as_deref().map(without_query);
        shown
    }
}

/// A PostgreSQL URL holds its password before the host or among the options.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://").filter(|(it, _)| it.starts_with("postgres")) else {
        return url.to_owned();
    };
    let (user, address) = match rest.split_once('@') {
        Some((who, address)) => (format!("{}@", who.split(':').next().unwrap_or_default()), address),
        None => (String::new(), rest),
    };
    let (address, options) = address.split_once('?').unwrap_or((address, ""));
    let kept: Vec<&str> =
        options.split('&').filter(|it| !it.is_empty() && !it.starts_with("password=")).collect();
    let options = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    format!("{scheme}://{user}{address}{options}")
}

fn without_query(url: &str) -> String {
    url.split_once('?').map_or_else(|| url.to_owned(), |(address, _)| format!("{address}?…"))
}

impl Default for Raw {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:7650".to_owned(),
            public_url: "http://localhost:7650".to_owned(),
            behind_proxy: false,
            database: "vestibule.db".to_owned(),
            server_key_file: PathBuf::from("server.key"),
            organization_keys: OrganizationKeys::Auto,
            organization_keys_dir: None,
            sandbox: false,
            tls: None,
            sms: Sms::default(),
            mail: Mail::default(),
            passwords: Passwords::default(),
            breaches: Breaches::default(),
            audit: Audit::default(),
            webhooks: Webhooks::default(),
            log: Log::default(),
            proxy: Proxy::default(),
            limits: Limits::default(),
            operations: Operations::default(),
            shutdown: Shutdown::default(),
            telemetry: Telemetry::default(),
        }
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self { memory_kib: 19_456, iterations: 2, lanes: 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_shown_without_its_password() {
        for (url, shown) in [
            (
                "postgres://ada:pw@host:5432/one?sslmode=require",
                "postgres://ada@host:5432/one?sslmode=require",
            ),
            ("postgresql://ada:p/w?x@host/one", "postgresql://ada@host/one"),
            ("postgres:///one?password=pw&user=ada", "postgres:///one?user=ada"),
            ("postgres://host/one?password=pw", "postgres://host/one"),
            ("data/a:b@c?d.db", "data/a:b@c?d.db"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }

    #[test]
    fn a_webhook_is_shown_without_the_token_of_its_query() {
        assert_eq!(without_query("https://sms.acme.com/hook?key=k3y"), "https://sms.acme.com/hook?…");
        assert_eq!(without_query("https://sms.acme.com/hook"), "https://sms.acme.com/hook");
    }
}
