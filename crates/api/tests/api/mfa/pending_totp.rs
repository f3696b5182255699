//! Authenticator apps that are not confirmed yet.

use super::{PHONE, REQUIRED, WRONG, allow_only, enter_by_totp, recovery, with_ist, with_session};
use testkit::{Person, TestApp, Value, code_of, json, on_both_databases};

fn by(ist: &str) -> Value {
    json!({ "intermediate_session_token": ist })
}

/// A member of an organization that leaves the second factor to the members, with a session.
async fn volunteer(app: &TestApp) -> (Person, String) {
    let organization = app.organization(json!({})).await;
    let ada = app.person(&organization, "ada@acme.example").await;
    let session = app.link_login(&ada).await.ok().text("session_token");
    (ada, session)
}

on_both_databases! {
    async fn an_app_is_shown_once(app: TestApp) {
        let ada = app.ada().await;
        let shown = app.create_totp(&ada, by(&app.between(&ada).await)).await.ok();
        assert_eq!(shown.text("secret").len(), 32);
        assert!(shown.text("qr_code").starts_with("data:image/png;base64,iVBOR"));
        assert_eq!(shown["recovery_codes"].as_array().map(Vec::len), Some(10));
        assert!(shown.text("totp_registration_id").starts_with("totp-registration-test-"));
        assert_eq!(shown["member"]["totp_registration_id"], json!(""), "it is not the member's yet");
    }

    async fn its_first_code_makes_it_the_members_and_is_spent(app: TestApp) {
        let ada = app.ada().await;
        let (ist, other) = (app.between(&ada).await, app.between(&ada).await);
        let shown = app.create_totp(&ada, by(&ist)).await.ok();
        let code = code_of(&shown.text("secret"), app.now());
        let inside = app.complete(&ada, "totp", with_ist(&ist, &code)).await.ok();
        assert_eq!(inside["member"]["totp_registration_id"], shown["totp_registration_id"]);
        let replayed = app.complete(&ada, "totp", with_ist(&other, &code)).await;
        assert_eq!(replayed.refusal(), (400, "totp_code_already_authenticated"));
        let another = app.create_totp(&ada, by(&other)).await;
        assert_eq!(another.refusal(), (400, "active_totp_exists"));
    }

    async fn it_is_replaced_by_the_next(app: TestApp) {
        let ada = app.ada().await;
        let ist = app.between(&ada).await;
        let (first, second) =
            (app.create_totp(&ada, by(&ist)).await.ok(), app.create_totp(&ada, by(&ist)).await.ok());
        let code = |of: &testkit::Answer| code_of(&of.text("secret"), app.now());
        let old = app.complete(&ada, "totp", with_ist(&ist, &code(&first))).await;
        assert_eq!(old.refusal(), (401, "unable_to_authenticate_totp"));
        let inside = app.complete(&ada, "totp", with_ist(&ist, &code(&second))).await.ok();
        assert_eq!(inside["member"]["totp_registration_id"], second["totp_registration_id"]);
        let old_code = first["recovery_codes"][0].as_str().expect("a code").to_owned();
        let ist = app.between(&ada).await;
        let recovered = app.complete(&ada, "recovery_codes", recovery(&ist, &old_code)).await;
        assert_eq!(recovered.refusal(), (401, "unable_to_authenticate_recovery_code"));
    }

    async fn it_satisfies_nothing_and_neither_do_its_recovery_codes(app: TestApp) {
        let ada = app.ada().await;
        let shown = app.create_totp(&ada, json!({})).await.ok();
        let login = app.link_login(&ada).await.ok();
        assert_eq!(login["mfa_required"]["member_options"], Value::Null);
        let code = shown["recovery_codes"][0].as_str().expect("a code");
        let evidence = recovery(&login.text("intermediate_session_token"), code);
        let recovered = app.complete(&ada, "recovery_codes", evidence).await;
        assert_eq!(recovered.refusal(), (400, "no_active_recovery_code_backed_factor"));
        let path = format!("/v1/b2b/recovery_codes/{}/{}", ada.organization, ada.member);
        assert_eq!(app.get(&path).await.refusal(), (404, "recovery_codes_not_found"));
        assert_eq!(app.failures(&ada).await, (0, 0));
        app.send_sms(&ada, json!({ "mfa_phone_number": PHONE })).await.ok(); // it guards nothing
    }

    async fn it_lapses_with_its_window(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.create_totp(&ada, json!({ "expiration_minutes": 5 })).await.ok().text("secret");
        let ist = app.between(&ada).await;
        app.advance(299);
        let wrong = app.complete(&ada, "totp", with_ist(&ist, WRONG)).await;
        assert_eq!(wrong.refusal(), (401, "unable_to_authenticate_totp"), "it still waits");
        app.advance(1);
        let late = app.complete(&ada, "totp", with_ist(&ist, &code_of(&secret, app.now()))).await;
        assert_eq!(late.refusal(), (401, "expired_totp"));
        app.create_totp(&ada, by(&ist)).await.ok(); // a new one may begin
    }

    async fn its_window_has_bounds(app: TestApp) {
        let ada = app.ada().await;
        for minutes in [4, 0, -1, 1441] {
            let refused = app.create_totp(&ada, json!({ "expiration_minutes": minutes })).await;
            assert_eq!(refused.refusal(), (400, "invalid_expiration"), "{minutes}");
        }
        for minutes in [5, 1440] {
            app.create_totp(&ada, json!({ "expiration_minutes": minutes })).await.ok();
        }
    }

    async fn it_dies_with_the_intermediate_session_that_made_it(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.create_totp(&ada, by(&app.between(&ada).await)).await.ok().text("secret");
        app.advance(599);
        let ist = app.between(&ada).await;
        app.advance(1);
        let late = app.complete(&ada, "totp", with_ist(&ist, &code_of(&secret, app.now()))).await;
        assert_eq!(late.refusal(), (401, "expired_totp"));
        assert_eq!(app.failures(&ada).await, (0, 0));
    }

    async fn it_dies_with_the_session_that_made_it(app: TestApp) {
        let (ada, session) = volunteer(&app).await;
        let secret = app.create_totp(&ada, json!({ "session_token": session })).await.ok().text("secret");
        let other = app.link_login(&ada).await.ok().text("session_token");
        app.post("/v1/b2b/sessions/revoke", json!({ "session_token": session })).await.ok();
        let late = app.complete(&ada, "totp", with_session(&other, &code_of(&secret, app.now()))).await;
        assert_eq!(late.refusal(), (401, "expired_totp"));
    }

    async fn another_session_of_the_member_can_confirm_it(app: TestApp) {
        let (ada, session) = volunteer(&app).await;
        let secret = app.create_totp(&ada, json!({ "session_token": session })).await.ok().text("secret");
        let other = app.link_login(&ada).await.ok().text("session_token");
        app.complete(&ada, "totp", with_session(&other, &code_of(&secret, app.now()))).await.ok();
    }

    async fn it_dies_when_a_number_is_confirmed(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.create_totp(&ada, json!({})).await.ok().text("secret");
        app.enrol_sms(&ada, PHONE).await;
        let ist = app.between(&ada).await;
        let late = app.complete(&ada, "totp", with_ist(&ist, &code_of(&secret, app.now()))).await;
        assert_eq!(late.refusal(), (404, "totp_not_found"));
    }

    async fn it_dies_when_a_confirmed_number_is_imported(app: TestApp) {
        let organization = app.organization(json!({ "mfa_policy": REQUIRED })).await;
        let ada = app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let ist = app.between(&ada).await;
        let secret = app.create_totp(&ada, by(&ist)).await.ok().text("secret");
        let number = json!({ "mfa_phone_number": PHONE, "set_phone_number_verified": true });
        app.person_with(&organization, &ada.email, number).await;
        let late = app.complete(&ada, "totp", with_ist(&ist, &code_of(&secret, app.now()))).await;
        assert_eq!(late.refusal(), (404, "totp_not_found"));
    }

    async fn the_guard_stands_again_when_it_is_confirmed(app: TestApp) {
        let ada = app.ada().await;
        let session = app.enrol_sms(&ada, PHONE).await;
        let secret = app.create_totp(&ada, json!({ "session_token": session })).await.ok().text("secret");
        let thief = app.between(&ada).await;
        for code in [code_of(&secret, app.now()).as_str(), WRONG] {
            let refused = app.complete(&ada, "totp", with_ist(&thief, code)).await;
            assert_eq!(refused.refusal(), (401, "insufficient_factors"));
        }
        let code = code_of(&secret, app.now());
        app.complete(&ada, "totp", with_session(&session, &code)).await.ok();
        app.advance(30);
        enter_by_totp(&app, &ada, &secret).await;
    }

    async fn it_is_not_confirmed_where_its_method_was_forbidden_meanwhile(app: TestApp) {
        let ada = app.ada().await;
        let ist = app.between(&ada).await;
        let secret = app.create_totp(&ada, by(&ist)).await.ok().text("secret");
        allow_only(&app, &ada, "sms_otp").await;
        let refused = app.complete(&ada, "totp", with_ist(&ist, &code_of(&secret, app.now()))).await;
        assert_eq!(refused.refusal(), (403, "operation_restricted_by_organization_mfa_methods"));
    }
}
