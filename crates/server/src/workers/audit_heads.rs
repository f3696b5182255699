//! Signs every minute how far the chains of the audit log have come, and keeps
//! what was signed in a file outside the database.

use super::{Now, Stop};
use crate::heads_file::HeadsFile;
use flows::{App, audit::signing};
use std::{path::PathBuf, sync::Arc, time::Duration};

const EVERY: Duration = Duration::from_mins(1);

/// Runs until told to stop. It signs at once, for what an earlier process left, and at the end, for what this one
/// did. Every node signs; the file is written by those that have one.
pub async fn sign(app: Arc<App>, now: Now, file: Option<PathBuf>, stop: Stop) {
    let mut file = file.map(HeadsFile::at);
    loop {
        once(&app, &now, file.as_mut()).await;
        if !stop.pause(EVERY).await {
            return once(&app, &now, file.as_mut()).await;
        }
    }
}

async fn once(app: &App, now: &Now, file: Option<&mut HeadsFile>) {
    match signing::sign_moved(&app.db, now()).await {
        Ok(chains) => tracing::debug!(chains, "signed the heads of the audit log"),
        Err(error) => tracing::warn!(%error, "the heads of the audit log were not signed"),
    }
    if let Some(file) = file
        && let Err(error) = file.catch_up(&app.db).await
    {
        tracing::error!(%error, file = %file.path().display(), "signed heads were not written");
    }
}
