//! What a right code is good for.

use super::{DEAD, NOT_FOUND, ada, code_to};
use testkit::{Person, json, on_both_databases};

on_both_databases! {
    async fn a_code_logs_in_once(app: TestApp) {
        let ada = ada(&app).await;
        let code = code_to(&app, &ada).await;
        let inside = app.spend_code(&ada, &code, json!({})).await.ok();
        assert_eq!(inside["member_authenticated"], true);
        assert_eq!(inside["member"]["email_address_verified"], true);
        assert!(inside.text("method_id").starts_with("email-test-"));
        let factor = &inside["member_session"]["authentication_factors"][0];
        assert_eq!((&factor["type"], &factor["delivery_method"]), (&json!("email_otp"), &json!("email")));
        assert_eq!(factor["email_factor"]["email_address"], json!(ada.email));
        assert_eq!(factor["email_factor"]["email_id"], inside["method_id"]);
        app.check(&inside.text("session_token")).await.ok();
        assert_eq!(app.spend_code(&ada, &code, json!({})).await.refusal(), DEAD);
    }

    async fn a_code_in_any_spelling_of_the_address_is_the_same(app: TestApp) {
        let ada = ada(&app).await;
        let code = code_to(&app, &Person { email: "ADA@acme.example".to_owned(), ..ada.clone() }).await;
        let shouted = Person { email: "Ada@ACME.example".to_owned(), ..ada };
        app.spend_code(&shouted, &code, json!({})).await.ok();
    }

    async fn a_pending_or_invited_member_becomes_active(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let pending = json!({ "create_member_as_pending": true });
        let ada = app.newcomer(&organization, "ada@acme.example", pending).await;
        let code = code_to(&app, &ada).await;
        assert_eq!(app.member(&ada).await["status"], "pending", "not before the code comes back");
        assert_eq!(app.spend_code(&ada, &code, json!({})).await.ok()["member"]["status"], "active");
        let body = json!({ "organization_id": organization, "email_address": "bob@acme.example" });
        let bob = app.post("/v1/b2b/magic_links/email/invite", body).await.ok().text("member_id");
        let bob = Person { organization, member: bob, email: "bob@acme.example".to_owned() };
        let code = code_to(&app, &bob).await;
        assert_eq!(app.member(&bob).await["status"], "invited", "a code is no other invitation");
        assert_eq!(app.spend_code(&bob, &code, json!({})).await.ok()["member"]["status"], "active");
    }

    async fn the_second_factor_stays_due(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let code = code_to(&app, &ada).await;
        let halfway = app.spend_code(&ada, &code, json!({})).await.ok();
        assert_eq!(halfway["member_authenticated"], false);
        assert_eq!((halfway.text("session_token"), &halfway["member_session"]), (String::new(), &json!(null)));
        assert_eq!(halfway["primary_required"], json!(null));
        assert!(halfway["mfa_required"]["member_options"]["totp_registration_id"].is_string());
        assert_ne!(halfway.text("intermediate_session_token"), "");
        assert_eq!(app.spend_code(&ada, &code, json!({})).await.refusal(), DEAD, "spent all the same");
    }

    async fn a_method_that_is_no_longer_allowed_leads_to_the_primary_factor(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let pending = json!({ "create_member_as_pending": true });
        let ada = app.newcomer(&organization, "ada@acme.example", pending).await;
        let code = code_to(&app, &ada).await;
        let links = json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["magic_link"] });
        app.put(&format!("/v1/b2b/organizations/{organization}"), links).await.ok();
        let refused = app.spend_code(&ada, &code, json!({})).await.ok();
        assert_eq!(refused["primary_required"]["allowed_auth_methods"], json!(["magic_link"]));
        assert_eq!((refused.text("session_token"), &refused["member_authenticated"]), (String::new(), &json!(false)));
        assert_eq!(refused["member"]["status"], "pending", "it activates nobody");
    }

    async fn a_code_completes_an_intermediate_session_of_the_member(app: TestApp) {
        let codes = json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["email_otp"] });
        let organization = app.organization(json!({})).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let link = app.mail_link(&organization, &ada.email, json!({})).await;
        app.put(&format!("/v1/b2b/organizations/{organization}"), codes).await.ok();
        let ist = app.spend_link(&link, json!({})).await.ok().text("intermediate_session_token");
        let code = code_to(&app, &ada).await;
        let carried = json!({ "intermediate_session_token": ist });
        let inside = app.spend_code(&ada, &code, carried.clone()).await.ok();
        assert_eq!(inside["member_authenticated"], true);
        let code = code_to(&app, &ada).await;
        let again = app.spend_code(&ada, &code, carried).await;
        assert_eq!(again.refusal(), (404, "intermediate_session_not_found"));
        app.spend_code(&ada, &code, json!({})).await.ok();
    }

    async fn a_session_carried_along_gains_the_factor(app: TestApp) {
        let ada = ada(&app).await;
        let session = app.link_login(&ada).await.ok().text("session_token");
        let code = code_to(&app, &ada).await;
        let inside = app.spend_code(&ada, &code, json!({ "session_token": session })).await.ok();
        let factors = inside["member_session"]["authentication_factors"].as_array().map(Vec::len);
        assert_eq!(factors, Some(2));
    }

    async fn wishes_that_are_refused_compare_and_count_nothing(app: TestApp) {
        let ada = ada(&app).await;
        let code = code_to(&app, &ada).await;
        for _ in 0..12 {
            let short = json!({ "session_duration_minutes": 1 });
            let refused = app.spend_code(&ada, &code, short).await;
            assert_eq!(refused.refusal(), (400, "invalid_session_duration_minutes"));
            let refused = app.spend_code(&ada, &code, json!({ "intermediate_session_token": "nobody" })).await;
            assert_eq!(refused.refusal(), (404, "intermediate_session_not_found"));
        }
        app.spend_code(&ada, &code, json!({})).await.ok();
    }

    async fn deleting_the_member_kills_the_code(app: TestApp) {
        let ada = ada(&app).await;
        let code = code_to(&app, &ada).await;
        app.delete(&ada.path()).await.ok();
        assert_eq!(app.spend_code(&ada, &code, json!({})).await.refusal(), (404, "email_not_found"));
        let again = app.newcomer(&ada.organization, &ada.email, json!({})).await;
        let refused = app.spend_code(&again, &code, json!({})).await;
        assert_eq!(refused.refusal(), DEAD, "nor does it let a namesake in");
        assert_ne!(refused.refusal(), NOT_FOUND);
    }
}
