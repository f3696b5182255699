//! One conversation with an SMTP server, and what its failure means at each point.

use super::{Security, Smtp};
use crate::{
    accepted::is_reference,
    fault::DeliveryFault,
    network::{CALL_LIMIT, CONNECT_LIMIT},
};
use lettre::{
    address::Envelope,
    transport::smtp::{
        Error,
        authentication::DEFAULT_MECHANISMS,
        client::AsyncSmtpConnection,
        commands::{Data, Mail, Noop, Rcpt},
        extension::{ClientId, Extension, MailParameter},
        response::Response,
    },
};
use std::{
    error::Error as _,
    sync::atomic::{AtomicBool, Ordering},
};
use tokio::time;

/// Knows whether the server may have the mail.
#[derive(Default)]
pub struct Session {
    written: AtomicBool,
}

impl Session {
    /// The server's id of the mail, if it names one as Amazon does.
    pub async fn hand_over(
        &self,
        smtp: &Smtp,
        envelope: &Envelope,
        letter: &[u8],
    ) -> Result<Option<String>, DeliveryFault> {
        let mut connection = self.connect(smtp).await?;
        let options = options(&connection, envelope)?;
        let sender = Mail::new(envelope.from().cloned(), options);
        connection.command(sender).await.map_err(|it| self.fault(&it))?;
        for recipient in envelope.to() {
            let recipient = Rcpt::new(recipient.clone(), Vec::new());
            connection.command(recipient).await.map_err(|it| self.fault_of_recipient(&it))?;
        }
        connection.command(Data).await.map_err(|it| self.fault_of_mail(&it))?;
        self.written.store(true, Ordering::Relaxed);
        let accepted = connection.message(letter).await.map_err(|it| self.fault_of_mail(&it))?;
        // The mail is accepted; whether the goodbye is answered must not decide anything.
        tokio::spawn(async move { time::timeout(CALL_LIMIT, connection.abort()).await });
        Ok(reference(&accepted))
    }

    pub async fn check(&self, smtp: &Smtp) -> Result<(), DeliveryFault> {
        let mut connection = self.connect(smtp).await?;
        connection.command(Noop).await.map_err(|it| self.fault(&it))?;
        connection.abort().await;
        Ok(())
    }

    /// What it means that the time is up.
    pub fn time_out(&self) -> DeliveryFault {
        if self.written.load(Ordering::Relaxed) {
            DeliveryFault::TimedOut
        } else {
            DeliveryFault::Unreachable
        }
    }

    async fn connect(&self, smtp: &Smtp) -> Result<AsyncSmtpConnection, DeliveryFault> {
        let connected = async {
            let server = (smtp.host.as_str(), smtp.port);
            let hello = ClientId::Domain(smtp.from.email.domain().to_owned());
            let tls_at_once = (smtp.security == Security::Tls).then(|| smtp.tls.clone());
            let limit = Some(CONNECT_LIMIT);
            let mut connection =
                AsyncSmtpConnection::connect_tokio1(server, limit, &hello, tls_at_once, None).await?;
            if smtp.security == Security::StartTls {
                connection.starttls(smtp.tls.clone(), &hello).await?;
            }
            if let Some(credentials) = &smtp.credentials {
                connection.auth(DEFAULT_MECHANISMS, credentials).await?;
            }
            Ok(connection)
        };
        connected.await.map_err(|error: Error| self.fault(&error))
    }

    /// Not logged further than a number: the server's words may repeat the recipient's address.
    fn fault(&self, error: &Error) -> DeliveryFault {
        if let Some(code) = error.status() {
            return DeliveryFault::Refused { status: code.into(), code: None };
        }
        tracing::debug!(timeout = error.is_timeout(), tls = error.is_tls(), "no answer from the SMTP server");
        match self.written.load(Ordering::Relaxed) {
            true if error.is_timeout() => DeliveryFault::TimedOut,
            true => DeliveryFault::BrokenOff,
            false => DeliveryFault::Unreachable,
        }
    }

    /// Once there is a recipient, 5yz is about this mail: to be asked again would
    /// change nothing (RFC 5321, 4.2.1). Before, it is about us.
    fn fault_of_mail(&self, error: &Error) -> DeliveryFault {
        match error.status().map(u16::from) {
            Some(status @ 500..=599) => DeliveryFault::Rejected { status, code: None },
            _ => self.fault(error),
        }
    }

    /// A verdict on the mailbox is told from one on us (5.7: relaying,
    /// reputation, authentication).
    fn fault_of_recipient(&self, error: &Error) -> DeliveryFault {
        let said = error.source().map(ToString::to_string).unwrap_or_default();
        match error.status().map(u16::from) {
            Some(550 | 551 | 553 | 556) if !said.contains("5.7.") => DeliveryFault::InvalidMailbox,
            _ => self.fault_of_mail(error),
        }
    }
}

/// An address beyond ASCII needs a server that knows them.
fn options(
    connection: &AsyncSmtpConnection,
    envelope: &Envelope,
) -> Result<Vec<MailParameter>, DeliveryFault> {
    let foreign = |it: &lettre::Address| !it.to_string().is_ascii();
    if !envelope.to().iter().chain(envelope.from()).any(foreign) {
        return Ok(Vec::new());
    }
    if connection.server_info().supports_feature(Extension::SmtpUtfEight) {
        Ok(vec![MailParameter::SmtpUtfEight])
    } else {
        Err(DeliveryFault::Unsendable)
    }
}

/// `250 Ok 0100018e…`, as SES says it. Other servers name queue ids in ways of
/// their own, by which nobody bounces.
fn reference(accepted: &Response) -> Option<String> {
    let id = accepted.first_line()?.strip_prefix("Ok ")?;
    is_reference(id).then(|| id.to_owned())
}
