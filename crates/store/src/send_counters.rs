//! How much was sent, and for how much money, per thing counted and window.

use crate::db::{Fault, Tx, statement::sql};
use domain::{
    Timestamp,
    id::ProjectId,
    send_limits::{Counted, UsedUp},
};

/// What was taken: the limits of which so much is used now that the operator
/// is to be told, each once a window.
pub type Taken = Result<Vec<Counted>, UsedUp>;

/// Counts against every limit or, when one of them would be passed, against none.
/// On PostgreSQL, rows are locked in the order given until the end of the transaction:
/// narrow limits before wide ones, the same order everywhere.
///
/// # Errors
/// When the database fails.
pub async fn take(
    tx: &mut Tx,
    project: &ProjectId,
    counted: &[Counted],
    now: Timestamp,
) -> Result<Taken, Fault> {
    let mut warnings = Vec::new();
    for (at, it) in counted.iter().enumerate() {
        let Some((used, warned)) = add(tx, project, it, now).await? else {
            give_back(tx, project, &counted[..at], now).await?;
            return Ok(Err(it.used_up()));
        };
        if it.subject.warns() && !warned && it.is_nearly_used_up(used) {
            warnings.push(it.clone());
        }
    }
    for it in &warnings {
        warn(tx, project, it, now).await?;
    }
    Ok(Ok(warnings))
}

/// What is used of the window now, and whether somebody was warned of it.
async fn add(
    tx: &mut Tx,
    project: &ProjectId,
    Counted { key, limit, weight, .. }: &Counted,
    now: Timestamp,
) -> Result<Option<(i64, bool)>, Fault> {
    if *weight > limit.most {
        return Ok(None); // a first row is not compared with anything
    }
    tx.sql(sql!(
        "INSERT INTO send_counters (project_id, counted, window_length, window_start, sent)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (project_id, counted, window_length, window_start)
         DO UPDATE SET sent = send_counters.sent + $5 WHERE send_counters.sent <= $6
         RETURNING sent, warned_at IS NOT NULL"
    ))
    .bind(project)
    .bind(key)
    .bind(&limit.window.length().as_milliseconds())
    .bind(&limit.window.start(now))
    .bind(weight)
    .bind(&(limit.most - weight))
    .optional()
    .await
}

async fn warn(tx: &mut Tx, project: &ProjectId, it: &Counted, now: Timestamp) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE send_counters SET warned_at = $5
          WHERE project_id = $1 AND counted = $2 AND window_length = $3 AND window_start = $4
            AND warned_at IS NULL"
    ))
    .bind(project)
    .bind(&it.key)
    .bind(&it.limit.window.length().as_milliseconds())
    .bind(&it.limit.window.start(now))
    .bind(&now)
    .execute()
    .await?;
    Ok(())
}

/// Takes back what was counted at a time; of a window that is over, too.
///
/// # Errors
/// When the database fails.
pub async fn give_back(
    tx: &mut Tx,
    project: &ProjectId,
    counted: &[Counted],
    at: Timestamp,
) -> Result<(), Fault> {
    for Counted { key, limit, weight, .. } in counted {
        tx.sql(sql!(
            "UPDATE send_counters SET sent = sent - $5
              WHERE project_id = $1 AND counted = $2 AND window_length = $3 AND window_start = $4
                AND sent >= $5"
        ))
        .bind(project)
        .bind(key)
        .bind(&limit.window.length().as_milliseconds())
        .bind(&limit.window.start(at))
        .bind(weight)
        .execute()
        .await?;
    }
    Ok(())
}

/// How much of a window is used.
///
/// # Errors
/// When the database fails.
pub async fn used(
    conn: &mut crate::Conn,
    project: &ProjectId,
    it: &Counted,
    now: Timestamp,
) -> Result<i64, Fault> {
    let found = conn
        .sql(sql!(
            "SELECT sent FROM send_counters
              WHERE project_id = $1 AND counted = $2 AND window_length = $3 AND window_start = $4"
        ))
        .bind(project)
        .bind(&it.key)
        .bind(&it.limit.window.length().as_milliseconds())
        .bind(&it.limit.window.start(now))
        .optional()
        .await?;
    Ok(found.unwrap_or(0))
}
