//! Keeps sessions with SMPP providers open, and takes down the receipts that come on them.

use super::{Now, Stop};
use delivery::Receipt;
use flows::{App, sending::arrivals};
use std::{collections::VecDeque, sync::Arc, time::Duration};
use tokio::time::{Instant, sleep_until};

/// How often it is seen to that a session is open.
const KEEP: Duration = Duration::from_secs(30);
/// A receipt can come before the ledger knows what the message is called.
const AGAIN: Duration = Duration::from_secs(5);
/// While the database fails. Meanwhile the sessions fill up, and then the centres keep their receipts.
const BREATH: Duration = Duration::from_secs(2);
/// Receipts that wait to be tried again, at most; the oldest are forgotten.
const WAITING: usize = 1000;

/// Runs until told to stop.
pub async fn keep(app: Arc<App>, stop: Stop) {
    loop {
        app.texts.keep_sessions().await;
        if !stop.pause(KEEP).await {
            return;
        }
    }
}

/// Runs until told to stop.
pub async fn take_down(app: Arc<App>, now: Now, stop: Stop) {
    let mut again: VecDeque<(Instant, String, Receipt)> = VecDeque::new();
    loop {
        let due = again.front().map(|it| it.0);
        tokio::select! {
            (provider, receipt) = app.texts.next_session_receipt(|| now()) => {
                let Some(known) = apply(&app, &stop, &provider, &receipt).await else { return };
                if !known {
                    if again.len() >= WAITING {
                        again.pop_front();
                    }
                    again.push_back((Instant::now() + AGAIN, provider, receipt));
                }
            }
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                let Some((_, provider, receipt)) = again.pop_front() else { continue };
                if apply(&app, &stop, &provider, &receipt).await.is_none() {
                    return;
                }
            }
            () = stop.requested() => return,
        }
    }
}

/// Whether the ledger knew the message; none when told to stop while the database failed.
async fn apply(app: &App, stop: &Stop, provider: &str, receipt: &Receipt) -> Option<bool> {
    loop {
        match arrivals::apply(app, provider, std::slice::from_ref(receipt)).await {
            Ok(news) => return Some(news > 0),
            Err(error) => tracing::warn!(%error, "an SMPP receipt could not be taken down"),
        }
        if !stop.pause(BREATH).await {
            return None;
        }
    }
}
