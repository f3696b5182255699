//! What only `vestibule dev` answers: its mailbox and its movable clock.

use crate::{
    api::{Client, Unanswered, text},
    authenticator::STEP_SECONDS,
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::time::sleep;

const PATIENCE: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// The server's time, as told once and gone on since.
pub struct Clock {
    told: u64,
    at: Instant,
}

impl Clock {
    pub async fn read(client: &mut Client) -> Result<Self, Unanswered> {
        let at = Instant::now();
        let now = text(&client.get("/dev/clock").await?, "/now")?;
        let told = OffsetDateTime::parse(&now, &Rfc3339)
            .ok()
            .and_then(|now| u64::try_from(now.unix_timestamp()).ok())
            .ok_or_else(|| Unanswered::Missing(format!("`{now}` is no time")))?;
        Ok(Self { told, at })
    }

    /// Moves on by more than a step, so that every authenticator shows a new code.
    pub async fn next_step(client: &mut Client) -> Result<Self, Unanswered> {
        client.post("/dev/clock", &json!({ "advance": "31s" })).await?;
        Self::read(client).await
    }

    /// The step that authenticators show.
    pub fn step(&self) -> u64 {
        (self.told + self.at.elapsed().as_secs()) / STEP_SECONDS
    }
}

/// Moves the server's clock on.
pub async fn advance(client: &mut Client, by: &str) -> Result<(), Unanswered> {
    client.post("/dev/clock", &json!({ "advance": by })).await.map(drop)
}

/// Sets how the provider behaves.
pub async fn provider(client: &mut Client, how: Value) -> Result<(), Unanswered> {
    client.post("/dev/provider", &how).await.map(drop)
}

/// Lets the provider of texts answer nobody, or everybody again.
pub async fn silence(client: &mut Client, silent: bool) -> Result<(), Unanswered> {
    provider(client, json!({ "silent": silent })).await
}

/// The newest link mailed to this address, once it is another than the one known.
pub async fn link_after(client: &mut Client, known: &str, address: &str) -> Result<String, Unanswered> {
    let path = format!("/dev/messages?to={address}&wait=10");
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        let messages = client.get(&path).await?;
        if let Some(link) = newest_link(&messages).filter(|link| *link != known) {
            return Ok(link.to_owned());
        }
        sleep(LOOK_EVERY).await;
    }
    Err(Unanswered::Missing(format!("no link was mailed to {address} within {} s", PATIENCE.as_secs())))
}

fn newest_link(messages: &Value) -> Option<&str> {
    messages.as_array()?.iter().rev().find_map(|message| message["link"].as_str())
}
