//! Writing down what happened, in the transaction of its effect.

pub mod export;
pub mod keys;
pub mod offline;
pub mod search;
pub mod signing;
pub mod thinning;
pub mod verification;

use crate::{Call, Error, Result, webhooks};
use domain::{
    Refusal,
    audit::{Action, Actor, AuditEvent, Details},
    id::{AuditEventId, MemberId},
};
use serde_json::{Map, Value, json};
use store::{Tenant, Tx};

/// Appends an event about the project itself, or about somebody who has chosen
/// no organization yet; it does not say whom.
///
/// # Errors
/// When the database fails.
pub async fn note_of_project(
    call: &mut Call,
    tx: &mut Tx,
    (action, actor): (Action, Actor),
    details: &[(&str, Value)],
) -> Result<()> {
    let event = AuditEvent {
        audit_event_id: AuditEventId::random(call.project.environment, &mut call.rng),
        project_id: call.project.project_id.clone(),
        organization_id: None,
        member_id: None,
        action,
        actor,
        at: call.now,
        details: Details(details.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()),
    };
    Ok(store::audit::append(tx, &event).await?)
}

/// Appends an event about an organization or one of its members. Details hold
/// names of fields and methods, never a secret, a code or a number. What a
/// member did by their session is told as that member's.
///
/// # Errors
/// When the database fails.
pub async fn note(
    call: &mut Call,
    tx: &mut Tx,
    tenant: &Tenant,
    member: Option<&MemberId>,
    (action, actor): (Action, Actor),
    details: &[(&str, Value)],
) -> Result<()> {
    let mut details: Map<String, Value> =
        details.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    if let Some(acting) = call.caller.member() {
        details.insert("acting_member_id".to_owned(), json!(acting.member.member_id));
        details.insert("acting_session_id".to_owned(), json!(acting.session.member_session_id));
    }
    let actor = if actor == Actor::Project { call.caller.actor() } else { actor };
    let event = AuditEvent {
        audit_event_id: AuditEventId::random(call.project.environment, &mut call.rng),
        project_id: tenant.project_id().clone(),
        organization_id: Some(tenant.organization_id().clone()),
        member_id: member.cloned(),
        action,
        actor,
        at: call.now,
        details: Details(details),
    };
    store::audit::append(tx, &event).await?;
    if call.project.has_webhooks { webhooks::announce(tx, &event).await } else { Ok(()) }
}

/// Appends that somebody tried in vain: in a transaction of its own, for the
/// one of the attempt is gone with what it did. The refusal, to be returned.
pub async fn failure(
    call: &mut Call,
    (tenant, member): (&Tenant, &MemberId),
    action: Action,
    refusal: Refusal,
) -> Error {
    let noted = async {
        let mut tx = call.app.db.write().await?;
        note(call, &mut tx, tenant, Some(member), (action, Actor::Member), &[]).await?;
        Ok(tx.commit().await?)
    };
    noted.await.map_or_else(|error: Error| error, |()| refusal.into())
}

/// As [`failure`], of somebody who belongs to no organization that is known yet.
pub async fn failure_of_project(
    call: &mut Call,
    action: Action,
    details: &[(&str, Value)],
    refusal: Refusal,
) -> Error {
    let noted = async {
        let mut tx = call.app.db.write().await?;
        note_of_project(call, &mut tx, (action, Actor::Member), details).await?;
        Ok(tx.commit().await?)
    };
    noted.await.map_or_else(|error: Error| error, |()| refusal.into())
}
