//! How much was sent, per thing counted and window.

use crate::db::{Fault, Tx, statement::sql};
use domain::{Timestamp, id::ProjectId, send_limits::Counted};

/// Counts one message against every limit, in the order given; `false` when
/// one of them is reached. The limits before that one have counted it by then:
/// list narrow ones first, and roll back where nothing else must be kept.
///
/// # Errors
/// When the database fails.
pub async fn take(
    tx: &mut Tx,
    project: &ProjectId,
    counted: &[Counted],
    now: Timestamp,
) -> Result<bool, Fault> {
    for (key, limit) in counted {
        let within = tx
            .sql(sql!(
                "INSERT INTO send_counters (project_id, counted, window_length, window_start, sent)
                 VALUES ($1, $2, $3, $4, 1)
                 ON CONFLICT (project_id, counted, window_length, window_start)
                 DO UPDATE SET sent = send_counters.sent + 1 WHERE send_counters.sent < $5"
            ))
            .bind(project)
            .bind(key)
            .bind(&limit.window.as_milliseconds())
            .bind(&limit.window_start(now))
            .bind(&limit.most)
            .execute()
            .await?;
        if within == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}
