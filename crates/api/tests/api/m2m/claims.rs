//! What the operator adds to tokens.

use super::{access_token, claims, id};
use testkit::{json, on_both_databases};

const TEMPLATE: &str = "m2m.claims_template";

on_both_databases! {
    async fn a_template_puts_trusted_metadata_into_tokens(app: TestApp) {
        let template = json!({
            "tenant": "{{ client.trusted_metadata.tenant.id }}", "who": "{{ client.name }} ({{ client.client_id }})",
            "none": "{{ client.trusted_metadata.none }}", "fixed": [1, true],
        });
        app.set(TEMPLATE, &template.to_string()).await;
        let metadata = json!({ "tenant": { "id": { "n": 7 } } });
        let client = app.m2m_client(json!({ "client_name": "B", "trusted_metadata": metadata })).await;
        let token = access_token(&app, &client).await;
        for said in [claims(&token), app.introspect(&token).await.ok().body] {
            assert_eq!((&said["tenant"], &said["fixed"]), (&json!({ "n": 7 }), &json!([1, true])));
            assert_eq!(said["who"], json!(format!("B ({})", id(&client))));
            assert_eq!(said.get("none"), None);
            assert_eq!(said["sub"], client["client_id"]);
        }
    }

    async fn what_a_client_is_called_does_not_make_claims(app: TestApp) {
        app.set(TEMPLATE, r#"{"name": "{{ client.name }}"}"#).await;
        let name = r#"", "sub": "mallory", "x": "{{ client.client_id }}"#;
        let client = app.m2m_client(json!({ "client_name": name })).await;
        let said = claims(&access_token(&app, &client).await);
        assert_eq!((&said["name"], &said["sub"]), (&json!(name), &client["client_id"]));
    }

    async fn claims_that_are_too_large_are_refused(app: TestApp) {
        app.set(TEMPLATE, r#"{"a": "{{ client.trusted_metadata.x }}", "b": "{{ client.trusted_metadata.x }}"}"#).await;
        let client = app.m2m_client(json!({ "trusted_metadata": { "x": "x".repeat(3000) } })).await;
        assert_eq!(app.m2m_token(&client, json!({})).await.refusal(), (400, "invalid_request"));
    }
}
