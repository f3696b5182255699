//! Watches this machine's clock against the database's.

use super::Stop;
use crate::clock;
use api::readiness::{Obstacle, Readiness};
use std::time::Duration;
use store::Db;

const EVERY: Duration = Duration::from_secs(30);
/// A node whose clock is further from the database's does not serve (decision 25).
const MOST_SKEW_MS: i64 = 5_000;

/// Whether the machine's clock agrees with the database's.
///
/// # Errors
/// When the database fails.
pub async fn agrees(db: &Db) -> Result<bool, store::Fault> {
    let before = clock::machine();
    let Some(theirs) = db.clock().await? else { return Ok(true) };
    let after = clock::machine();
    let (least, most) = (before.milliseconds() - MOST_SKEW_MS, after.milliseconds() + MOST_SKEW_MS);
    Ok((least..=most).contains(&theirs))
}

/// Runs until told to stop; the node does not serve while the clocks disagree.
pub async fn watch(db: Db, readiness: Readiness, stop: Stop) {
    while stop.pause(EVERY).await {
        match agrees(&db).await {
            Ok(agree) => {
                if readiness.set(Obstacle::Clock, !agree) {
                    tracing::error!(agree, "the clock against the database's");
                }
            }
            Err(fault) => tracing::warn!(%fault, "the database's clock could not be read"),
        }
    }
}
