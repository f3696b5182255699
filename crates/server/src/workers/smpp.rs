//! Keeps sessions with SMPP providers open, and takes down the receipts that come on them.

use super::{Now, Stop};
use delivery::Receipt;
use flows::{App, sending::arrivals};
use std::{sync::Arc, time::Duration};

/// How often it is seen to that a session is open.
const KEEP: Duration = Duration::from_secs(30);
/// While the database fails. Meanwhile the sessions fill up, and then the centres keep their receipts.
const BREATH: Duration = Duration::from_secs(2);
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
    loop {
        tokio::select! {
            (provider, receipt) = app.texts.next_session_receipt(|| now()) => {
                if !apply(&app, (&now, &stop), &provider, &receipt).await {
                    return;
                }
            }
            () = stop.requested() => return,
        }
    }
}

/// `false` when told to stop while the database failed.
async fn apply(app: &App, (now, stop): (&Now, &Stop), provider: &str, receipt: &Receipt) -> bool {
    loop {
        match arrivals::apply(app, provider, std::slice::from_ref(receipt), now()).await {
            Ok(_) => return true,
            Err(error) => tracing::warn!(%error, "an SMPP receipt could not be taken down"),
        }
        if !stop.pause(BREATH).await {
            return false;
        }
    }
}
