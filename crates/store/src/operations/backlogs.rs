//! What waits to be done, over all projects: how much, and since when.

use crate::db::{Conn, Fault, statement::sql};
use domain::Timestamp;

/// How much waits, and since when the oldest of it; none when nothing waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    pub depth: i64,
    pub oldest: Option<Timestamp>,
}

/// How it stands with the endpoints that backends are told at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoints {
    /// Whose last call failed, those that were given up left out.
    pub failing: i64,
    /// Given up, until somebody enables them again.
    pub disabled: i64,
}

/// Texts and mails that no provider has taken yet.
///
/// # Errors
/// When the database fails.
pub async fn messages(conn: &mut Conn) -> Result<Backlog, Fault> {
    let text = sql!(
        "SELECT CAST(count(*) AS BIGINT), CAST(min(created_at) AS BIGINT)
           FROM messages WHERE state = 'waiting'"
    );
    Ok(backlog(conn.sql(text).optional().await?))
}

/// What happened and was not yet worked out into calls of endpoints.
///
/// # Errors
/// When the database fails.
pub async fn webhook_causes(conn: &mut Conn) -> Result<Backlog, Fault> {
    let text = sql!("SELECT CAST(count(*) AS BIGINT), CAST(min(occurred_at) AS BIGINT) FROM webhook_outbox");
    Ok(backlog(conn.sql(text).optional().await?))
}

/// Calls of endpoints that were not answered well yet.
///
/// # Errors
/// When the database fails.
pub async fn webhook_calls(conn: &mut Conn) -> Result<Backlog, Fault> {
    let text = sql!(
        "SELECT CAST(count(*) AS BIGINT), CAST(min(created_at) AS BIGINT)
           FROM webhook_deliveries WHERE state = 'pending'"
    );
    Ok(backlog(conn.sql(text).optional().await?))
}

/// Endpoints of all projects, which are few.
///
/// # Errors
/// When the database fails.
pub async fn webhook_endpoints(conn: &mut Conn) -> Result<Endpoints, Fault> {
    let text = sql!(
        "SELECT CAST(count(CASE WHEN disabled_at IS NULL THEN failing_since END) AS BIGINT),
                CAST(count(disabled_at) AS BIGINT)
           FROM webhook_endpoints"
    );
    let found: Option<(i64, i64)> = conn.sql(text).optional().await?;
    let (failing, disabled) = found.unwrap_or_default();
    Ok(Endpoints { failing, disabled })
}

/// Chains of the audit log that have grown since a head was signed.
///
/// # Errors
/// When the database fails.
pub async fn unsigned_chains(conn: &mut Conn) -> Result<i64, Fault> {
    let text = sql!("SELECT CAST(count(*) AS BIGINT) FROM audit_chains WHERE moved = TRUE");
    Ok(conn.sql(text).optional().await?.unwrap_or(0))
}

/// Since when the oldest event that no signed head covers is there; none when all are covered.
///
/// # Errors
/// When the database fails.
pub async fn oldest_unsigned(conn: &mut Conn) -> Result<Option<Timestamp>, Fault> {
    let text = sql!(
        "SELECT CAST(min(since) AS BIGINT) FROM (
             SELECT CASE WHEN audit_chains.organization_id = ''
                 THEN (SELECT min(audit_events.at) FROM audit_events
                        WHERE audit_events.project_id = audit_chains.project_id
                          AND audit_events.organization_id IS NULL
                          AND audit_events.sequence = audit_chains.signed_length + 1)
                 ELSE (SELECT min(audit_events.at) FROM audit_events
                        WHERE audit_events.project_id = audit_chains.project_id
                          AND audit_events.organization_id = audit_chains.organization_id
                          AND audit_events.sequence = audit_chains.signed_length + 1)
             END AS since FROM audit_chains WHERE audit_chains.moved = TRUE
         ) AS unsigned"
    );
    let found: Option<Option<Timestamp>> = conn.sql(text).optional().await?;
    Ok(found.flatten())
}

fn backlog(found: Option<(i64, Option<Timestamp>)>) -> Backlog {
    let (depth, oldest) = found.unwrap_or_default();
    Backlog { depth, oldest }
}
