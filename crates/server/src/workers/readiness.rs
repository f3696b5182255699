//! Finds out whether the node can do its work.

use super::Stop;
use api::readiness::{Obstacle, Readiness};
use flows::{App, secrets::KEY_CHECK};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use store::{
    installation::{self, Installation},
    operations,
};

const EVERY: Duration = Duration::from_secs(2);
/// How long the database may take over one small question.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a node stays out of the way after a write failed.
const HOLD: Duration = Duration::from_secs(5);

/// Runs until told to stop.
pub async fn watch(app: Arc<App>, readiness: Readiness, stop: Stop) {
    let mut failed = Failed::default();
    loop {
        look(&app, &readiness, &mut failed).await;
        if !stop.pause(EVERY).await {
            return;
        }
    }
}

/// Writes that failed: how many there were, and when one was last seen.
#[derive(Default)]
struct Failed {
    count: u64,
    lately: Option<Instant>,
}

/// Looks once.
async fn look(app: &App, readiness: &Readiness, failed: &mut Failed) {
    let answer = tokio::time::timeout(PATIENCE, find(app)).await;
    let found = answer.ok().and_then(Result::ok).flatten();
    tell(readiness, Obstacle::DatabaseSilent, found.is_none());
    if let Some(found) = found {
        let opens = found.key_check.open(&app.server_key, &KEY_CHECK).is_ok();
        tell(readiness, Obstacle::ServerKey, !opens);
    }
    // Only who could not write tries to: a server at rest leaves the disk alone.
    let count = app.db.write_failures();
    if count != failed.count {
        *failed = Failed { count, lately: Some(Instant::now()) };
    }
    if app.db.cannot_write() {
        let _ = tokio::time::timeout(PATIENCE, operations::try_to_write(&app.db)).await;
    }
    // A small write may find room where the next does not.
    let lately = failed.lately.is_some_and(|at| at.elapsed() < HOLD);
    tell(readiness, Obstacle::DatabaseReadOnly, lately || app.db.cannot_write());
}

async fn find(app: &App) -> Result<Option<Installation>, store::Fault> {
    installation::find(&mut app.db.read().await?).await
}

/// Says so in the log when it is news.
fn tell(readiness: &Readiness, obstacle: Obstacle, is_there: bool) {
    if readiness.set(obstacle, is_there) {
        if is_there {
            tracing::error!(%obstacle, "not ready");
        } else {
            tracing::info!(%obstacle, "no longer in the way");
        }
    }
}
