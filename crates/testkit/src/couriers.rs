//! Providers of texts on this machine that misbehave, and the delivery ledger.

use crate::{Backend, PROJECT_ID, TestApp};
use delivery::{Carrier, Provider, SignedWebhook, Texts, WebhookConfig};
use domain::{id::ProjectId, messages::Channel};
use flows::sending::outbox::{self, Departed};
use store::messages::{self, Attempt, Filter, Message, Page};

/// A provider of this name that speaks to whoever listens at a URL.
fn provider(name: &str, url: &str) -> Provider {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into();
    let webhook = SignedWebhook::new(&WebhookConfig { url: url.to_owned(), secret }).expect("a gateway");
    Provider::new(name, Vec::new(), Carrier::Webhook(webhook)).expect("a provider")
}

/// Providers `a`, `b` and so on, tried in this order.
pub fn gateways(urls: &[&str]) -> Texts {
    let named = ["a", "b", "c"].iter().zip(urls).map(|(name, url)| provider(name, url));
    Texts::new(named.collect()).expect("names that differ")
}

impl Backend {
    /// The codes in the texts that it got as a gateway, with the ids of their messages.
    pub fn texted(&self) -> Vec<(String, String)> {
        let text = |body: &serde_json::Value, field: &str| body[field].as_str().expect("text").to_owned();
        let of = |it: &crate::Received| (text(&it.body, "id"), code_in(&text(&it.body, "text")));
        self.received().iter().map(of).collect()
    }
}

fn code_in(text: &str) -> String {
    let runs = text.split(|it: char| !it.is_ascii_digit());
    runs.filter(|it| it.len() == 6).map(str::to_owned).next().expect("six digits")
}

impl TestApp {
    /// One turn of this node's outbox, to the end of every hand-over; how many
    /// messages were looked after.
    pub async fn outbox_turn(&self) -> u64 {
        let mut count = outbox::expire(&self.api.app, (self.api.clock)()).await.expect("no fault");
        for &channel in Channel::ALL {
            let departed = self.departures(channel).await;
            count += u64::try_from(departed.count).expect("few");
            for round in departed.rounds {
                round.await.expect("no panic");
            }
        }
        count
    }

    /// What the worker of a channel does at a time; nobody waits for providers.
    pub async fn departures(&self, channel: Channel) -> Departed {
        let couriers = self.api.app.couriers.some(channel).await;
        let (clock, luck) = (|| (self.api.clock)(), || (self.api.entropy)());
        outbox::depart(&self.api.app, (channel, couriers), clock, luck).await.expect("no fault")
    }

    /// The messages of the project, oldest first.
    pub async fn ledger(&self) -> Vec<Message> {
        let (project, page) = (project(), Page { before: None, limit: 1000 });
        let mut conn = self.api.app.db.read().await.expect("a connection");
        let mut found =
            messages::list(&mut conn, &project, &Filter::default(), &page).await.expect("no fault");
        found.reverse();
        found
    }

    /// The attempts to hand a message over, in order.
    pub async fn attempts(&self, message: &Message) -> Vec<Attempt> {
        let mut conn = self.api.app.db.read().await.expect("a connection");
        messages::of_message(&mut conn, &project(), &message.message_id).await.expect("no fault")
    }
}

fn project() -> ProjectId {
    PROJECT_ID.parse().expect("a project id")
}
