//! Events as the Open Cybersecurity Schema Framework writes them (OCSF 1.3,
//! identity and access management): one JSON object an event. `unmapped` holds
//! the columns as they are stored, so that an export can be verified by itself.

mod classes;

use crate::audit::chain::{Entry, Link, Record};
use classes::{Activity, Class, Outcome};
use serde_json::{Map, Value, json};

const VERSION: &str = "1.3.0";
const CATEGORY: u32 = 3;

/// The event, with the release of Vestibule that wrote it down.
pub fn event(record: &Record, release: &str) -> Value {
    let Record { entry, link } = record;
    let action = entry.action.parse().ok();
    let Activity { class, id, name, outcome, severity } = action.map_or(classes::UNKNOWN, classes::of);
    let (class_uid, class_name) = class.named();
    let (severity_id, severity) = severity.named();
    let (status_id, status) = match outcome {
        Outcome::Success => (1, "Success"),
        Outcome::Failure => (2, "Failure"),
    };
    let mut event = json!({
        "class_uid": class_uid, "class_name": class_name,
        "category_uid": if class_uid == 0 { 0 } else { CATEGORY },
        "category_name": if class_uid == 0 { "Uncategorized" } else { "Identity & Access Management" },
        "activity_id": id, "activity_name": name, "type_uid": class_uid * 100 + id,
        "type_name": format!("{class_name}: {name}"),
        "severity_id": severity_id, "severity": severity,
        "status_id": status_id, "status": status,
        "time": entry.at, "message": entry.action,
        "metadata": {
            "version": VERSION, "uid": entry.audit_event_id, "sequence": link.sequence,
            "event_code": entry.action, "log_name": "audit",
            "tenant_uid": entry.organization_id.as_ref().unwrap_or(&entry.project_id),
            "product": { "name": "Vestibule", "vendor_name": "Vestibule", "version": release },
        },
        "actor": actor(entry),
        "unmapped": unmapped(record),
    });
    let Some(fields) = event.as_object_mut() else { return event };
    match class {
        Class::Authentication => {
            fields.insert("user".to_owned(), user(entry));
            fields.insert("service".to_owned(), json!({ "name": "Vestibule" }));
        }
        Class::Account => drop(fields.insert("user".to_owned(), user(entry))),
        Class::Entity(kind) => drop(fields.insert("entity".to_owned(), entity(entry, kind))),
        Class::Base => {}
    }
    event
}

/// The row that an exported event was, to be verified.
pub fn record(event: &Value) -> Option<Record> {
    let it = event.get("unmapped")?;
    let text = |name: &str| it.get(name).and_then(Value::as_str).map(str::to_owned);
    let entry = Entry {
        audit_event_id: event.get("metadata")?.get("uid")?.as_str()?.to_owned(),
        project_id: text("project_id")?,
        organization_id: text("organization_id"),
        member_id: text("member_id"),
        action: text("action")?,
        actor: text("actor")?,
        at: it.get("at")?.as_i64()?,
        details: text("details")?,
    };
    let sequence = it.get("sequence")?.as_i64()?;
    Some(Record { entry, link: Link { sequence, hash: text("hash")?, mac: text("mac")? } })
}

fn unmapped(Record { entry, link }: &Record) -> Value {
    json!({
        "sequence": link.sequence, "hash": link.hash, "mac": link.mac,
        "project_id": entry.project_id, "organization_id": entry.organization_id, "member_id": entry.member_id,
        "action": entry.action, "actor": entry.actor, "at": entry.at, "details": entry.details,
    })
}

/// The member it is about; of an unknown one nothing is said.
fn user(entry: &Entry) -> Value {
    let mut user = Map::new();
    user.insert("type_id".to_owned(), json!(i32::from(entry.member_id.is_some())));
    user.insert("uid".to_owned(), json!(entry.member_id.as_deref().unwrap_or("unknown")));
    if let Some(organization) = &entry.organization_id {
        user.insert("org".to_owned(), json!({ "uid": organization }));
    }
    Value::Object(user)
}

/// On whose authority: a member's, a backend's, the operator's.
fn actor(entry: &Entry) -> Value {
    let details: Value = serde_json::from_str(&entry.details).unwrap_or_default();
    let acting = details.get("acting_member_id").and_then(Value::as_str);
    match entry.actor.as_str() {
        "member" => {
            json!({ "user": { "type_id": 1, "uid": acting.or(entry.member_id.as_deref()).unwrap_or("unknown") } })
        }
        "operator" => json!({ "user": { "type_id": 2, "type": "Admin", "name": "operator" } }),
        "administrator" => json!({ "user": { "type_id": 2, "type": "Admin", "name": "administrator" } }),
        _ => json!({ "app_name": "project secret", "app_uid": entry.project_id }),
    }
}

fn entity(entry: &Entry, kind: &str) -> Value {
    let uid = entry.member_id.as_ref().or(entry.organization_id.as_ref()).unwrap_or(&entry.project_id);
    json!({ "type": kind, "uid": uid })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(action: &str, actor: &str) -> Record {
        let entry = Entry {
            audit_event_id: "audit-event-1".to_owned(),
            project_id: "project-1".to_owned(),
            organization_id: Some("organization-1".to_owned()),
            member_id: Some("member-ada".to_owned()),
            action: action.to_owned(),
            actor: actor.to_owned(),
            at: 1_700_049_600_000,
            details: r#"{"method":"totp"}"#.to_owned(),
        };
        let hash = entry.hash(7, "before");
        Record { entry, link: Link { sequence: 7, hash, mac: "mac".to_owned() } }
    }

    #[test]
    fn a_failed_second_factor_is_a_failed_logon() {
        let event = event(&recorded("login.second_factor_failed", "member"), "0.1.0");
        assert_eq!((&event["class_uid"], &event["type_uid"]), (&json!(3002), &json!(300_201)));
        assert_eq!((&event["status"], &event["user"]["uid"]), (&json!("Failure"), &json!("member-ada")));
        assert_eq!(event["user"]["org"]["uid"], "organization-1");
        assert_eq!(
            (&event["metadata"]["uid"], &event["metadata"]["sequence"]),
            (&json!("audit-event-1"), &json!(7))
        );
    }

    #[test]
    fn every_action_has_a_class_and_what_is_required_with_it() {
        for action in crate::audit::Action::ALL {
            let event = event(&recorded(&action.to_string(), "project"), "0.1.0");
            let of = |name: &str| event.get(name).is_some();
            match event["class_uid"].as_i64().unwrap() {
                3002 => assert!(of("user") && of("service"), "{action}"),
                3001 => assert!(of("user") && of("actor"), "{action}"),
                3004 => assert!(of("entity") && of("actor"), "{action}"),
                other => panic!("{action}: {other}"),
            }
        }
    }

    #[test]
    fn an_action_of_a_later_release_is_told_as_other() {
        let event = event(&recorded("moon.landed", "project"), "0.1.0");
        assert_eq!((&event["class_uid"], &event["activity_id"]), (&json!(0), &json!(99)));
    }

    #[test]
    fn what_was_exported_can_be_verified() {
        let written = recorded("session.created", "member");
        let line = event(&written, "0.1.0").to_string();
        assert_eq!(record(&serde_json::from_str(&line).unwrap()), Some(written));
    }
}
