//! Webhooks: the endpoints of a project, and what is on its way to them.

pub mod deliveries;
pub mod outbox;

use crate::db::{Conn, Fault, Table, Tx, statement::sql};
use domain::{
    Timestamp,
    id::{ProjectId, WebhookEndpointId},
    sealing::Sealed,
    webhooks::{Endpoint, QUIET},
};

/// # Errors
/// When the database fails.
pub async fn create(tx: &mut Tx, endpoint: &Endpoint) -> Result<bool, Fault> {
    tx.insert(endpoint).await
}

/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut Conn,
    project: &ProjectId,
    id: &WebhookEndpointId,
) -> Result<Option<Endpoint>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Endpoint::COLUMNS,
        " FROM webhook_endpoints WHERE project_id = $1 AND endpoint_id = $2"
    ))
    .bind(project)
    .bind(id)
    .optional()
    .await
}

/// The endpoints of a project, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_project(conn: &mut Conn, project: &ProjectId) -> Result<Vec<Endpoint>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Endpoint::COLUMNS,
        " FROM webhook_endpoints WHERE project_id = $1 ORDER BY created_at, endpoint_id"
    ))
    .bind(project)
    .all()
    .await
}

/// Writes what an operator may change: URL, description, filters, secrets and whether it is
/// disabled. The caller holds the project's row.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &mut Tx, endpoint: &Endpoint) -> Result<bool, Fault> {
    let saved = tx
        .sql(sql!(
            "UPDATE webhook_endpoints SET url = $3, description = $4, filters = $5, sealed_secret = $6,
                sealed_previous = $7, previous_until = $8, failing_since = $9, last_failed_at = $10, disabled_at = $11
              WHERE project_id = $1 AND endpoint_id = $2"
        ))
        .bind(&endpoint.project_id)
        .bind(&endpoint.endpoint_id)
        .bind(&endpoint.url)
        .bind(&endpoint.description)
        .bind(&endpoint.filters)
        .bind(&endpoint.sealed_secret)
        .bind(&endpoint.sealed_previous)
        .bind(&endpoint.previous_until)
        .bind(&endpoint.failing_since)
        .bind(&endpoint.last_failed_at)
        .bind(&endpoint.disabled_at)
        .execute()
        .await?;
    Ok(saved == 1)
}

/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, project: &ProjectId, id: &WebhookEndpointId) -> Result<bool, Fault> {
    let deleted = tx
        .sql(sql!("DELETE FROM webhook_endpoints WHERE project_id = $1 AND endpoint_id = $2"))
        .bind(project)
        .bind(id)
        .execute()
        .await?;
    Ok(deleted == 1)
}

/// Marks the project as one with endpoints that are told, or without. The caller holds its row.
///
/// # Errors
/// When the database fails.
pub async fn mark(tx: &mut Tx, project: &ProjectId) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE projects SET has_webhooks = EXISTS (
            SELECT 1 FROM webhook_endpoints
             WHERE webhook_endpoints.project_id = projects.project_id AND webhook_endpoints.disabled_at IS NULL)
          WHERE project_id = $1"
    ))
    .bind(project)
    .execute()
    .await?;
    Ok(())
}

/// Notes that an attempt went well; nothing is written where none failed before.
///
/// # Errors
/// When the database fails.
pub async fn went_well(tx: &mut Tx, project: &ProjectId, id: &WebhookEndpointId) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE webhook_endpoints SET failing_since = NULL, last_failed_at = NULL
          WHERE project_id = $1 AND endpoint_id = $2 AND failing_since IS NOT NULL"
    ))
    .bind(project)
    .bind(id)
    .execute()
    .await?;
    Ok(())
}

/// Notes that an attempt failed. Returns since when all did; after a quiet time it begins anew.
///
/// # Errors
/// When the database fails.
pub async fn went_wrong(
    tx: &mut Tx,
    project: &ProjectId,
    id: &WebhookEndpointId,
    now: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    tx.sql(sql!(
        "UPDATE webhook_endpoints
            SET failing_since = CASE WHEN failing_since IS NULL OR last_failed_at < $4 THEN $3 ELSE failing_since END,
                last_failed_at = $3
          WHERE project_id = $1 AND endpoint_id = $2 RETURNING failing_since"
    ))
    .bind(project)
    .bind(id)
    .bind(&now)
    .bind(&now.minus(QUIET))
    .optional()
    .await
}

/// Disables an endpoint; `false` when it is already.
///
/// # Errors
/// When the database fails.
pub async fn disable(
    tx: &mut Tx,
    project: &ProjectId,
    id: &WebhookEndpointId,
    now: Timestamp,
) -> Result<bool, Fault> {
    let disabled = tx
        .sql(sql!(
            "UPDATE webhook_endpoints SET disabled_at = $3
              WHERE project_id = $1 AND endpoint_id = $2 AND disabled_at IS NULL"
        ))
        .bind(project)
        .bind(id)
        .bind(&now)
        .execute()
        .await?;
    Ok(disabled == 1)
}

/// The endpoints of all projects that something is due for, after one by id.
///
/// # Errors
/// When the database fails.
pub async fn due(
    conn: &mut Conn,
    after: &str,
    (now, limit): (Timestamp, i64),
) -> Result<Vec<Endpoint>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Endpoint::COLUMNS,
        " FROM webhook_endpoints
          WHERE webhook_endpoints.endpoint_id > $1 AND webhook_endpoints.disabled_at IS NULL
            AND EXISTS (SELECT 1 FROM webhook_deliveries
                         WHERE webhook_deliveries.endpoint_id = webhook_endpoints.endpoint_id
                           AND webhook_deliveries.state = 'pending' AND webhook_deliveries.next_at <= $2)
          ORDER BY webhook_endpoints.endpoint_id LIMIT $3"
    ))
    .bind(&after.to_owned())
    .bind(&now)
    .bind(&limit)
    .all()
    .await
}

/// The endpoints of all projects after one by id, for their secrets to be sealed anew.
///
/// # Errors
/// When the database fails.
pub async fn all(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<Endpoint>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Endpoint::COLUMNS,
        " FROM webhook_endpoints WHERE webhook_endpoints.endpoint_id > $1
          ORDER BY webhook_endpoints.endpoint_id LIMIT $2"
    ))
    .bind(&after.to_owned())
    .bind(&limit)
    .all()
    .await
}

/// Puts both secrets under another version, unless they were changed meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn renew(
    tx: &mut Tx,
    before: &Endpoint,
    (secret, previous): (&Sealed, Option<&Sealed>),
) -> Result<bool, Fault> {
    let renewed = tx
        .sql(sql!(
            "UPDATE webhook_endpoints SET sealed_secret = $4, sealed_previous = $5
              WHERE project_id = $1 AND endpoint_id = $2 AND sealed_secret = $3"
        ))
        .bind(&before.project_id)
        .bind(&before.endpoint_id)
        .bind(&before.sealed_secret)
        .bind(secret)
        .bind(&previous.cloned())
        .execute()
        .await?;
    Ok(renewed == 1)
}
