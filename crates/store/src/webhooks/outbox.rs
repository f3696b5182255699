//! What happened and is yet to be told, and to whom.

use crate::{
    columns::table,
    db::{Column, Conn, Fault, FromRow, RowReader, Table, Tx, Value, statement::sql},
};
use domain::{
    Timestamp,
    audit::{Action, Actor, Details},
    id::{AuditEventId, MemberId, OrganizationId, ProjectId, WebhookEventId},
    webhooks::Delivery,
};

/// An audit event that backends may be told of; written in the transaction of its effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    pub cause_id: AuditEventId,
    pub project_id: ProjectId,
    pub organization_id: Option<OrganizationId>,
    pub member_id: Option<MemberId>,
    pub action: Action,
    pub actor: Actor,
    pub details: Details,
    pub occurred_at: Timestamp,
}

/// What an endpoint is sent: the bytes are made once.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub event_id: WebhookEventId,
    pub project_id: ProjectId,
    /// Whose objects the body may hold; it is erased with it.
    pub organization_id: Option<OrganizationId>,
    pub body: String,
    pub occurred_at: Timestamp,
}

table!(Cause = "webhook_outbox" {
    cause_id, project_id, organization_id, member_id, action, actor, details, occurred_at,
});
table!(Event = "webhook_events" { event_id, project_id, organization_id, body, occurred_at });

/// # Errors
/// When the database fails.
pub async fn add(tx: &mut Tx, cause: &Cause) -> Result<bool, Fault> {
    tx.insert(cause).await
}

/// The causes of all projects after one, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn after(
    conn: &mut Conn,
    (occurred_at, cause): (Timestamp, &str),
    limit: i64,
) -> Result<Vec<Cause>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Cause::COLUMNS,
        " FROM webhook_outbox WHERE (webhook_outbox.occurred_at, webhook_outbox.cause_id) > ($1, $2)
          ORDER BY webhook_outbox.occurred_at, webhook_outbox.cause_id LIMIT $3"
    ))
    .bind(&occurred_at)
    .bind(&cause.to_owned())
    .bind(&limit)
    .all()
    .await
}

/// Takes a cause away; of any number of nodes, one gets `true`.
///
/// # Errors
/// When the database fails.
pub async fn take(tx: &mut Tx, cause: &Cause) -> Result<bool, Fault> {
    let taken = tx
        .sql(sql!("DELETE FROM webhook_outbox WHERE project_id = $1 AND cause_id = $2"))
        .bind(&cause.project_id)
        .bind(&cause.cause_id)
        .execute()
        .await?;
    Ok(taken == 1)
}

/// Queues an event for endpoints.
///
/// # Errors
/// When the database fails.
pub async fn queue(tx: &mut Tx, event: &Event, deliveries: &[Delivery]) -> Result<(), Fault> {
    if !tx.insert(event).await? {
        return Err(Fault::IdTaken("webhook event"));
    }
    for delivery in deliveries {
        tx.insert(delivery).await?;
    }
    Ok(())
}

/// What an event says; none when it was swept.
///
/// # Errors
/// When the database fails.
pub async fn body(
    conn: &mut Conn,
    project: &ProjectId,
    id: &WebhookEventId,
) -> Result<Option<String>, Fault> {
    conn.sql(sql!("SELECT body FROM webhook_events WHERE project_id = $1 AND event_id = $2"))
        .bind(project)
        .bind(id)
        .optional()
        .await
}
