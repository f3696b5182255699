//! What runs beside the requests.

use crate::{Failure, clock, key_file};
use flows::App;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use store::Db;

/// `last_accessed_at` is written behind within this.
const TOUCHED: Duration = Duration::from_secs(3);
const JANITOR: Duration = Duration::from_secs(3600);
/// A mail takes 4 s at most.
const LAST_MAIL: Duration = Duration::from_secs(6);
const CLOCK: Duration = Duration::from_secs(30);
/// How often the key file and the version that seals are looked at.
const KEY: Duration = Duration::from_secs(5);
/// A node whose clock is further from the database's does not serve (decision 25).
const MOST_SKEW_MS: i64 = 5_000;

/// Starts them; they end with the process.
pub fn start(
    app: &Arc<App>,
    now: impl Fn() -> domain::Timestamp + Send + Sync + 'static,
    ready: Arc<AtomicBool>,
) {
    tokio::spawn(write_touched(app.clone()));
    tokio::spawn(sweep(app.clone(), now));
    tokio::spawn(watch_clock(app.db.clone(), ready));
}

/// What is left to do when the listener has ended: mails on their way, and
/// the times of session use.
///
/// # Errors
/// When the database fails.
pub async fn finish(app: &App) -> Result<(), Failure> {
    if tokio::time::timeout(LAST_MAIL, app.last_mail()).await.is_err() {
        tracing::warn!("a mail was still on its way");
    }
    Ok(app.touched.write(&app.db).await?)
}

/// Whether the machine's clock agrees with the database's.
///
/// # Errors
/// When the database fails.
pub async fn clocks_agree(db: &Db) -> Result<bool, store::Fault> {
    let before = clock::machine();
    let Some(theirs) = db.clock().await? else { return Ok(true) };
    let after = clock::machine();
    let (least, most) = (before.milliseconds() - MOST_SKEW_MS, after.milliseconds() + MOST_SKEW_MS);
    Ok((least..=most).contains(&theirs))
}

async fn write_touched(app: Arc<App>) {
    loop {
        tokio::time::sleep(TOUCHED).await;
        if let Err(fault) = app.touched.write(&app.db).await {
            tracing::warn!(%fault, "the times of session use were not written");
        }
    }
}

async fn sweep(app: Arc<App>, now: impl Fn() -> domain::Timestamp) {
    loop {
        tokio::time::sleep(JANITOR).await;
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

/// Takes up new versions of the server key from its file, and seals with the
/// one the database names. No restart, no signal.
pub async fn follow_key(app: Arc<App>, path: PathBuf) {
    let mut read = key_file::identity(&path);
    loop {
        tokio::time::sleep(KEY).await;
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

async fn watch_clock(db: Db, ready: Arc<AtomicBool>) {
    loop {
        tokio::time::sleep(CLOCK).await;
        match clocks_agree(&db).await {
            Ok(agree) => {
                if ready.swap(agree, Ordering::SeqCst) != agree {
                    tracing::error!(agree, "the clock against the database's");
                }
            }
            Err(fault) => tracing::warn!(%fault, "the database's clock could not be read"),
        }
    }
}
