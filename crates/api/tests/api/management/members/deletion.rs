//! Deleting a member: total and at once.

use super::{delete, find, reactivate};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn a_member_is_deleted_once(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({ "external_id": "crm-1" })).await;
        let by_name = testkit::Person { member: "crm-1".to_owned(), ..ada.clone() };
        assert_eq!(delete(&app, &by_name, "").await.ok()["member_id"], ada.member.as_str());
        for again in [&ada, &by_name] {
            assert_eq!(delete(&app, again, "").await.refusal(), (404, "member_not_found"));
        }
    }

    async fn their_sessions_die(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let inside = app.link_login(&ada).await.ok();
        delete(&app, &ada, "").await.ok();
        for shown in ["session_token", "session_jwt"] {
            let checked = app.post("/v1/b2b/sessions/authenticate", json!({ shown: inside[shown] })).await;
            assert_eq!(checked.refusal(), (404, "session_not_found"), "{shown}");
        }
        let path = format!("/v1/b2b/sessions?organization_id={organization}&member_id={}", ada.member);
        assert_eq!(app.get(&path).await.refusal(), (404, "member_not_found"));
    }

    async fn their_links_and_passwords_open_nothing(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let link = app.mail_link(&organization, &ada.email, json!({})).await;
        delete(&app, &ada, "").await.ok();
        assert_eq!(app.spend_link(&link, json!({})).await.refusal(), (404, "magic_link_not_found"));
        assert_eq!(app.password_login(&ada).await.refusal(), (404, "email_not_found"));
    }

    async fn a_half_login_ends(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let ist = app.halfway(&ada).await;
        delete(&app, &ada, "").await.ok();
        let code = testkit::code_of(&secret, app.now());
        let evidence = json!({ "code": code, "intermediate_session_token": ist });
        assert_eq!(app.complete(&ada, "totp", evidence).await.refusal(), (404, "member_not_found"));
    }

    async fn what_ended_stays_ended_when_they_come_back(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let (ist, link) =
            (app.halfway(&ada).await, app.mail_link(&ada.organization, &ada.email, json!({})).await);
        delete(&app, &ada, "").await.ok();
        reactivate(&app, &ada).await.ok();
        let evidence =
            json!({ "code": testkit::code_of(&secret, app.now()), "intermediate_session_token": ist });
        let completed = app.complete(&ada, "totp", evidence).await;
        assert_eq!(completed.refusal(), (404, "intermediate_session_not_found"));
        assert_eq!(app.spend_link(&link, json!({})).await.refusal(), (401, "unable_to_auth_magic_link"));
    }

    async fn the_same_address_becomes_another_member(app: TestApp) {
        let jit =
            json!({ "email_jit_provisioning": "RESTRICTED", "email_allowed_domains": ["acme.example"] });
        let organization = app.organization(jit).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        delete(&app, &ada, "").await.ok();
        let body = json!({ "organization_id": organization, "email_address": ada.email });
        let signup = app.post("/v1/b2b/magic_links/email/login_or_signup", body).await.ok();
        assert_eq!(signup["member_created"], true);
        assert_eq!(signup["member"]["member_password_id"], "");
        assert_ne!(signup["member_id"], ada.member.as_str());
        let old = find(&app, &organization, &format!("member_id={}", ada.member)).await.ok();
        assert_eq!(old["member"]["status"], "deleted");
    }
}
