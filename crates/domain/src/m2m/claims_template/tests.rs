//! What templates become.

use super::*;
use crate::{Timestamp, digest::Digest, m2m::Status, metadata::Metadata};
use serde_json::json;

fn client() -> Client {
    let metadata = json!({ "plan": { "seats": 3, "name": "pro" }, "tags": ["a"], "sub": "mallory" });
    Client {
        project_id: "project-test-00000000-0000-4000-8000-000000000001".parse().unwrap(),
        client_id: "billing".parse().unwrap(),
        name: "Billing".to_owned(),
        description: String::new(),
        status: Status::Active,
        scopes: "a".parse().unwrap(),
        trusted_metadata: Metadata::default().merged(metadata).unwrap(),
        secret_digest: Digest::of(b""),
        secret_last_four: String::new(),
        secret_is_imported: false,
        next_secret_digest: None,
        next_secret_last_four: None,
        created_at: Timestamp::from_milliseconds(0),
        updated_at: Timestamp::from_milliseconds(0),
    }
}

fn rendered(template: &Value) -> Value {
    let template = ClaimsTemplate::parse(&template.to_string()).unwrap();
    assert_eq!(ClaimsTemplate::parse(&template.to_string()), Ok(template.clone()));
    Value::Object(template.render(&client()).unwrap())
}

#[test]
fn a_reference_becomes_the_value_it_names() {
    let template = json!({
        "plan": "{{ client.trusted_metadata.plan }}", "seats": "{{client.trusted_metadata.plan.seats}}",
        "who": { "is": ["{{ client.name }}", "{{ client.client_id }}", 7, true, null] },
    });
    let expected = json!({
        "plan": { "seats": 3, "name": "pro" }, "seats": 3,
        "who": { "is": ["Billing", "billing", 7, true, null] },
    });
    assert_eq!(rendered(&template), expected);
}

#[test]
fn a_reference_within_a_text_becomes_a_word() {
    let template = json!({ "it": "{{ client.name }}: {{ client.trusted_metadata.plan.seats }}, {{ client.trusted_metadata.tags }}." });
    assert_eq!(rendered(&template), json!({ "it": "Billing: 3, ." }));
}

#[test]
fn a_reference_to_nothing_is_left_out() {
    let template = json!({ "a": "{{ client.trusted_metadata.none }}", "b": "{{ client.trusted_metadata.plan.x.y }}", "c": "" });
    assert_eq!(rendered(&template), json!({ "c": "" }));
}

#[test]
fn a_claim_of_ours_can_never_be_set() {
    for name in RESERVED.into_iter().chain(["https://stytch.com/session", "https://stytch.com/x"]) {
        let refused = ClaimsTemplate::parse(&json!({ name: "x" }).to_string()).unwrap_err();
        assert_eq!(refused, format!("the claim {name} is reserved"));
    }
    assert_eq!(rendered(&json!({ "all": "{{ client.trusted_metadata.sub }}" })), json!({ "all": "mallory" }));
}

#[test]
fn a_template_that_cannot_be_read_is_refused() {
    let deep = "[".repeat(9) + &"]".repeat(9);
    for wrong in [
        "[]",
        "x",
        r#"{"a": "{{ client.name"}"#,
        r#"{"a": "{{ client.secret_digest }}"}"#,
        r#"{"a": "{{ client.trusted_metadata }}"}"#,
        r#"{"a": "{{ client.trusted_metadata..x }}"}"#,
        r#"{"a": "{{ client.name.x }}"}"#,
        r#"{"a": "{{ env.HOME }}"}"#,
        r#"{"a": "{{}}"}"#,
        &format!(r#"{{"a": {deep}}}"#),
        &format!(r#"{{"a": "{}"}}"#, "x".repeat(4096)),
    ] {
        assert!(ClaimsTemplate::parse(wrong).is_err(), "{wrong}");
    }
    assert_eq!(ClaimsTemplate::parse(" "), Ok(ClaimsTemplate::default()));
}

#[test]
fn claims_that_grow_beyond_4_kb_are_refused() {
    let long = "x".repeat(3000);
    let metadata = Metadata::default().merged(json!({ "x": long })).unwrap();
    let client = Client { trusted_metadata: metadata, ..client() };
    let twice = json!({ "a": "{{ client.trusted_metadata.x }}", "b": "{{ client.trusted_metadata.x }}" });
    let template = ClaimsTemplate::parse(&twice.to_string()).unwrap();
    assert_eq!(template.render(&client), Err(Refusal::CustomClaimsTooLarge));
}
