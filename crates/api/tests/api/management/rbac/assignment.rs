//! Who holds which role, and why.

use super::{check, member_with, role, set_roles, with_documents};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn roles_of_the_project_and_of_the_organization_can_be_assigned_and_no_others(app: TestApp) {
        with_documents(&app).await;
        let (acme, other) = (app.organization(json!({})).await, app.organization(json!({})).await);
        set_roles(&app, &acme, json!([role("owner", "document", &["*"])])).await.ok();
        let ada = app.newcomer(&acme, "ada@acme.example", json!({ "roles": ["owner", "editor"] })).await;
        let bob = app.newcomer(&other, "bob@other.example", json!({})).await;
        let refused = (400, "invalid_rbac_role_id");
        assert_eq!(app.change(&bob, json!({ "roles": ["owner"] })).await.refusal(), refused);
        assert_eq!(app.change(&ada, json!({ "roles": ["nobody"] })).await.refusal(), refused);
        let roles = app.member(&ada).await["roles"].clone();
        assert_eq!(roles[1], json!({ "role_id": "owner", "sources": [{ "type": "direct_assignment", "details": {} }] }));
    }

    async fn a_domain_gives_its_role_to_whoever_proved_the_address(app: TestApp) {
        let assignments = json!([{ "domain": "acme.example", "role_id": "stytch_admin" }]);
        let acme = app.organization(json!({ "rbac_email_implicit_role_assignments": assignments })).await;
        let ada = app.newcomer(&acme, "ada@acme.example", json!({})).await;
        let listed = app.member(&ada).await;
        assert_eq!(listed["roles"][1]["role_id"], json!("stytch_admin"));
        let source = json!([{ "type": "email_assignment", "details": { "email_domain": "acme.example" } }]);
        assert_eq!(listed["roles"][1]["sources"], source);
        assert_eq!(listed["is_admin"], json!(false), "nobody proved the address yet");
        let inside = app.link_login(&ada).await.ok();
        assert_eq!(inside["member"]["is_admin"], json!(true));
        assert_eq!(inside["member_session"]["roles"], json!(["stytch_member", "stytch_admin"]));
    }

    async fn an_address_that_somebody_set_gives_a_live_session_no_role(app: TestApp) {
        let assignments = json!([{ "domain": "acme.example", "role_id": "stytch_admin" }]);
        let acme = app.organization(json!({ "rbac_email_implicit_role_assignments": assignments })).await;
        let (bob, token) = member_with(&app, &acme, "bob@plain.example", json!([])).await;
        app.change(&bob, json!({ "email_address": "bob@acme.example" })).await.ok();
        assert_eq!(app.check(&token).await.ok()["member_session"]["roles"], json!(["stytch_member"]));
        let answer = check(&app, &token, (&acme, "stytch.member", "create")).await;
        assert_eq!(answer.refusal(), (403, "session_authorization_error"));
    }
}
