//! Writes the times of session use behind.

use super::Stop;
use flows::App;
use std::{sync::Arc, time::Duration};

/// `last_accessed_at` is written behind within this.
const EVERY: Duration = Duration::from_secs(3);

/// Runs until told to stop; the last are written after it.
pub async fn write(app: Arc<App>, stop: Stop) {
    while stop.pause(EVERY).await {
        if let Err(fault) = app.touched.write(&app.db).await {
            tracing::warn!(%fault, "the times of session use were not written");
        }
    }
}
