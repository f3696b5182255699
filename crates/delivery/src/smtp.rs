//! E-mail through the operator's SMTP server.

mod session;

use crate::{
    accepted::Accepted,
    breaker::Breaker,
    dkim::{Dkim, DkimConfig},
    fault::{ConfigurationFault, DeliveryFault},
    letter,
    message::Mail,
    network::{CALL_LIMIT, is_loopback},
    sns::notification::Topic,
    standard_webhooks::SigningSecret,
};
use domain::{Timestamp, email::EmailAddress};
use lettre::{
    message::Mailbox,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, CertificateStore, TlsParameters},
    },
};
use secrecy::{ExposeSecret, SecretString};
use session::Session;
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time;

pub struct SmtpConfig {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub credentials: Option<SmtpCredentials>,
    /// The name recipients see; empty for none.
    pub from_name: String,
    /// Its domain is also the right part of the Message-ID and the name given in EHLO.
    pub from_address: EmailAddress,
    /// PEM of the only certificates to trust; none for the usual ones.
    pub trusted: Option<String>,
    /// A signature each.
    pub dkim: Vec<DkimConfig>,
}

/// How bounces and complaints are known to be true.
#[derive(Debug, Clone)]
pub enum MailReceipts {
    /// Signed per Standard Webhooks.
    Webhook(Standard),
    /// Published by SES to a topic of SNS.
    Ses(Topic),
}

/// The secret of a signer per Standard Webhooks.
#[derive(Debug, Clone)]
pub struct Standard(pub(crate) SigningSecret);

impl MailReceipts {
    /// # Errors
    /// `WebhookSecret`.
    pub fn webhook(secret: &SecretString) -> Result<Self, ConfigurationFault> {
        SigningSecret::parse(secret.expose_secret()).map(|it| Self::Webhook(Standard(it)))
    }

    /// # Errors
    /// `SnsTopic`.
    pub fn ses(topic: &str) -> Result<Self, ConfigurationFault> {
        Topic::parse(topic).map(Self::Ses)
    }
}

pub struct SmtpCredentials {
    pub username: String,
    pub password: SecretString,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte, as on port 465.
    Tls,
    /// STARTTLS, as on port 587; a server without it gets nothing.
    StartTls,
    /// In the clear, for a loopback host only.
    None,
}

/// One connection for each mail. lettre's pool is not used: it takes back a
/// connection whose send was cut off by the time-out, and the late reply to the
/// old mail would then pass for the reply to the next. Clones share the circuit
/// breaker.
#[derive(Clone)]
pub struct Smtp {
    host: String,
    port: u16,
    security: Security,
    tls: TlsParameters,
    credentials: Option<Credentials>,
    from: Mailbox,
    dkim: Vec<Dkim>,
    pub(crate) receipts: Option<MailReceipts>,
    limit: Duration,
    breaker: Arc<Mutex<Breaker>>,
}

impl Smtp {
    pub(crate) fn sender_domain(&self) -> &str {
        self.from.email.domain()
    }

    /// # Errors
    /// What of the configuration is impossible.
    pub fn new(config: &SmtpConfig) -> Result<Self, ConfigurationFault> {
        let host = host(config)?;
        let sender = config.from_address.domain();
        let dkim = config.dkim.iter().map(|it| Dkim::new(it, sender)).collect::<Result<_, _>>()?;
        Ok(Self {
            tls: tls(&host, config.trusted.as_deref())?,
            host,
            port: config.port,
            security: config.security,
            credentials: config.credentials.as_ref().map(credentials).transpose()?,
            from: mailbox(&config.from_name, &config.from_address)?,
            dkim,
            receipts: None,
            limit: CALL_LIMIT,
            breaker: Arc::new(Mutex::new(Breaker::alone())),
        })
    }

    /// Where bounces and complaints come from; nowhere otherwise.
    #[must_use]
    pub fn with_receipts(self, receipts: MailReceipts) -> Self {
        Self { receipts: Some(receipts), ..self }
    }

    /// The keys that sign, for a look at their DNS records.
    pub fn dkim(&self) -> &[Dkim] {
        &self.dkim
    }

    /// Gives a call less time than [`CALL_LIMIT`]; never more.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { limit: limit.min(CALL_LIMIT), ..self }
    }

    pub(crate) fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) async fn send(&self, mail: &Mail, now: Timestamp) -> Result<Accepted, DeliveryFault> {
        let letter = letter::write(mail, &self.from, now)?;
        let mut bytes = letter.formatted();
        for dkim in &self.dkim {
            bytes = [dkim.sign(&bytes, now)?.as_bytes(), &bytes].concat();
        }
        let session = Session::default();
        match time::timeout(self.limit, session.hand_over(self, letter.envelope(), &bytes)).await {
            Ok(Ok(reference)) => Ok(Accepted::referred_to(reference.or_else(|| Some(mail.id.clone())))),
            Ok(Err(fault)) => Err(fault),
            Err(_elapsed) => Err(session.time_out()),
        }
    }

    /// Connects, with TLS and credentials as for a mail, and sends none.
    pub(crate) async fn check(&self) -> Result<(), DeliveryFault> {
        let session = Session::default();
        time::timeout(self.limit, session.check(self)).await.unwrap_or(Err(DeliveryFault::Unreachable))
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .finish_non_exhaustive()
    }
}

fn host(config: &SmtpConfig) -> Result<String, ConfigurationFault> {
    let host = config.host.trim_start_matches('[').trim_end_matches(']');
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-.:".contains(&b);
    if host.is_empty() || !host.bytes().all(plain) || config.port == 0 {
        return Err(ConfigurationFault::SmtpHost);
    }
    if config.security == Security::None && !is_loopback(host) {
        return Err(ConfigurationFault::SmtpWithoutTls);
    }
    Ok(host.to_owned())
}

fn credentials(given: &SmtpCredentials) -> Result<Credentials, ConfigurationFault> {
    let password = given.password.expose_secret();
    if given.username.is_empty() || password.is_empty() {
        return Err(ConfigurationFault::SmtpCredentials);
    }
    Ok(Credentials::new(given.username.clone(), password.to_owned()))
}

fn mailbox(name: &str, address: &EmailAddress) -> Result<Mailbox, ConfigurationFault> {
    if name.chars().any(char::is_control) {
        return Err(ConfigurationFault::SmtpFrom);
    }
    let name = Some(name.trim()).filter(|name| !name.is_empty()).map(str::to_owned);
    let address = address.as_str().parse().map_err(|_| ConfigurationFault::SmtpFrom)?;
    Ok(Mailbox::new(name, address))
}

fn tls(host: &str, trusted: Option<&str>) -> Result<TlsParameters, ConfigurationFault> {
    let Some(pem) = trusted else {
        return TlsParameters::new(host.to_owned()).map_err(|_| ConfigurationFault::Tls);
    };
    if !pem.contains("-----BEGIN CERTIFICATE-----") {
        return Err(ConfigurationFault::Certificates);
    }
    let certificates = Certificate::from_pem(pem.as_bytes()).map_err(|_| ConfigurationFault::Certificates)?;
    TlsParameters::builder(host.to_owned())
        .certificate_store(CertificateStore::None)
        .add_root_certificate(certificates)
        .build()
        .map_err(|_| ConfigurationFault::Certificates)
}
