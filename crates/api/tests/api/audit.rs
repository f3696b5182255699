//! The audit log as whoever must trust it sees it.

mod export;
mod queries;
mod tampering;

use domain::{
    audit::{Action, Actor, AuditEvent, Details},
    id::{AuditEventId, MemberId, OrganizationId},
    projects::Environment,
};
use testkit::{PROJECT_ID, TestApp};

/// A chain of its own with some events in it.
async fn chain_of(app: &TestApp, events: i64) -> OrganizationId {
    let organization = OrganizationId::random(Environment::Test, &mut (app.api.entropy)());
    for _ in 0..events {
        extend(app, &organization).await;
    }
    organization
}

async fn extend(app: &TestApp, organization: &OrganizationId) {
    let rng = &mut (app.api.entropy)();
    let event = AuditEvent {
        audit_event_id: AuditEventId::random(Environment::Test, rng),
        project_id: PROJECT_ID.parse().unwrap(),
        organization_id: Some(organization.clone()),
        member_id: Some(MemberId::random(Environment::Test, rng)),
        action: Action::SessionCreated,
        actor: Actor::Member,
        at: app.now(),
        details: Details::default(),
    };
    let mut tx = app.api.app.db.write().await.unwrap();
    store::audit::append(&mut tx, &event).await.unwrap();
    tx.commit().await.unwrap();
}
