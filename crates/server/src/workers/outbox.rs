//! Hands over what could not leave at once, and learns from receipts.

use super::{Now, Stop};
use crate::clock;
use flows::{App, sending};
use std::{sync::Arc, time::Duration};

/// How long a message whose pause is over waits, at most.
const EVERY: Duration = Duration::from_secs(1);
/// How often the receipts of all nodes are looked at.
const LEARN: Duration = Duration::from_secs(10);

/// Runs until told to stop.
pub async fn run(app: Arc<App>, now: Now, stop: Stop) {
    while pause(&app, &stop).await {
        // A backlog is worked off without pause.
        while work(&app, &now).await && stop.pause(Duration::ZERO).await {}
    }
}

/// Whether there was anything to do.
async fn work(app: &Arc<App>, now: &Now) -> bool {
    match sending::outbox::turn(app, || now(), clock::luck).await {
        Ok(worked) => worked > 0,
        Err(error) => {
            tracing::warn!(%error, "the outbox could not be worked on");
            false
        }
    }
}

async fn pause(app: &App, stop: &Stop) -> bool {
    tokio::select! {
        goes_on = stop.pause(EVERY) => goes_on,
        () = app.couriers.woken() => stop.pause(Duration::ZERO).await,
    }
}

/// Runs until told to stop.
pub async fn learn(app: Arc<App>, now: Now, stop: Stop) {
    while stop.pause(LEARN).await {
        if let Err(error) = sending::receipts::learn(&app, now()).await {
            tracing::warn!(%error, "how providers fare could not be read");
        }
    }
}
