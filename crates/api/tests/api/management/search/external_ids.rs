//! External ids are taken away, and free again.

use testkit::{Value, json, on_both_databases};

on_both_databases! {
    async fn an_external_id_of_an_organization_is_free_once_taken_away(app: TestApp) {
        let organization = app.organization(json!({ "organization_external_id": "crm|1" })).await;
        let path = |name: &str| format!("/v1/b2b/organizations/{name}/external_id");
        let answer = app.delete(&path("crm%7C1")).await.ok();
        assert_eq!(answer["organization"]["organization_id"], json!(organization));
        assert_eq!(answer["organization"]["organization_external_id"], Value::Null);
        assert_eq!(app.get("/v1/b2b/organizations/crm%7C1").await.refusal(), (404, "organization_not_found"));
        app.delete(&path(&organization)).await.ok(); // none is left, and that is how it was wanted
        app.organization(json!({ "organization_external_id": "crm|1" })).await;
        assert_eq!(app.delete(&path("nobody")).await.refusal(), (404, "organization_not_found"));
    }

    async fn an_external_id_of_a_member_is_free_once_taken_away(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({ "external_id": "hr|1" })).await;
        let path = |name: &str| format!("/v1/b2b/organizations/{organization}/members/{name}/external_id");
        let answer = app.delete(&path("hr%7C1")).await.ok();
        assert_eq!((&answer["member_id"], &answer["member"]["external_id"]), (&json!(ada.member), &Value::Null));
        app.delete(&path(&ada.member)).await.ok();
        assert_eq!(app.delete(&path("hr%7C1")).await.refusal(), (404, "member_not_found"));
        app.newcomer(&organization, "bob@acme.example", json!({ "external_id": "hr|1" })).await;
        app.delete(&ada.path()).await.ok();
        assert_eq!(app.delete(&path(&ada.member)).await.refusal(), (404, "member_not_found"));
    }
}
