//! Takes up new versions of the server key from its file, and seals with the
//! one the database names; takes up new versions of the audit key, and proves
//! with the one whose turn it is. No restart, no signal.

use super::{Now, Stop};
use crate::key_file;
use flows::App;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// How often the key file and the version that seals are looked at.
const EVERY: Duration = Duration::from_secs(5);

/// Runs until told to stop.
pub async fn follow(app: Arc<App>, path: PathBuf, now: Now, stop: Stop) {
    let mut read = key_file::identity(&path);
    while stop.pause(EVERY).await {
        let present = key_file::identity(&path);
        if present != read {
            read = present;
            take_up(&app, &path);
        }
        match flows::secrets::follow(&app).await {
            Ok(_) => {}
            Err(flows::Error::Sealed(error)) => {
                tracing::error!(%error, "copy the key file to this node");
                take_up(&app, &path);
            }
            Err(error) => tracing::warn!(%error, "which key version seals could not be read"),
        }
        if let Err(error) = flows::audit::keys::follow(&app.db, &app.server_key, now()).await {
            tracing::warn!(%error, "the key of the audit log could not be read");
        }
    }
}

fn take_up(app: &App, path: &Path) {
    let taken = key_file::read(path).and_then(|it| Ok(app.server_key.take_up(it)?));
    match taken {
        Ok(()) => tracing::info!(versions = ?app.server_key.versions(), "read the key file again"),
        Err(error) => {
            tracing::error!(%error, "the key file was not taken up; the versions known before stay");
        }
    }
}
