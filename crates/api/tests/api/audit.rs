//! The audit log as whoever must trust it sees it.

mod export;
mod keys;
mod queries;
mod tampering;
mod thinning;

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
    let event = event(app, organization);
    let mut tx = app.api.app.db.write().await.unwrap();
    store::audit::append(&mut tx, &event).await.unwrap();
    tx.commit().await.unwrap();
}

fn event(app: &TestApp, organization: &OrganizationId) -> AuditEvent {
    let rng = &mut (app.api.entropy)();
    AuditEvent {
        audit_event_id: AuditEventId::random(Environment::Test, rng),
        project_id: PROJECT_ID.parse().unwrap(),
        organization_id: Some(organization.clone()),
        member_id: Some(MemberId::random(Environment::Test, rng)),
        action: Action::SessionCreated,
        actor: Actor::Member,
        at: app.now(),
        details: Details::default(),
    }
}

const GUARDS: &[(&str, &str)] = &[
    (
        "DROP TRIGGER IF EXISTS audit_events_update",
        "DROP TRIGGER IF EXISTS audit_events_update ON audit_events",
    ),
    (
        "DROP TRIGGER IF EXISTS audit_events_delete",
        "DROP TRIGGER IF EXISTS audit_events_delete ON audit_events",
    ),
    (
        "DROP TRIGGER IF EXISTS audit_chains_update",
        "DROP TRIGGER IF EXISTS audit_chains_update ON audit_chains",
    ),
    (
        "DROP TRIGGER IF EXISTS audit_chains_delete",
        "DROP TRIGGER IF EXISTS audit_chains_delete ON audit_chains",
    ),
    ("DROP TRIGGER IF EXISTS audit_heads_update", "DROP TRIGGER IF EXISTS audit_heads_update ON audit_heads"),
    ("DROP TRIGGER IF EXISTS audit_heads_delete", "DROP TRIGGER IF EXISTS audit_heads_delete ON audit_heads"),
    ("DROP TRIGGER IF EXISTS audit_keys_delete", "DROP TRIGGER IF EXISTS audit_keys_delete ON audit_keys"),
];

/// What keeps the tables append-only, as somebody takes it away who may change the schema.
async fn take_the_guards_away(app: &TestApp) {
    let db = &app.api.app.db;
    let mut tx = db.write().await.unwrap();
    for (sqlite, postgres) in GUARDS {
        tx.sql(if db.is_postgres() { postgres } else { sqlite }).execute().await.unwrap();
    }
    tx.commit().await.unwrap();
}
