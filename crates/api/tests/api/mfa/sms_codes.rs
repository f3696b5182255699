//! Codes sent by text message.

use super::{PHONE, WRONG, delete_phone, with_ist};
use testkit::{json, on_both_databases};

on_both_databases! {
    async fn a_texted_code_lives_two_minutes(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        let ist = app.between(&ada).await;
        app.advance(120);
        let late = app.complete(&ada, "otps/sms", with_ist(&ist, &app.last_code(PHONE).await)).await;
        assert_eq!(late.refusal(), (401, "unable_to_auth_otp_code"));
        let ist = app.between(&ada).await;
        app.advance(119);
        app.complete(&ada, "otps/sms", with_ist(&ist, &app.last_code(PHONE).await)).await.ok();
    }

    async fn five_wrong_guesses_kill_a_code(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        let ist = app.between(&ada).await;
        for _ in 0..5 {
            let wrong = app.complete(&ada, "otps/sms", with_ist(&ist, WRONG)).await;
            assert_eq!(wrong.refusal(), (404, "otp_code_not_found"));
        }
        let right = app.complete(&ada, "otps/sms", with_ist(&ist, &app.last_code(PHONE).await)).await;
        assert_eq!(right.refusal(), (401, "unable_to_auth_otp_code"));
        app.send_sms(&ada, json!({})).await.ok();
        app.complete(&ada, "otps/sms", with_ist(&ist, &app.last_code(PHONE).await)).await.ok();
    }

    async fn a_used_code_is_dead_for_every_intermediate_session(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        let (one, other) = (app.between(&ada).await, app.between(&ada).await);
        let code = app.last_code(PHONE).await;
        app.complete(&ada, "otps/sms", with_ist(&one, &code)).await.ok();
        let again = app.complete(&ada, "otps/sms", with_ist(&other, &code)).await;
        assert_eq!(again.refusal(), (401, "unable_to_auth_otp_code"));
        assert_eq!(app.failures(&ada).await, (1, 1));
    }

    async fn a_resend_kills_the_code_before_and_forgets_no_failure(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        let ist = app.between(&ada).await;
        let old = app.last_code(PHONE).await;
        app.complete(&ada, "otps/sms", with_ist(&ist, WRONG)).await;
        app.send_sms(&ada, json!({})).await.ok();
        let late = app.complete(&ada, "otps/sms", with_ist(&ist, &old)).await;
        assert_eq!(late.refusal(), (404, "otp_code_not_found"));
        assert_eq!(app.failures(&ada).await, (2, 2));
        app.complete(&ada, "otps/sms", with_ist(&ist, &app.last_code(PHONE).await)).await.ok();
        assert_eq!(app.failures(&ada).await, (0, 0));
    }

    async fn the_automatic_text_kills_the_code_before(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        let ist = app.between(&ada).await;
        let old = app.last_code(PHONE).await;
        app.between(&ada).await;
        let late = app.complete(&ada, "otps/sms", with_ist(&ist, &old)).await;
        assert_eq!(late.refusal(), (404, "otp_code_not_found"));
    }

    async fn a_code_is_good_for_the_number_it_was_sent_to(app: TestApp) {
        let ada = app.ada().await;
        let ist = app.between(&ada).await;
        app.send_sms(&ada, json!({ "mfa_phone_number": PHONE })).await.ok();
        app.change(&ada, json!({ "mfa_phone_number": "+12025550102" })).await.ok();
        let moved = app.complete(&ada, "otps/sms", with_ist(&ist, &app.last_code(PHONE).await)).await;
        assert_eq!(moved.refusal(), (404, "otp_code_not_found"));
        assert_eq!(app.member(&ada).await["mfa_phone_number_verified"], json!(false));
    }

    async fn a_code_dies_with_its_number(app: TestApp) {
        let ada = app.ada().await;
        let ist = app.between(&ada).await;
        app.send_sms(&ada, json!({ "mfa_phone_number": PHONE })).await.ok();
        let code = app.last_code(PHONE).await;
        delete_phone(&app, &ada).await;
        let late = app.complete(&ada, "otps/sms", with_ist(&ist, &code)).await;
        assert_eq!(late.refusal(), (404, "otp_code_not_found"));
    }

    async fn a_code_of_another_member_is_wrong(app: TestApp) {
        let ada = app.ada().await;
        let bob = app.person(&ada.organization, "bob@acme.example").await;
        app.enrol_sms(&ada, PHONE).await;
        app.enrol_sms(&bob, "+12025550102").await;
        app.send_sms(&bob, json!({})).await.ok();
        let ist = app.between(&ada).await;
        let foreign =
            app.complete(&ada, "otps/sms", with_ist(&ist, &app.last_code("+12025550102").await)).await;
        assert_eq!(foreign.refusal(), (404, "otp_code_not_found"));
    }

    async fn a_member_without_a_number_has_no_code(app: TestApp) {
        let ada = app.ada().await;
        let ist = app.between(&ada).await;
        let guessed = app.complete(&ada, "otps/sms", with_ist(&ist, WRONG)).await;
        assert_eq!(guessed.refusal(), (404, "otp_code_not_found"));
        assert_eq!(app.send_sms(&ada, json!({})).await.refusal(), (404, "member_phone_number_not_found"));
    }
}
