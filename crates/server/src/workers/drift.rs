//! Writes behind how far authenticator apps are off.

use super::{Now, Stop};
use flows::App;
use std::{sync::Arc, time::Duration};

const EVERY: Duration = Duration::from_mins(1);

/// Runs until told to stop, and writes a last time then.
pub async fn write(app: Arc<App>, now: Now, stop: Stop) {
    loop {
        let goes_on = stop.pause(EVERY).await;
        if let Err(fault) = app.drift.write(&app.db, now()).await {
            tracing::warn!(%fault, "how far authenticator apps are off was not written");
        }
        if !goes_on {
            return;
        }
    }
}
