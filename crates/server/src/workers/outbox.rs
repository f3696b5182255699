//! Hands over what could not leave at once, each channel for itself, and learns
//! from receipts.

use super::{Now, Stop};
use crate::clock;
use domain::messages::Channel;
use flows::{App, sending};
use std::{sync::Arc, time::Duration};

/// How long a message whose pause is over waits, at most.
const EVERY: Duration = Duration::from_secs(1);
/// How often the receipts of all nodes are looked at.
const LEARN: Duration = Duration::from_secs(10);

/// Sends on its way what waits on one channel. Runs until told to stop; what is
/// on its way then comes back by itself.
pub async fn run(app: Arc<App>, channel: Channel, now: Now, stop: Stop) {
    while pause(&app, channel, &stop).await {
        // A backlog is worked off without pause.
        while work(&app, channel, (&now, &stop)).await && stop.pause(Duration::ZERO).await {}
    }
}

/// Whether there was anything to do.
async fn work(app: &Arc<App>, channel: Channel, (now, stop): (&Now, &Stop)) -> bool {
    let couriers = tokio::select! {
        some = app.couriers.some(channel) => some,
        () = stop.requested() => return false,
    };
    match sending::outbox::depart(app, (channel, couriers), || now(), clock::luck).await {
        Ok(departed) => departed.count > 0,
        Err(error) => {
            tracing::warn!(%error, "the outbox could not be worked on");
            false
        }
    }
}

async fn pause(app: &App, channel: Channel, stop: &Stop) -> bool {
    tokio::select! {
        goes_on = stop.pause(EVERY) => goes_on,
        () = app.couriers.woken(channel) => stop.pause(Duration::ZERO).await,
    }
}

/// Drops what is too late, and tries early receipts once more. Runs until told to stop.
pub async fn tidy(app: Arc<App>, now: Now, stop: Stop) {
    while stop.pause(EVERY).await {
        let more = async {
            while sending::outbox::expire(&app, now()).await? > 0 && stop.pause(Duration::ZERO).await {}
            sending::arrivals::again(&app, now()).await
        };
        if let Err(error) = more.await {
            tracing::warn!(%error, "the outbox could not be tidied");
        }
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
