//! Tells the backends of customers what happened.

use super::{Now, Stop};
use crate::clock;
use api::webhook_objects::OBJECTS;
use flows::{App, webhooks::dispatcher::Dispatcher};
use std::{sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// How long something that is due waits at most to be noticed.
const EVERY: Duration = Duration::from_millis(500);
/// While the database fails.
const LATER: Duration = Duration::from_secs(5);

/// Runs until told to stop; what is being sent then is ended first.
pub async fn send(app: Arc<App>, now: Now, stop: Stop) {
    let dispatcher = Dispatcher::new(app, OBJECTS, now, Arc::new(clock::luck));
    tokio::spawn(close_with(dispatcher.clone(), stop.clone()));
    let mut lanes = JoinSet::new();
    let mut pause = EVERY;
    while stop.pause(pause).await {
        pause = match pass(&dispatcher, &mut lanes).await {
            Ok(()) => EVERY,
            Err(error) => {
                tracing::warn!(%error, "webhooks wait for the database");
                LATER
            }
        };
        while lanes.try_join_next().is_some() {}
    }
    while lanes.join_next().await.is_some() {}
}

/// However much is due, nothing new is begun once the server ends.
async fn close_with(dispatcher: Dispatcher, stop: Stop) {
    stop.requested().await;
    dispatcher.close();
}

async fn pass(dispatcher: &Dispatcher, lanes: &mut JoinSet<()>) -> flows::Result<()> {
    dispatcher.tell().await?;
    dispatcher.open_lanes(lanes).await
}
