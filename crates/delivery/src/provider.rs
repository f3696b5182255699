//! One provider of text messages, under the operator's name for it.

use crate::{
    Accepted, Bird, CALL_LIMIT, ConfigurationFault, DeliveryFault, Health, Inbox, SignedWebhook, Smpp, Sns,
    TextMessage, Twilio, Vonage, breaker::Breaker, figures, traces,
};
use domain::{Timestamp, phone::Country};
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// What SMPP ends earlier by itself: it knows whether the message was sent.
const MARGIN: Duration = Duration::from_millis(50);

/// Clones share the circuit breaker and what was learnt.
#[derive(Clone)]
pub struct Provider {
    name: String,
    /// Empty for all.
    countries: Vec<Country>,
    carrier: Carrier,
    condition: Arc<Mutex<Condition>>,
}

/// How a provider is spoken to.
#[derive(Debug, Clone)]
pub enum Carrier {
    Inbox(Inbox),
    Webhook(SignedWebhook),
    Twilio(Twilio),
    Vonage(Vonage),
    Sns(Sns),
    Bird(Bird),
    Smpp(Smpp),
}

#[derive(Default)]
struct Condition {
    breaker: Breaker,
    health: Health,
}

impl Provider {
    /// `name` stands in the ledger and in the URL of receipts: 1 to 32 of `a-z`,
    /// `0-9` and `-`. No countries are all countries.
    ///
    /// # Errors
    /// `ProviderName`.
    pub fn new(name: &str, countries: Vec<Country>, carrier: Carrier) -> Result<Self, ConfigurationFault> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if !(1..=32).contains(&name.len()) || !name.bytes().all(plain) {
            return Err(ConfigurationFault::ProviderName);
        }
        Ok(Self { name: name.to_owned(), countries, carrier, condition: Arc::default() })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn carrier(&self) -> &Carrier {
        &self.carrier
    }

    /// Whether the operator lets it send there; to numbers of no country only
    /// who may send everywhere.
    pub fn serves(&self, country: Option<Country>) -> bool {
        self.countries.is_empty() || country.is_some_and(|it| self.countries.contains(&it))
    }

    /// Hands the message over, once: a retry is the caller's decision. Takes
    /// `limit` at most, and never longer than [`CALL_LIMIT`]. The outcome moves
    /// the circuit breaker.
    ///
    /// # Errors
    /// The provider's refusal, or why there was no answer. After a fault that
    /// `is_ambiguous` the message may still arrive.
    pub async fn send(
        &self,
        message: &TextMessage,
        now: Timestamp,
        limit: Duration,
    ) -> Result<Accepted, DeliveryFault> {
        self.condition().breaker.begin(now);
        let (limit, since) = (limit.min(CALL_LIMIT), Instant::now());
        let call = traces::Call::begin("sms", &self.name);
        let sent = match tokio::time::timeout(limit, self.hand_over(message, now, limit)).await {
            Ok(sent) => sent,
            Err(_elapsed) => Err(DeliveryFault::TimedOut),
        };
        call.ended(&sent);
        figures::attempted("sms", &self.name, &sent, since.elapsed());
        self.note(&sent, now);
        sent.inspect_err(|fault| {
            let (id, to) = (&message.id, message.to.masked());
            tracing::warn!(id, to, provider = self.name, %fault, "text message not sent");
        })
    }

    /// Tries address and credentials, and sends nothing. Takes [`CALL_LIMIT`] at most.
    ///
    /// # Errors
    /// The provider's refusal, or why there was no answer.
    pub async fn check(&self, now: Timestamp) -> Result<(), DeliveryFault> {
        let checked = tokio::time::timeout(CALL_LIMIT, async {
            match &self.carrier {
                Carrier::Inbox(inbox) if inbox.is_down() => Err(DeliveryFault::Down),
                Carrier::Inbox(_) => Ok(()),
                Carrier::Webhook(webhook) => webhook.check(now).await,
                Carrier::Twilio(twilio) => twilio.check().await,
                Carrier::Vonage(vonage) => vonage.check(now).await,
                Carrier::Sns(sns) => sns.check(now).await,
                Carrier::Bird(bird) => bird.check().await,
                Carrier::Smpp(smpp) => smpp.check().await,
            }
        });
        checked.await.unwrap_or(Err(DeliveryFault::TimedOut))
    }

    /// What the receipts on all nodes say. It moves the provider in the order,
    /// and decides nothing else.
    pub fn learn(&self, health: Health) {
        self.condition().health = health;
    }

    /// Whether it keeps its place in the operator's order.
    pub(crate) fn is_well(&self, now: Timestamp) -> bool {
        let condition = self.condition();
        condition.breaker.admits(now) && !condition.health.is_bad()
    }

    async fn hand_over(
        &self,
        message: &TextMessage,
        now: Timestamp,
        limit: Duration,
    ) -> Result<Accepted, DeliveryFault> {
        match &self.carrier {
            Carrier::Inbox(inbox) => inbox.put_text(message, now).await,
            Carrier::Webhook(webhook) => webhook.send(message, now, limit).await,
            Carrier::Twilio(twilio) => twilio.send(message, limit).await,
            Carrier::Vonage(vonage) => vonage.send(message, now, limit).await,
            Carrier::Sns(sns) => sns.send(message, now, limit).await,
            Carrier::Bird(bird) => bird.send(message, limit).await,
            Carrier::Smpp(smpp) => smpp.send(message, limit.saturating_sub(MARGIN)).await,
        }
    }

    /// A verdict on the recipient says nothing against the provider.
    fn note(&self, sent: &Result<Accepted, DeliveryFault>, now: Timestamp) {
        let breaker = &mut self.condition().breaker;
        match sent {
            Ok(_) => breaker.succeed(),
            Err(fault) if fault.is_final() => breaker.succeed(),
            Err(_) => breaker.fail(now),
        }
    }

    fn condition(&self) -> MutexGuard<'_, Condition> {
        self.condition.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("name", &self.name)
            .field("carrier", &self.carrier)
            .finish_non_exhaustive()
    }
}
