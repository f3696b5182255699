//! Hands the audit log to the operator's collector. How far it got is kept in
//! the database, so that any node goes on where another stopped.

use super::Stop;
use crate::config::{self, AuditExport};
use flows::{
    App,
    audit::{
        export::{Progress, round},
        verification::Part,
    },
};
use std::{sync::Arc, time::Duration};

const EVERY: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_mins(5);

/// Runs until told to stop. With several nodes an event may arrive once from each.
pub async fn hand_over(app: Arc<App>, export: AuditExport, stop: Stop) {
    let mut sink = match config::sink(&export) {
        Ok(sink) => sink,
        Err(error) => return tracing::error!(%error, "the audit log is not exported"),
    };
    let mut progress = Progress::Stored(export.name().to_owned());
    let mut pause = EVERY;
    while stop.pause(pause).await {
        let release = env!("CARGO_PKG_VERSION");
        let to = (&mut progress, &mut sink);
        match round(&app.db, &Part::default(), to, (export.batch, release)).await {
            Ok(_) => pause = EVERY,
            Err(error) => {
                pause = (pause * 2).min(LONGEST);
                tracing::warn!(%error, again_in = ?pause, "audit events were not taken");
            }
        }
    }
}
