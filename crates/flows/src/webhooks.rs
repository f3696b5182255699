//! Webhooks: the backends of customers are told what happened.
//!
//! An effect that is announced leaves a row in the outbox, in its own
//! transaction ([`announce`]). A worker turns the row into events, each with its
//! body, and queues them for the endpoints that want them ([`dispatcher`]); from
//! there they are tried until they are delivered or dead.

mod attempt;
pub mod dispatcher;
pub mod endpoints;
pub mod queue;
mod telling;

pub use telling::Objects;

use crate::Result;
use domain::{audit::AuditEvent, webhooks::announced};
use store::{
    Tx,
    webhooks::outbox::{self, Cause},
};

/// Leaves word of an event, in the transaction of its effect, if backends are told of its kind.
///
/// # Errors
/// When the database fails.
pub(crate) async fn announce(tx: &mut Tx, event: &AuditEvent) -> Result<()> {
    if announced(event.action).is_empty() {
        return Ok(());
    }
    let cause = Cause {
        cause_id: event.audit_event_id.clone(),
        project_id: event.project_id.clone(),
        organization_id: event.organization_id.clone(),
        member_id: event.member_id.clone(),
        action: event.action,
        actor: event.actor,
        details: event.details.clone(),
        occurred_at: event.at,
    };
    outbox::add(tx, &cause).await?;
    Ok(())
}

/// The same for whoever has not read the project.
///
/// # Errors
/// When the database fails.
pub(crate) async fn announce_unread(tx: &mut Tx, event: &AuditEvent) -> Result<()> {
    let project = store::projects::find(tx, &event.project_id).await?;
    if project.is_some_and(|it| it.has_webhooks) { announce(tx, event).await } else { Ok(()) }
}
