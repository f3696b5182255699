//! E-mail through the operator's SMTP server.

use crate::{
    accepted::Accepted,
    fault::{ConfigurationFault, DeliveryFault},
    letter,
    message::Mail,
    network::{CALL_LIMIT, CONNECT_LIMIT, is_loopback},
};
use domain::{Timestamp, email::EmailAddress};
use lettre::{
    Message,
    message::Mailbox,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        extension::ClientId,
    },
};
use secrecy::{ExposeSecret, SecretString};
use std::{fmt, time::Duration};
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
/// old mail would then pass for the reply to the next.
#[derive(Clone)]
pub struct Smtp {
    host: String,
    port: u16,
    security: Security,
    tls: TlsParameters,
    credentials: Option<Credentials>,
    from: Mailbox,
    limit: Duration,
}

impl Smtp {
    /// # Errors
    /// What of the configuration is impossible.
    pub fn new(config: &SmtpConfig) -> Result<Self, ConfigurationFault> {
        let host = host(config)?;
        Ok(Self {
            tls: TlsParameters::new(host.clone()).map_err(|_| ConfigurationFault::Tls)?,
            host,
            port: config.port,
            security: config.security,
            credentials: config.credentials.as_ref().map(credentials).transpose()?,
            from: mailbox(&config.from_name, &config.from_address)?,
            limit: CALL_LIMIT,
        })
    }

    /// Gives a call less time than [`CALL_LIMIT`]; never more.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { limit: limit.min(CALL_LIMIT), ..self }
    }

    pub(crate) async fn send(&self, mail: &Mail, now: Timestamp) -> Result<Accepted, DeliveryFault> {
        let letter = letter::write(mail, &self.from, now)?;
        match time::timeout(self.limit, self.hand_over(&letter)).await {
            Ok(Ok(())) => Ok(Accepted::referred_to(Some(mail.id.clone()))),
            Ok(Err(error)) => Err(fault_of(&error)),
            Err(_elapsed) => Err(DeliveryFault::TimedOut),
        }
    }

    async fn hand_over(&self, letter: &Message) -> Result<(), Error> {
        let mut connection = self.connect().await?;
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        connection.send(letter.envelope(), &letter.formatted()).await?;
        // The mail is accepted; whether the goodbye is answered must not decide anything.
        tokio::spawn(async move { time::timeout(CALL_LIMIT, connection.abort()).await });
        Ok(())
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let server = (self.host.as_str(), self.port);
        let hello = ClientId::Domain(self.from.email.domain().to_owned());
        let tls_at_once = (self.security == Security::Tls).then(|| self.tls.clone());
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(CONNECT_LIMIT), &hello, tls_at_once, None)
                .await?;
        if self.security == Security::StartTls {
            connection.starttls(self.tls.clone(), &hello).await?;
        }
        Ok(connection)
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

fn fault_of(error: &Error) -> DeliveryFault {
    if let Some(code) = error.status() {
        // Not logged further: the server's words may repeat the recipient's address.
        return DeliveryFault::Refused { status: code.into(), code: None };
    }
    tracing::debug!(?error, "no answer from the SMTP server");
    if error.is_timeout() { DeliveryFault::TimedOut } else { DeliveryFault::Unreachable }
}
