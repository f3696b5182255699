//! `/dev/messages`: every text and mail; `/dev/provider`: how the provider behaves.

use super::{Dev, guard::Read};
use axum::{
    Json,
    extract::{Query, State},
};
use delivery::Message;
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Deserialize)]
pub struct Wanted {
    to: Option<String>,
    /// Seconds to wait for a first message, at most 60.
    wait: Option<u64>,
}

/// The messages to an address or number, or all of them, oldest first. Waits
/// for the first one if asked to.
pub async fn list(State(dev): State<Dev>, Query(wanted): Query<Wanted>) -> Json<Vec<Message>> {
    let at_most = Duration::from_secs(wanted.wait.unwrap_or(0).min(60));
    let to = wanted.to.map(|it| plus(&it));
    Json(dev.inbox.wait(to.as_deref(), at_most).await)
}

/// A `+` that was not percent-encoded arrives as a blank; nobody's number begins with one.
fn plus(to: &str) -> String {
    to.strip_prefix(' ').map_or_else(|| to.to_owned(), |digits| format!("+{digits}"))
}

#[derive(Serialize)]
pub struct Provider {
    down: bool,
    silent: bool,
    delay_seconds: u64,
}

#[derive(Deserialize)]
pub struct SetProvider {
    down: Option<bool>,
    silent: Option<bool>,
    delay_seconds: Option<u64>,
}

pub async fn provider(State(dev): State<Dev>) -> Json<Provider> {
    let Dev { inbox, .. } = dev;
    Json(Provider {
        down: inbox.is_down(),
        silent: inbox.is_silent(),
        delay_seconds: inbox.delay().as_secs(),
    })
}

/// Takes the provider down or up, lets it answer no text, or makes it slow.
pub async fn set_provider(State(dev): State<Dev>, Read(request): Read<SetProvider>) -> Json<Provider> {
    if let Some(down) = request.down {
        dev.inbox.set_down(down);
    }
    if let Some(silent) = request.silent {
        dev.inbox.set_silent(silent);
    }
    if let Some(seconds) = request.delay_seconds {
        dev.inbox.set_delay(Duration::from_secs(seconds.min(3600)));
    }
    provider(State(dev)).await
}
