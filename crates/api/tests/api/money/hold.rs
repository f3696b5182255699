//! A new number of somebody who had a second factor before waits.

use testkit::{Person, TestApp, json, on_both_databases};

const OLD: &str = "+12025550101";
const NEW: &str = "+12025550102";

/// A member whose number was taken away by an administrator, halfway in.
async fn without_number(app: &TestApp) -> (Person, String) {
    app.set("sms.new_number_hold_hours", "24").await;
    let ada = app.ada().await;
    app.enrol_sms(&ada, OLD).await; // the first number of somebody without any factor does not wait
    let path = format!("/v1/b2b/organizations/{}/members/mfa_phone_numbers/{}", ada.organization, ada.member);
    app.delete(&path).await.ok();
    let ist = app.halfway(&ada).await;
    (ada, ist)
}

async fn confirm(app: &TestApp, ada: &Person, ist: &str) -> testkit::Answer {
    let fields = json!({ "mfa_phone_number": NEW, "intermediate_session_token": ist });
    app.send_sms(ada, fields).await.ok();
    let evidence = json!({ "code": app.last_code(NEW).await, "intermediate_session_token": ist });
    app.complete(ada, "otps/sms", evidence).await
}

on_both_databases! {
    async fn a_confirmed_number_is_told_that_it_was_removed(app: TestApp) {
        let (_, _) = without_number(&app).await;
        let told = |all: &[delivery::Message]| all.iter().find(|it| it.code.is_none()).map(|it| it.text.clone());
        let told = app.letter(OLD, told).await;
        assert!(told.contains("no longer confirms logins"), "{told}");
    }

    async fn a_removed_number_is_not_told_where_the_project_does_not_want_it(app: TestApp) {
        app.set("sms.tell_removed_number", "false").await;
        without_number(&app).await;
        assert_eq!(app.texts(OLD), 1);
    }

    async fn a_new_number_confirms_no_login_before_its_hold_is_over(app: TestApp) {
        let (ada, ist) = without_number(&app).await;
        assert_eq!(confirm(&app, &ada, &ist).await.refusal(), (403, "phone_number_on_hold"));
        assert_eq!(app.member(&ada).await["mfa_phone_number_verified"], true);
        let stopped = app.password_login(&ada).await.ok();
        assert_eq!(stopped["mfa_required"]["secondary_auth_initiated"], json!(null));
        assert_eq!(app.send_sms(&ada, json!({})).await.refusal(), (403, "phone_number_on_hold"));
        app.advance(24 * 60 * 60);
        assert_eq!(app.password_login(&ada).await.ok()["mfa_required"]["secondary_auth_initiated"], "sms_otp");
        let ist = app.halfway(&ada).await;
        let evidence = json!({ "code": app.last_code(NEW).await, "intermediate_session_token": ist });
        app.complete(&ada, "otps/sms", evidence).await.ok();
    }

    async fn a_number_on_hold_guards_against_another_factor(app: TestApp) {
        let (ada, ist) = without_number(&app).await;
        confirm(&app, &ada, &ist).await;
        let ist = app.halfway(&ada).await;
        let body = json!({ "organization_id": ada.organization, "member_id": ada.member,
                           "intermediate_session_token": ist });
        assert_eq!(app.post("/v1/b2b/totp", body).await.refusal().1, "insufficient_factors");
    }

    async fn a_number_confirmed_with_another_factor_does_not_wait(app: TestApp) {
        let (ada, ist) = without_number(&app).await;
        let secret = app.import_totp(&ada).await;
        let evidence = json!({ "code": testkit::code_of(&secret, app.now()), "intermediate_session_token": ist });
        let session = app.complete(&ada, "totp", evidence).await.ok().text("session_token");
        app.send_sms(&ada, json!({ "mfa_phone_number": NEW, "session_token": session })).await.ok();
        let evidence = json!({ "code": app.last_code(NEW).await, "session_token": session });
        app.complete(&ada, "otps/sms", evidence).await.ok();
        let offered = &app.password_login(&ada).await.ok()["mfa_required"]["member_options"];
        assert_eq!(offered["mfa_phone_number"], NEW);
    }

    async fn a_number_on_hold_shuts_nobody_out_who_has_an_app(app: TestApp) {
        let (ada, ist) = without_number(&app).await;
        confirm(&app, &ada, &ist).await;
        let secret = app.import_totp(&ada).await; // by the backend
        let ist = app.halfway(&ada).await;
        let evidence = json!({ "code": testkit::code_of(&secret, app.now()), "intermediate_session_token": ist });
        app.complete(&ada, "totp", evidence).await.ok();
    }

    async fn without_the_setting_no_number_waits(app: TestApp) {
        let (ada, ist) = without_number(&app).await;
        app.set("sms.new_number_hold_hours", "0").await;
        confirm(&app, &ada, &ist).await.ok();
    }
}
