use crate::fixtures::{Acme, acme, luck, minutes_later};
use domain::{
    audit::{Action, Actor, AuditEvent, Details},
    id::AuditEventId,
    projects::Environment,
};
use serde_json::json;
use store::{Db, audit};

mod chains;
mod guards;

fn event(acme: &Acme, name: &str, minute: i64) -> AuditEvent {
    let serde_json::Value::Object(details) = json!({"method": "totp"}) else { unreachable!() };
    AuditEvent {
        audit_event_id: AuditEventId::random(Environment::Test, &mut luck(name)),
        project_id: acme.tenant.project_id().clone(),
        organization_id: Some(acme.tenant.organization_id().clone()),
        member_id: Some(acme.ada.clone()),
        action: Action::SecondFactorFailed,
        actor: Actor::Member,
        at: minutes_later(minute),
        details: Details(details),
    }
}

async fn kept(acme: &Acme, limit: i64) -> Vec<AuditEvent> {
    let mut conn = acme.db.read().await.unwrap();
    let (project, organization) = (acme.tenant.project_id(), acme.tenant.organization_id());
    audit::of_organization(&mut conn, project, organization, limit).await.unwrap()
}

on_both_databases! {
    async fn events_are_kept_oldest_first(db: Db) {
        let acme = acme(&db).await;
        let events = [event(&acme, "first", 1), event(&acme, "second", 2), event(&acme, "third", 3)];
        for at in [2, 0, 1] {
            acme.writes(async |tx| audit::append(tx, &events[at]).await).await.unwrap();
        }
        assert_eq!(kept(&acme, 10).await, events);
        assert_eq!(kept(&acme, 2).await, events[..2]);
    }

    async fn an_event_goes_with_the_transaction_of_its_effect(db: Db) {
        let acme = acme(&db).await;
        let mut tx = db.write().await.unwrap();
        audit::append(&mut tx, &event(&acme, "undone", 1)).await.unwrap();
        drop(tx);
        assert_eq!(kept(&acme, 10).await, []);
    }

    async fn an_event_is_never_lost_in_silence(db: Db) {
        let acme = acme(&db).await;
        let (first, second) = (event(&acme, "same", 1), event(&acme, "same", 2));
        acme.writes(async |tx| audit::append(tx, &first).await).await.unwrap();
        let mut tx = db.write().await.unwrap();
        audit::append(&mut tx, &second).await.unwrap();
        assert!(tx.commit().await.is_err());
    }

    async fn an_event_of_the_project_belongs_to_no_organization(db: Db) {
        let acme = acme(&db).await;
        let wide = AuditEvent { organization_id: None, member_id: None, ..event(&acme, "project", 1) };
        acme.writes(async |tx| audit::append(tx, &wide).await).await.unwrap();
        assert_eq!(kept(&acme, 10).await, []);
    }
}
