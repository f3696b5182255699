//! Events on their way to endpoints, and every try.

use crate::db::{Conn, Fault, Table, Tx, statement::sql};
use domain::{
    Timestamp,
    id::{ProjectId, WebhookEndpointId, WebhookEventId},
    webhooks::{Attempt, Delivery, State},
};

/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut Conn,
    project: &ProjectId,
    (endpoint, event): (&WebhookEndpointId, &WebhookEventId),
) -> Result<Option<Delivery>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Delivery::COLUMNS,
        " FROM webhook_deliveries WHERE project_id = $1 AND endpoint_id = $2 AND event_id = $3"
    ))
    .bind(project)
    .bind(endpoint)
    .bind(event)
    .optional()
    .await
}

/// What is due at an endpoint and nobody has claimed, longest due first.
///
/// # Errors
/// When the database fails.
pub async fn due(
    conn: &mut Conn,
    (project, endpoint): (&ProjectId, &WebhookEndpointId),
    (now, limit): (Timestamp, i64),
) -> Result<Vec<Delivery>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Delivery::COLUMNS,
        " FROM webhook_deliveries
          WHERE project_id = $1 AND endpoint_id = $2 AND state = 'pending' AND next_at <= $3 AND claimed_until <= $3
          ORDER BY next_at LIMIT $4"
    ))
    .bind(project)
    .bind(endpoint)
    .bind(&now)
    .bind(&limit)
    .all()
    .await
}

/// Claims a delivery as it was read; of any number of claimants, one gets `true`.
///
/// # Errors
/// When the database fails.
pub async fn claim(tx: &mut Tx, it: &Delivery, (now, until): (Timestamp, Timestamp)) -> Result<bool, Fault> {
    let claimed = tx
        .sql(sql!(
            "UPDATE webhook_deliveries SET claimed_until = $6, attempts = attempts + 1
              WHERE project_id = $1 AND endpoint_id = $2 AND event_id = $3 AND attempts = $4
                AND state = 'pending' AND claimed_until <= $5"
        ))
        .bind(&it.project_id)
        .bind(&it.endpoint_id)
        .bind(&it.event_id)
        .bind(&it.attempts)
        .bind(&now)
        .bind(&until)
        .execute()
        .await?;
    Ok(claimed == 1)
}

/// Writes what became of a claimed delivery, unless the claim ran out and somebody else has it.
///
/// # Errors
/// When the database fails.
pub async fn settle(
    tx: &mut Tx,
    it: &Delivery,
    (state, next_at, finished_at): (State, Timestamp, Option<Timestamp>),
) -> Result<bool, Fault> {
    let settled = tx
        .sql(sql!(
            "UPDATE webhook_deliveries SET state = $6, next_at = $7, finished_at = $8, claimed_until = 0
              WHERE project_id = $1 AND endpoint_id = $2 AND event_id = $3 AND attempts = $4 AND claimed_until = $5
                AND state = 'pending'"
        ))
        .bind(&it.project_id)
        .bind(&it.endpoint_id)
        .bind(&it.event_id)
        .bind(&it.attempts)
        .bind(&it.claimed_until)
        .bind(&state)
        .bind(&next_at)
        .bind(&finished_at)
        .execute()
        .await?;
    Ok(settled == 1)
}

/// # Errors
/// When the database fails.
pub async fn record(tx: &mut Tx, attempt: &Attempt) -> Result<bool, Fault> {
    tx.insert(attempt).await
}

/// The tries of one delivery, oldest first, at most a hundred.
///
/// # Errors
/// When the database fails.
pub async fn attempts(
    conn: &mut Conn,
    project: &ProjectId,
    (endpoint, event): (&WebhookEndpointId, &WebhookEventId),
) -> Result<Vec<Attempt>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Attempt::COLUMNS,
        " FROM webhook_attempts WHERE project_id = $1 AND endpoint_id = $2 AND event_id = $3 ORDER BY at LIMIT 100"
    ))
    .bind(project)
    .bind(endpoint)
    .bind(event)
    .all()
    .await
}

/// The deliveries of an endpoint before a point, newest first, of one state or of all.
///
/// # Errors
/// When the database fails.
pub async fn before(
    conn: &mut Conn,
    (project, endpoint): (&ProjectId, &WebhookEndpointId),
    state: Option<State>,
    ((created_at, event), limit): ((Timestamp, &str), i64),
) -> Result<Vec<Delivery>, Fault> {
    let state = state.map_or_else(String::new, |it| it.to_string());
    conn.sql(sql!(
        "SELECT ",
        Delivery::COLUMNS,
        " FROM webhook_deliveries
          WHERE project_id = $1 AND endpoint_id = $2 AND (created_at, event_id) < ($3, $4) AND ($5 = '' OR state = $5)
          ORDER BY created_at DESC, event_id DESC LIMIT $6"
    ))
    .bind(project)
    .bind(endpoint)
    .bind(&created_at)
    .bind(&event.to_owned())
    .bind(&state)
    .bind(&limit)
    .all()
    .await
}

/// Sends one again from the start, whatever became of it. `false` when there is none.
///
/// # Errors
/// When the database fails.
pub async fn replay(
    tx: &mut Tx,
    project: &ProjectId,
    (endpoint, event): (&WebhookEndpointId, &WebhookEventId),
    now: Timestamp,
) -> Result<bool, Fault> {
    let replayed = tx
        .sql(sql!(
            "UPDATE webhook_deliveries SET state = 'pending', attempts = 0, next_at = $4, claimed_until = 0, finished_at = NULL
              WHERE project_id = $1 AND endpoint_id = $2 AND event_id = $3"
        ))
        .bind(project)
        .bind(endpoint)
        .bind(event)
        .bind(&now)
        .execute()
        .await?;
    Ok(replayed == 1)
}

/// Sends the dead ones again that were queued since a point, at most `limit`; returns how many.
///
/// # Errors
/// When the database fails.
pub async fn replay_dead(
    tx: &mut Tx,
    (project, endpoint): (&ProjectId, &WebhookEndpointId),
    since: Timestamp,
    (now, limit): (Timestamp, i64),
) -> Result<u64, Fault> {
    tx.sql(sql!(
        "UPDATE webhook_deliveries SET state = 'pending', attempts = 0, next_at = $4, claimed_until = 0, finished_at = NULL
          WHERE project_id = $1 AND endpoint_id = $2 AND event_id IN (
            SELECT event_id FROM webhook_deliveries
             WHERE endpoint_id = $2 AND state = 'dead' AND created_at >= $3 ORDER BY created_at LIMIT $5)"
    ))
    .bind(project)
    .bind(endpoint)
    .bind(&since)
    .bind(&now)
    .bind(&limit)
    .execute()
    .await
}
