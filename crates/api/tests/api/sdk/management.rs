//! What a member does in a page once inside.

use super::{inside, log_in};
use axum::http::Method;
use testkit::{NEW_PASSWORD, Page, Value, json, on_both_databases};

const MEMBERS: &str = "/sdk/v1/b2b/organizations/members";

on_both_databases! {
    async fn members_see_and_change_themselves(app: TestApp) {
        let (page, ada) = inside(&app).await;
        let me = app.from_page(&page, Method::GET, &format!("{MEMBERS}/me"), Value::Null).await.ok();
        assert_eq!(me.text("member_id"), ada.member);
        let body = json!({ "name": "Ada", "untrusted_metadata": { "theme": "dark" } });
        let changed = app.from_page(&page, Method::PUT, &format!("{MEMBERS}/update"), body).await.ok();
        assert_eq!(changed["member"]["name"], "Ada");
        let organization = app.from_page(&page, Method::GET, "/sdk/v1/b2b/organizations/me", Value::Null).await.ok();
        assert_eq!(organization["organization"]["organization_id"], ada.organization.as_str());
    }

    async fn a_new_password_keeps_the_session_of_the_page(app: TestApp) {
        let (page, ada) = inside(&app).await;
        let changed = app.ask(&page, "passwords/session/reset", json!({ "password": NEW_PASSWORD })).await.ok();
        assert_eq!(changed["member_session"]["member_id"], ada.member.as_str());
        assert!(!changed.text("session_token").is_empty() && !changed.text("session_jwt").is_empty());
    }

    async fn nobody_changes_another_by_naming_them(app: TestApp) {
        let (page, ada) = inside(&app).await;
        let grace = app.person(&ada.organization, "grace@acme.example").await;
        let body = json!({ "name": "Mallory", "member_id": grace.member, "organization_id": ada.organization });
        let changed = app.from_page(&page, Method::PUT, &format!("{MEMBERS}/update"), body).await.ok();
        assert_eq!(changed.text("member_id"), ada.member);
        assert_eq!(app.member(&grace).await["name"], "");
    }

    async fn nobody_makes_themselves_an_administrator(app: TestApp) {
        let (page, ada) = inside(&app).await;
        let body = json!({ "roles": ["stytch_admin"] });
        let refused = app.from_page(&page, Method::PUT, &format!("{MEMBERS}/update"), body).await;
        assert_eq!(refused.refusal(), (403, "session_authorization_error"));
        assert!(!app.member(&ada).await["roles"].to_string().contains("stytch_admin"));
    }

    async fn managing_is_switched_on_and_takes_a_right(app: TestApp) {
        let (page, ada) = inside(&app).await;
        let body = json!({ "email_address": "new@acme.example" });
        let off = app.from_page(&page, Method::POST, MEMBERS, body.clone()).await;
        assert_eq!(off.refusal(), (403, "endpoint_not_authorized_for_sdk"));
        app.set("sdk.manages", "true").await;
        let powerless = app.from_page(&page, Method::POST, MEMBERS, body.clone()).await;
        assert_eq!(powerless.refusal(), (403, "session_authorization_error"));
        app.change(&ada, json!({ "roles": ["stytch_admin"] })).await.ok();
        let made = app.from_page(&page, Method::POST, MEMBERS, body).await.ok();
        assert_eq!(made["member"]["email_address"], "new@acme.example");
        let path = "organizations/me/members/search";
        let found = app.ask(&page, path, json!({})).await.ok();
        assert_eq!(found["results_metadata"]["total"], 2);
    }

    async fn a_session_is_good_in_its_own_organization_only(app: TestApp) {
        let (page, ada) = inside(&app).await;
        app.set("sdk.manages", "true").await;
        app.change(&ada, json!({ "roles": ["stytch_admin"] })).await.ok();
        let other = app.organization(json!({})).await;
        let eve = app.person(&other, "eve@other.example").await;
        let refused = app.from_page(&page, Method::DELETE, &format!("{MEMBERS}/{}", eve.member), Value::Null).await;
        assert_eq!(refused.refusal(), (404, "member_not_found"));
    }

    async fn recovery_codes_are_shown_to_whoever_proved_the_second_factor(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let page = app.page().await;
        let weak = Page { session: log_in(&app, &page, &ada).await.ok().text("session_token"), ..page };
        app.import_totp(&ada).await;
        for (method, path) in [(Method::GET, "/sdk/v1/b2b/recovery_codes"), (Method::POST, "/sdk/v1/b2b/recovery_codes/rotate")] {
            let refused = app.from_page(&weak, method, path, json!({})).await;
            assert_eq!(refused.refusal(), (401, "insufficient_factors"), "{path}");
        }
        let code = testkit::code_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", app.now());
        let body = json!({ "organization_id": ada.organization, "member_id": ada.member, "code": code });
        let raised = app.ask(&weak, "totp/authenticate", body).await.ok().text("session_token");
        let strong = Page { session: raised, ..weak };
        let codes = app.ask(&strong, "recovery_codes/rotate", json!({})).await.ok();
        assert!(!codes["recovery_codes"].as_array().unwrap().is_empty());
    }
}
