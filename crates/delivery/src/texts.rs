//! The way text messages take.

use crate::{DeliveryFault, Inbox, SignedWebhook, TextMessage, Twilio};
use domain::Timestamp;

/// One provider of text messages.
#[derive(Debug, Clone)]
pub enum Texts {
    Inbox(Inbox),
    Webhook(SignedWebhook),
    Twilio(Twilio),
    /// No provider is configured: every message is refused.
    Nowhere,
}

impl Texts {
    /// Hands the message over, once: a retry is the caller's decision. Takes
    /// [`CALL_LIMIT`](crate::CALL_LIMIT) at most.
    ///
    /// # Errors
    /// The provider's refusal, or why there was no answer. After `TimedOut` the
    /// message may still arrive.
    pub async fn send(&self, message: &TextMessage, now: Timestamp) -> Result<(), DeliveryFault> {
        let sent = match self {
            Self::Inbox(inbox) => inbox.put_text(message, now),
            Self::Webhook(webhook) => webhook.send(message, now).await,
            Self::Twilio(twilio) => twilio.send(message).await,
            Self::Nowhere => Err(DeliveryFault::NoProvider),
        };
        sent.inspect_err(|fault| {
            tracing::warn!(id = message.id, to = message.to.masked(), %fault, "text message not sent");
        })
    }
}
