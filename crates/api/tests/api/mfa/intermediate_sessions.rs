//! The room between the doors (rules 13 and 16).

use super::{PHONE, REQUIRED, WRONG, accept_only, enter_by_sms, restrict, with_ist};
use testkit::{Person, TestApp, Value, json, on_both_databases};

/// A session by the number, which is enrolled if there is none.
async fn enter(app: &TestApp, who: &Person) -> String {
    if app.member(who).await["mfa_phone_number_verified"] == json!(true) {
        enter_by_sms(app, who).await
    } else {
        app.enrol_sms(who, PHONE).await
    }
}

on_both_databases! {
    async fn an_intermediate_session_lives_ten_minutes_from_its_creation(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let first = app.link_login(&ada).await.ok();
        let ist = first.text("intermediate_session_token");
        app.advance(599);
        let filled = app.password_login_with(&ada, json!({ "intermediate_session_token": ist })).await.ok();
        assert_eq!(filled["intermediate_session_token"], first["intermediate_session_token"]);
        let ends = "intermediate_session_token_expires_at";
        assert_eq!(filled[ends], first[ends], "a further factor does not renew it");
        let wrong = app.complete(&ada, "totp", with_ist(&ist, WRONG)).await;
        assert_eq!(wrong.refusal(), (401, "unable_to_authenticate_totp"));
        app.advance(1);
        let late = app.complete(&ada, "totp", with_ist(&ist, WRONG)).await;
        assert_eq!(late.refusal(), (404, "intermediate_session_not_found"));
    }

    async fn a_member_has_twenty_intermediate_sessions_and_the_oldest_goes(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let mut ists = Vec::new();
        for _ in 0..21 {
            ists.push(app.between(&ada).await);
            app.advance(1);
        }
        let tried = async |at: usize| app.complete(&ada, "totp", with_ist(&ists[at], WRONG)).await;
        assert_eq!(tried(0).await.refusal(), (404, "intermediate_session_not_found"));
        assert_eq!(tried(1).await.refusal(), (401, "unable_to_authenticate_totp"));
        assert_eq!(tried(20).await.refusal(), (401, "unable_to_authenticate_totp"));
    }

    async fn a_second_factor_in_the_intermediate_session_needs_no_repeating(app: TestApp) {
        let ada = app.ada().await;
        for policy in [REQUIRED, "OPTIONAL"] {
            // she is enrolled by now
            let session = enter(&app, &ada).await;
            let link = app.mail_link(&ada.organization, &ada.email, json!({})).await;
            accept_only(&app, &ada, "sso").await;
            let stopped = app.spend_link(&link, json!({ "session_token": session })).await.ok();
            assert_eq!(stopped["primary_required"], json!({ "allowed_auth_methods": ["sso"] }));
            assert_eq!(stopped["mfa_required"], Value::Null, "it is there already");

            accept_only(&app, &ada, "password").await;
            restrict(&app, &ada, json!({ "mfa_policy": policy })).await;
            let carried = json!({ "intermediate_session_token": stopped["intermediate_session_token"] });
            let inside = app.password_login_with(&ada, carried.clone()).await.ok();
            assert_eq!(inside["member_authenticated"], json!(true), "{policy}");
            assert_eq!(inside["intermediate_session_token"], json!(""));
            let again = app.password_login_with(&ada, carried).await;
            assert_eq!(again.refusal(), (404, "intermediate_session_not_found"), "it is consumed");
            restrict(&app, &ada, json!({ "auth_methods": "ALL_ALLOWED" })).await;
        }
    }

    async fn the_intermediate_session_of_another_member_is_refused(app: TestApp) {
        let ada = app.ada().await;
        let bob = app.person(&ada.organization, "bob@acme.example").await;
        let carried = json!({ "intermediate_session_token": app.between(&bob).await });
        let link = app.mail_link(&ada.organization, &ada.email, json!({})).await;
        let refused = (400, "invalid_intermediate_session_token_for_organization");
        assert_eq!(app.spend_link(&link, carried.clone()).await.refusal(), refused);
        assert_eq!(app.password_login_with(&ada, carried).await.refusal(), refused);
        app.spend_link(&link, json!({})).await.ok(); // nothing was spent
    }

    async fn an_intermediate_session_is_no_session(app: TestApp) {
        let ada = app.ada().await;
        let ist = app.between(&ada).await;
        assert_eq!(app.check(&ist).await.refusal(), (404, "session_not_found"));
        let session = app.enrol_sms(&ada, PHONE).await;
        let swapped = app.complete(&ada, "otps/sms", with_ist(&session, WRONG)).await;
        assert_eq!(swapped.refusal(), (404, "intermediate_session_not_found"));
    }
}
