//! What happened is written down, and nothing of what must not be.

use super::{
    PHONE, REQUIRED, WRONG, allow_only, delete_phone, delete_totp, enter_by_totp, recovery, with_ist,
    with_session,
};
use testkit::{Person, TestApp, Value, code_of, json, on_both_databases};

/// What was written down since a number of rows, in order of time, then of name.
async fn since(app: &TestApp, who: &Person, rows: usize) -> Vec<String> {
    let log = app.audit_log(&who.organization).await;
    let mut new: Vec<_> = log[rows..].iter().map(|it| (it.at, it.action.to_string())).collect();
    new.sort();
    new.into_iter().map(|(_, action)| action).collect()
}

async fn rows(app: &TestApp, who: &Person) -> usize {
    app.advance(1); // what comes now is later
    app.audit_log(&who.organization).await.len()
}

on_both_databases! {
    async fn every_step_of_an_enrolment_is_written_down(app: TestApp) {
        let ada = app.ada().await;
        let start = rows(&app, &ada).await;
        let ist = app.halfway(&ada).await;
        app.advance(1);
        app.send_sms(&ada, json!({ "mfa_phone_number": PHONE })).await.ok();
        app.advance(1);
        app.complete(&ada, "otps/sms", with_ist(&ist, WRONG)).await;
        app.advance(1);
        app.complete(&ada, "otps/sms", with_ist(&ist, &app.last_code(PHONE).await)).await.ok();
        let expected = [
            "login.primary_proved",
            "password.rehashed",
            "phone.set",
            "sms_otp.sent",
            "login.second_factor_failed",
            "login.second_factor_proved",
            "phone.verified",
            "session.created",
        ];
        assert_eq!(since(&app, &ada, start).await, expected);
    }

    async fn every_step_of_an_app_is_written_down(app: TestApp) {
        let ada = app.ada().await;
        let ist = app.between(&ada).await;
        let start = rows(&app, &ada).await;
        let shown = app.create_totp(&ada, json!({ "intermediate_session_token": ist })).await.ok();
        app.advance(1);
        let code = code_of(&shown.text("secret"), app.now());
        let session = app.complete(&ada, "totp", with_ist(&ist, &code)).await.ok().text("session_token");
        app.advance(1);
        let code = app.recovery_codes(&ada).await.remove(0);
        app.advance(1);
        let evidence = json!({ "recovery_code": code, "session_token": session });
        app.complete(&ada, "recovery_codes", evidence).await.ok();
        app.advance(1);
        let body = json!({ "organization_id": ada.organization, "member_id": ada.member });
        app.post("/v1/b2b/recovery_codes/rotate", body).await.ok();
        app.advance(1);
        delete_totp(&app, &ada).await;
        let expected = [
            "totp.created",
            "login.second_factor_proved",
            "session.created",
            "totp.activated",
            "recovery_codes.read",
            "login.second_factor_proved",
            "recovery_code.used",
            "session.raised",
            "recovery_codes.rotated",
            "totp.deleted",
        ];
        assert_eq!(since(&app, &ada, start).await, expected);
    }

    async fn a_lock_is_written_down_once(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let ist = app.between(&ada).await;
        let start = rows(&app, &ada).await;
        for _ in 0..12 {
            app.complete(&ada, "totp", with_ist(&ist, WRONG)).await;
        }
        let written = since(&app, &ada, start).await;
        let times = |action: &str| written.iter().filter(|it| *it == action).count();
        assert_eq!(times("login.second_factor_failed"), 10);
        assert_eq!((times("login.second_factor_locked"), written.len()), (1, 11));
    }

    async fn the_end_of_sessions_and_factors_is_written_down(app: TestApp) {
        let ada = app.ada().await;
        let session = app.enrol_sms(&ada, PHONE).await;
        let start = rows(&app, &ada).await;
        let extend = json!({ "session_token": session, "session_duration_minutes": 60 });
        app.post("/v1/b2b/sessions/authenticate", extend).await.ok();
        app.advance(1);
        app.post("/v1/b2b/sessions/revoke", json!({ "session_token": session })).await.ok();
        app.advance(1);
        delete_phone(&app, &ada).await;
        app.advance(1);
        app.delete(&ada.path()).await.ok();
        assert_eq!(
            since(&app, &ada, start).await,
            ["session.extended", "session.revoked", "phone.deleted", "member.deleted"]
        );
    }

    async fn choosing_enrolment_is_written_down(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let secret = app.import_totp(&ada).await;
        let mut session = app.link_login(&ada).await.ok().text("session_token");
        for (choice, written) in [("enroll", json!(true)), ("", Value::Null), ("unenroll", json!(false))] {
            app.advance(30);
            let evidence = json!({ "code": code_of(&secret, app.now()), "session_token": session,
                                   "set_mfa_enrollment": choice });
            session = app.complete(&ada, "totp", evidence).await.ok().text("session_token");
            let log = app.audit_log(&organization).await;
            let proved = log.iter().rev().find(|it| it.action.to_string() == "login.second_factor_proved");
            let details = &proved.expect("a row").details.0;
            assert_eq!(details.get("mfa_enrolled").unwrap_or(&Value::Null), &written, "{choice}");
        }
    }

    async fn wrong_passwords_and_their_lock_are_written_down(app: TestApp) {
        let ada = app.ada().await;
        let start = rows(&app, &ada).await;
        for _ in 0..11 {
            app.password_login_with(&ada, json!({ "password": "not hers" })).await;
        }
        let mut expected = vec!["login.password_locked"];
        expected.extend(["password.failed"; 10]);
        assert_eq!(since(&app, &ada, start).await, expected);
    }

    async fn the_first_login_of_a_member_is_written_down(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let pending = json!({ "create_member_as_pending": true });
        let ada = app.newcomer(&organization, "ada@acme.example", pending).await;
        let start = rows(&app, &ada).await;
        let link = app.mail_link(&organization, &ada.email, json!({})).await;
        app.advance(1);
        app.spend_link(&link, json!({})).await.ok();
        let expected = ["magic_link.sent", "login.primary_proved", "member.activated", "session.created"];
        assert_eq!(since(&app, &ada, start).await, expected);
    }

    async fn an_imported_number_is_written_down(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let number = json!({ "mfa_phone_number": PHONE, "set_phone_number_verified": true });
        let ada = app.person_with(&organization, "ada@acme.example", number).await;
        assert!(since(&app, &ada, 0).await.contains(&"phone.verified".to_owned()));
    }

    async fn a_refused_call_leaves_no_row(app: TestApp) {
        let ada = app.ada().await;
        let session = app.enrol_sms(&ada, PHONE).await;
        let (ist, secret) = (app.between(&ada).await, app.import_totp(&ada).await);
        let start = rows(&app, &ada).await;
        app.complete(&ada, "totp", with_ist("no such token", WRONG)).await;
        app.complete(&ada, "totp", with_ist(&ist, "12345")).await;
        app.complete(&ada, "otps/sms", json!({ "code": WRONG })).await;
        app.send_sms(&ada, json!({ "mfa_phone_number": "+12025550102" })).await;
        app.create_totp(&ada, json!({})).await;
        app.spend_link("no such token", json!({})).await;
        let claims = json!({ "https://stytch.com/session": {} });
        let code = code_of(&secret, app.now());
        let evidence = json!({ "code": code, "session_token": session, "session_custom_claims": claims });
        app.complete(&ada, "totp", evidence).await;
        allow_only(&app, &ada, "sms_otp").await;
        app.complete(&ada, "totp", with_session(&session, &code)).await;
        assert_eq!(since(&app, &ada, start).await, ["organization.updated"]);
    }

    async fn the_log_holds_no_code_number_or_secret(app: TestApp) {
        let organization = app.organization(json!({ "mfa_policy": REQUIRED })).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let session = app.enrol_sms(&ada, PHONE).await;
        let shown = app.create_totp(&ada, json!({ "session_token": session })).await.ok();
        let (secret, texted) = (shown.text("secret"), app.last_code(PHONE).await);
        let confirmed = code_of(&secret, app.now());
        app.complete(&ada, "totp", with_session(&session, &confirmed)).await.ok();
        app.advance(30);
        let entered = enter_by_totp(&app, &ada, &secret).await;
        let (ist, spent) = (app.between(&ada).await, app.recovery_codes(&ada).await.remove(0));
        app.complete(&ada, "recovery_codes", recovery(&ist, &spent)).await.ok();
        app.change(&ada, json!({ "name": "Ada", "mfa_enrolled": true })).await.ok();
        let log: Vec<_> = app.audit_log(&organization).await.into_iter().map(|it| it.details.0).collect();
        let written = serde_json::to_string(&log).expect("JSON");
        for secret in
            [PHONE, "2025550101", &ada.email, &session, &secret, &texted, &confirmed, &entered, &ist, &spent]
        {
            assert!(!written.contains(secret), "{secret} in {written}");
        }
    }
}
