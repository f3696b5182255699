//! The audit log: append-only, a chain an organization.

pub mod chaining;
pub mod chains;
pub mod exports;
pub mod heads;
pub mod keys;
pub mod records;
pub mod search;

use crate::db::{Column, Conn, Fault, Table, Tx, Value, statement::sql};
use domain::{
    audit::{AuditEvent, chain::Entry},
    id::{OrganizationId, ProjectId},
};

/// Writes an event in the transaction of its effect: as the last thing before
/// the commit, which puts it into its chain.
///
/// # Errors
/// None now; the commit fails where the event cannot be written.
#[expect(clippy::unused_async, reason = "a statement to its callers, whenever it is run")]
pub async fn append(tx: &mut Tx, event: &AuditEvent) -> Result<(), Fault> {
    tx.write_at_commit(entry(event));
    Ok(())
}

/// The event as its columns hold it.
fn entry(event: &AuditEvent) -> Entry {
    let Value::Text(Some(details)) = event.details.to_value() else {
        unreachable!("details are kept as text");
    };
    Entry {
        audit_event_id: event.audit_event_id.to_string(),
        project_id: event.project_id.to_string(),
        organization_id: event.organization_id.as_ref().map(ToString::to_string),
        member_id: event.member_id.as_ref().map(ToString::to_string),
        action: event.action.to_string(),
        actor: event.actor.to_string(),
        at: event.at.milliseconds(),
        details,
    }
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
