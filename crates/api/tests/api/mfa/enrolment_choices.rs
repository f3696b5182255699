//! What a completed second factor changes about the member (rules 21 to 23).

use super::{
    PHONE, REQUIRED, WRONG, delete_phone, delete_totp, enter_by_sms, enter_by_totp, recovery, restrict,
    with_ist, with_session,
};
use testkit::{Person, TestApp, Value, code_of, json, on_both_databases};

/// A member of an organization that leaves it to the members, with an app and a session.
async fn volunteer(app: &TestApp) -> (Person, String, String) {
    let organization = app.organization(json!({})).await;
    let ada = app.person(&organization, "ada@acme.example").await;
    let secret = app.import_totp(&ada).await;
    let session = app.link_login(&ada).await.ok().text("session_token");
    (ada, secret, session)
}

/// Proves the app with a session and chooses; the session's new token.
async fn choose(app: &TestApp, (who, secret): (&Person, &str), session: &str, choice: &str) -> String {
    app.advance(30);
    let evidence = json!({ "code": code_of(secret, app.now()), "session_token": session,
                           "set_mfa_enrollment": choice });
    app.complete(who, "totp", evidence).await.ok().text("session_token")
}

on_both_databases! {
    async fn an_optional_policy_leaves_enrolment_to_the_member(app: TestApp) {
        let (ada, secret, mut session) = volunteer(&app).await;
        for (choice, enrolled) in [("", false), ("enroll", true), ("", true), ("unenroll", false)] {
            session = choose(&app, (&ada, &secret), &session, choice).await;
            assert_eq!(app.member(&ada).await["mfa_enrolled"], json!(enrolled), "{choice}");
            let login = app.link_login(&ada).await.ok();
            assert_eq!(login["member_authenticated"], json!(!enrolled), "{choice}");
        }
    }

    async fn a_policy_for_all_enrols_whatever_the_member_chooses(app: TestApp) {
        let (ada, secret, session) = volunteer(&app).await;
        restrict(&app, &ada, json!({ "mfa_policy": REQUIRED })).await;
        choose(&app, (&ada, &secret), &session, "unenroll").await;
        assert_eq!(app.member(&ada).await["mfa_enrolled"], json!(true));
    }

    async fn any_other_choice_is_refused_before_the_code_is_looked_at(app: TestApp) {
        let (ada, secret, session) = volunteer(&app).await;
        for code in [code_of(&secret, app.now()).as_str(), WRONG] {
            let odd = json!({ "code": code, "session_token": session, "set_mfa_enrollment": "maybe" });
            assert_eq!(app.complete(&ada, "totp", odd).await.refusal(), (400, "invalid_argument"));
        }
        assert_eq!(app.failures(&ada).await, (0, 0));
    }

    async fn the_first_method_completed_becomes_the_default(app: TestApp) {
        let ada = app.ada().await;
        let default = async || app.member(&ada).await["default_mfa_method"].clone();
        app.enrol_sms(&ada, PHONE).await;
        assert_eq!(default().await, json!("sms_otp"));
        let secret = app.import_totp(&ada).await;
        let session = enter_by_totp(&app, &ada, &secret).await;
        assert_eq!(default().await, json!("sms_otp"), "a later one does not");
        app.advance(30);
        let evidence = json!({ "code": code_of(&secret, app.now()), "session_token": session,
                               "set_default_mfa": true });
        app.complete(&ada, "totp", evidence).await.ok();
        assert_eq!(default().await, json!("totp"), "unless it is asked for");
    }

    async fn a_recovery_code_is_never_the_default(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let (ist, codes) = (app.between(&ada).await, app.recovery_codes(&ada).await);
        app.complete(&ada, "recovery_codes", recovery(&ist, &codes[0])).await.ok();
        let member = app.member(&ada).await;
        assert_eq!((&member["default_mfa_method"], &member["mfa_enrolled"]), (&json!(""), &json!(true)));
    }

    async fn a_recovery_code_leaves_the_default_alone(app: TestApp) {
        let ada = app.ada().await;
        let session = app.enrol_sms(&ada, PHONE).await;
        app.import_totp(&ada).await;
        let code = app.recovery_codes(&ada).await.remove(0);
        let evidence = json!({ "recovery_code": code, "session_token": session, "set_default_mfa": true });
        app.complete(&ada, "recovery_codes", evidence).await.ok();
        assert_eq!(app.member(&ada).await["default_mfa_method"], json!("sms_otp"));
    }

    async fn a_removed_default_gives_way_to_what_remains(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        app.import_totp(&ada).await;
        let after = delete_phone(&app, &ada).await["member"].clone();
        assert_eq!((&after["default_mfa_method"], &after["mfa_enrolled"]), (&json!("totp"), &json!(true)));
        let after = delete_totp(&app, &ada).await["member"].clone();
        assert_eq!((&after["default_mfa_method"], &after["mfa_enrolled"]), (&json!(""), &json!(true)));
        let login = app.link_login(&ada).await.ok();
        assert_eq!(login["mfa_required"]["member_options"], Value::Null, "enrolled without a factor");
    }

    async fn a_right_text_code_verifies_the_number(app: TestApp) {
        let ada = app.ada().await;
        let ist = app.between(&ada).await;
        app.send_sms(&ada, json!({ "mfa_phone_number": PHONE })).await.ok();
        let member = app.member(&ada).await;
        assert_eq!(member["mfa_phone_number_verified"], json!(false));
        let code = app.last_code(PHONE).await;
        let inside = app.complete(&ada, "otps/sms", with_ist(&ist, &code)).await.ok();
        assert_eq!(inside["member"]["mfa_phone_number_verified"], json!(true));
        let session = enter_by_sms(&app, &ada).await;
        app.send_sms(&ada, json!({})).await.ok();
        let code = app.last_code(PHONE).await;
        app.complete(&ada, "otps/sms", with_session(&session, &code)).await.ok();
    }
}
