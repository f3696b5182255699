//! Sweeps what expired, in small pieces.

use super::{Now, Stop};
use flows::{App, audit::thinning};
use metrics::counter;
use std::{sync::Arc, time::Duration};
use store::janitor::{self, Kind};

const EVERY: Duration = Duration::from_hours(1);
/// Between two pieces, so that whoever waits to write comes first.
const BREATH: Duration = Duration::from_millis(50);

/// Its name; counts the rows removed, by table.
pub const SWEPT: &str = "vestibule_swept_rows_total";

/// Runs until told to stop. Every node sweeps; what another removed is not there.
pub async fn sweep(app: Arc<App>, now: Now, stop: Stop) {
    while stop.pause(EVERY).await {
        for kind in janitor::kinds() {
            match sweep_kind(&app, kind, (&now, &stop)).await {
                Ok(0) => {}
                Ok(rows) => tracing::info!(table = kind.table, rows, "swept expired rows"),
                Err(fault) => tracing::warn!(table = kind.table, %fault, "expired rows were not swept"),
            }
        }
        match thinning::thin(&app.db, now()).await {
            Ok(0) => {}
            Ok(rows) => {
                counter!(SWEPT, "table" => "audit_heads").increment(rows);
                tracing::info!(rows, "thinned out the signed heads of the audit log");
            }
            Err(error) => tracing::warn!(%error, "signed heads were not thinned out"),
        }
    }
}

async fn sweep_kind(app: &App, kind: Kind, (now, stop): (&Now, &Stop)) -> Result<u64, store::Fault> {
    let mut all = 0;
    loop {
        let (swept, more) = janitor::sweep(&app.db, kind, now()).await?;
        counter!(SWEPT, "table" => kind.table).increment(swept);
        all += swept;
        if !more || !stop.pause(BREATH).await {
            return Ok(all);
        }
    }
}
