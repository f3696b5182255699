//! The way e-mail takes.

use crate::{Accepted, DeliveryFault, Inbox, Mail, Smtp, figures, traces};
use domain::Timestamp;
use std::time::Instant;

/// One provider of e-mail.
#[derive(Debug, Clone)]
pub enum Mailer {
    Inbox(Inbox),
    Smtp(Box<Smtp>),
    /// No provider is configured: every mail is refused.
    Nowhere,
}

impl Mailer {
    /// Stands in the ledger, and in the URL of receipts.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Inbox(_) => "inbox",
            Self::Smtp(_) => "smtp",
            Self::Nowhere => "none",
        }
    }

    /// Whether a mail should leave now. While the server does not answer, one
    /// mail at a time is let go to find out; the others wait where they are.
    pub fn admits(&self, now: Timestamp) -> bool {
        match self {
            Self::Inbox(_) | Self::Nowhere => true,
            Self::Smtp(smtp) => smtp.breaker().admits(now),
        }
    }

    /// The same for a mail that leaves at once if it may: nobody else is let go
    /// to find out then, before it is known what became of it.
    pub fn admit(&self, now: Timestamp) -> bool {
        match self {
            Self::Inbox(_) | Self::Nowhere => true,
            Self::Smtp(smtp) => smtp.breaker().admit(now),
        }
    }

    /// The domain that mails come from; none where nothing is mailed.
    pub fn sender_domain(&self) -> Option<String> {
        match self {
            Self::Smtp(smtp) => Some(smtp.sender_domain().to_owned()),
            Self::Inbox(_) | Self::Nowhere => None,
        }
    }

    /// Hands the mail over, once: a retry is the caller's decision. Takes
    /// [`CALL_LIMIT`](crate::CALL_LIMIT) at most.
    ///
    /// # Errors
    /// The server's refusal, or why there was no answer. After a fault that
    /// `is_ambiguous` the mail may still arrive.
    pub async fn send(&self, mail: &Mail, now: Timestamp) -> Result<Accepted, DeliveryFault> {
        let since = Instant::now();
        let call = traces::Call::begin("email", self.name());
        let sent = match self {
            Self::Inbox(inbox) => inbox.put_mail(mail, now),
            Self::Smtp(smtp) => smtp.send(mail, now).await,
            Self::Nowhere => Err(DeliveryFault::NoProvider),
        };
        call.ended(&sent);
        figures::attempted("email", self.name(), &sent, since.elapsed());
        self.note(&sent, now, since);
        sent.inspect_err(|fault| tracing::warn!(id = mail.id, %fault, "mail not sent"))
    }

    /// A server that answers works, whatever it says of the mail.
    fn note(&self, sent: &Result<Accepted, DeliveryFault>, began_at: Timestamp, since: Instant) {
        let Self::Smtp(smtp) = self else { return };
        let passed = i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX);
        match sent {
            Err(DeliveryFault::Unreachable | DeliveryFault::TimedOut | DeliveryFault::BrokenOff) => {
                smtp.breaker().fail(began_at.plus(domain::time::Span::milliseconds(passed)));
            }
            Ok(_) | Err(_) => smtp.breaker().succeed(),
        }
    }

    /// Tries server and credentials, and sends nothing.
    ///
    /// # Errors
    /// The server's refusal, or why there was no answer.
    pub async fn check(&self) -> Result<(), DeliveryFault> {
        match self {
            Self::Inbox(inbox) if inbox.is_down() => Err(DeliveryFault::Down),
            Self::Inbox(_) => Ok(()),
            Self::Smtp(smtp) => smtp.check().await,
            Self::Nowhere => Err(DeliveryFault::NoProvider),
        }
    }
}
