//! The audit log: append-only.

use crate::db::{Conn, Fault, Table, Tx, statement::sql};
use domain::{
    audit::AuditEvent,
    id::{OrganizationId, ProjectId},
};

/// Writes an event in the transaction of its effect.
///
/// # Errors
/// When the database fails.
pub async fn append(tx: &mut Tx, event: &AuditEvent) -> Result<(), Fault> {
    if tx.insert(event).await? { Ok(()) } else { Err(Fault::IdTaken("audit event")) }
}

/// The events of the project itself, oldest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn of_the_project(
    conn: &mut Conn,
    project: &ProjectId,
    limit: i64,
) -> Result<Vec<AuditEvent>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        AuditEvent::COLUMNS,
        " FROM audit_events WHERE project_id = $1 AND organization_id IS NULL
          ORDER BY at, audit_event_id LIMIT $2"
    ))
    .bind(project)
    .bind(&limit)
    .all()
    .await
}

/// The events of one organization, oldest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn of_organization(
    conn: &mut Conn,
    project: &ProjectId,
    organization: &OrganizationId,
    limit: i64,
) -> Result<Vec<AuditEvent>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        AuditEvent::COLUMNS,
        " FROM audit_events WHERE project_id = $1 AND organization_id = $2
          ORDER BY at, audit_event_id LIMIT $3"
    ))
    .bind(project)
    .bind(organization)
    .bind(&limit)
    .all()
    .await
}
