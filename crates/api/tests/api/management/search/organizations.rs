//! Each filter of organizations.

use super::{operand, organizations, query};
use testkit::{TestApp, Value, json, on_both_databases};

async fn found(app: &TestApp, name: &str, value: impl Into<Value>) -> Vec<String> {
    organizations(app, query("AND", &[operand(name, value)])).await
}

/// Ärzte and Bolt; and one that was deleted.
async fn two(app: &TestApp) -> [String; 2] {
    let one = app
        .organization(json!({ "organization_name": "Die ÄRZTE 100%", "organization_slug": "Aerzte", "organization_external_id": "crm|1",
            "email_allowed_domains": ["aerzte.example", "praxis.example"], "claimed_email_domains": ["aerzte.example"] }))
        .await;
    app.advance(1);
    let other = app
        .organization(json!({ "organization_name": "Bolt", "organization_slug": "bolt_1", "email_allowed_domains": ["bolt.example"] }))
        .await;
    let gone = app.organization(json!({ "organization_name": "Gone", "organization_slug": "gone" })).await;
    app.delete(&format!("/v1/b2b/organizations/{gone}")).await.ok();
    [one, other]
}

on_both_databases! {
    async fn without_a_filter_all_but_the_deleted_are_found(app: TestApp) {
        two(&app).await;
        for query in [Value::Null, query("AND", &[]), json!({ "operator": "OR" })] {
            assert_eq!(organizations(&app, query).await, ["Die ÄRZTE 100%", "Bolt"]);
        }
    }

    async fn organizations_are_found_by_every_name_they_have(app: TestApp) {
        let [one, other] = two(&app).await;
        assert_eq!(found(&app, "organization_ids", [one.as_str(), &other]).await, ["Die ÄRZTE 100%", "Bolt"]);
        assert_eq!(found(&app, "organization_ids", ["crm|1", "BOLT_1"]).await, ["Die ÄRZTE 100%", "Bolt"]);
        assert_eq!(found(&app, "organization_ids", [other.as_str(), "aerzte", "gone"]).await, ["Die ÄRZTE 100%", "Bolt"]);
        assert_eq!(found(&app, "organization_slugs", ["AERZTE", "gone"]).await, ["Die ÄRZTE 100%"]);
        assert_eq!(found(&app, "organization_slug_fuzzy", "LT_").await, ["Bolt"]);
        assert_eq!(found(&app, "organization_slug_fuzzy", "rz_").await, [""; 0]);
        assert_eq!(found(&app, "organization_name_fuzzy", "ärzte 100%").await, ["Die ÄRZTE 100%"]);
        assert_eq!(found(&app, "organization_name_fuzzy", "100_").await, [""; 0]);
    }

    async fn a_renamed_organization_is_found_by_the_new_name(app: TestApp) {
        let [one, _] = two(&app).await;
        app.put(&format!("/v1/b2b/organizations/{one}"), json!({ "organization_name": "Clinic" })).await.ok();
        assert_eq!(found(&app, "organization_name_fuzzy", "CLIN").await, ["Clinic"]);
        assert_eq!(found(&app, "organization_name_fuzzy", "ärzte").await, [""; 0]);
    }

    async fn organizations_are_found_by_their_domains(app: TestApp) {
        let [one, _] = two(&app).await;
        assert_eq!(found(&app, "allowed_domains", ["PRAXIS.example", "x.example"]).await, ["Die ÄRZTE 100%"]);
        assert_eq!(found(&app, "allowed_domain_fuzzy", "olt.ex").await, ["Bolt"]);
        assert_eq!(found(&app, "claimed_email_domains", ["aerzte.example", "bolt.example"]).await, ["Die ÄRZTE 100%"]);
        app.put(&format!("/v1/b2b/organizations/{one}"), json!({ "email_allowed_domains": ["new.example"] })).await.ok();
        assert_eq!(found(&app, "allowed_domains", ["praxis.example"]).await, [""; 0]);
        assert_eq!(found(&app, "allowed_domains", ["new.example"]).await, ["Die ÄRZTE 100%"]);
    }

    async fn organizations_are_found_by_their_members_but_not_by_deleted_ones(app: TestApp) {
        let [one, other] = two(&app).await;
        app.newcomer(&one, "Ada@acme.example", json!({})).await;
        let ada = app.newcomer(&other, "ada@acme.example", json!({})).await;
        assert_eq!(found(&app, "member_emails", ["ADA@acme.example"]).await, ["Die ÄRZTE 100%", "Bolt"]);
        assert_eq!(found(&app, "member_email_fuzzy", "DA@ac").await, ["Die ÄRZTE 100%", "Bolt"]);
        app.delete(&ada.path()).await.ok();
        assert_eq!(found(&app, "member_emails", ["ada@acme.example"]).await, ["Die ÄRZTE 100%"]);
        assert_eq!(found(&app, "member_email_fuzzy", "ada@").await, ["Die ÄRZTE 100%"]);
    }

    async fn nobody_has_a_connection_while_there_are_none(app: TestApp) {
        two(&app).await;
        assert_eq!(found(&app, "has_active_sso_connection", true).await, [""; 0]);
        assert_eq!(found(&app, "has_active_sso_connection", false).await, ["Die ÄRZTE 100%", "Bolt"]);
        assert_eq!(found(&app, "sso_connection_id", "saml-connection-test-1").await, [""; 0]);
    }

    async fn members_are_counted_without_the_deleted_ones(app: TestApp) {
        let [one, other] = two(&app).await;
        let metrics = async |name: &str| app.get(&format!("/v1/b2b/organizations/{name}/metrics")).await;
        app.newcomer(&other, "bob@acme.example", json!({})).await;
        app.newcomer(&one, "ada@acme.example", json!({ "create_member_as_pending": true })).await;
        let gone = app.newcomer(&one, "gone@acme.example", json!({})).await;
        assert_eq!(metrics(&one).await.ok()["member_count"], json!(2));
        app.delete(&gone.path()).await.ok();
        assert_eq!(metrics("aerzte").await.ok()["member_count"], json!(1));
        assert_eq!(metrics("crm%7C1").await.ok()["member_count"], json!(1));
        for unknown in ["gone", "nobody"] {
            assert_eq!(metrics(unknown).await.refusal(), (404, "organization_not_found"));
        }
    }
}
