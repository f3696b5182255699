//! Sweeps what expired.

use super::{Now, Stop};
use flows::App;
use std::{sync::Arc, time::Duration};

const EVERY: Duration = Duration::from_secs(3600);

/// Runs until told to stop.
pub async fn sweep(app: Arc<App>, now: Now, stop: Stop) {
    while stop.pause(EVERY).await {
        let swept = async {
            let mut tx = app.db.write().await?;
            let swept = store::janitor::sweep(&mut tx, now()).await?;
            tx.commit().await.map(|()| swept)
        };
        match swept.await {
            Ok(rows) => tracing::info!(rows, "swept expired rows"),
            Err(fault) => tracing::warn!(%fault, "expired rows were not swept"),
        }
    }
}
