//! `authorization_check`.

use super::{check, member_with, role, set_roles, with_documents};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn what_the_roles_grant_is_answered_with_the_roles_that_grant_it(app: TestApp) {
        with_documents(&app).await;
        let acme = app.organization(json!({ "organization_slug": "acme" })).await;
        set_roles(&app, &acme, json!([role("owner", "document", &["*"])])).await.ok();
        let (_, token) = member_with(&app, &acme, "ada@acme.example", json!(["editor", "owner"])).await;
        let answer = check(&app, &token, (&acme, "document", "write")).await.ok();
        let both = json!({ "authorized": true, "granting_roles": ["editor", "owner"] });
        assert_eq!(answer["verdict"], both);
        let answer = check(&app, &token, ("acme", "document", "share")).await.ok();
        assert_eq!(answer["verdict"]["granting_roles"], json!(["owner"]));
        let unasked = app.check(&token).await.ok();
        assert_eq!(unasked["verdict"], json!(null));
        assert_eq!(unasked["member_session"]["roles"], json!(["stytch_member", "editor", "owner"]));
    }

    async fn what_they_do_not_grant_is_refused_and_extends_nothing(app: TestApp) {
        with_documents(&app).await;
        let (acme, other) = (app.organization(json!({})).await, app.organization(json!({})).await);
        let (_, token) = member_with(&app, &acme, "ada@acme.example", json!(["editor"])).await;
        let before = app.check(&token).await.ok()["member_session"]["expires_at"].clone();
        for (organization, resource, action, refusal) in [
            (&acme, "document", "share", "session_authorization_error"),
            (&acme, "document", "*", "session_authorization_error"),
            (&acme, "documents", "read", "session_authorization_error"),
            (&other, "document", "read", "session_authorization_tenancy_error"),
        ] {
            let check = json!({ "organization_id": organization, "resource_id": resource, "action": action });
            let body = json!({ "session_token": token, "session_duration_minutes": 600, "authorization_check": check });
            let answer = app.post("/v1/b2b/sessions/authenticate", body).await;
            assert_eq!(answer.refusal(), (403, refusal));
        }
        assert_eq!(app.check(&token).await.ok()["member_session"]["expires_at"], before);
    }

    async fn a_role_taken_away_grants_nothing_at_the_next_check(app: TestApp) {
        with_documents(&app).await;
        let acme = app.organization(json!({})).await;
        let (ada, token) = member_with(&app, &acme, "ada@acme.example", json!(["editor"])).await;
        check(&app, &token, (&acme, "document", "read")).await.ok();
        app.change(&ada, json!({ "roles": [] })).await.ok();
        let answer = check(&app, &token, (&acme, "document", "read")).await;
        assert_eq!(answer.refusal(), (403, "session_authorization_error"));
    }
}
