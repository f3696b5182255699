//! Changing a factor needs a factor (rules 24 to 26).

use super::{PHONE, WRONG, allow_only, delete_phone, enter_by_totp, with_ist};
use testkit::{Value, json, on_both_databases};

const OTHER: &str = "+12025550102";

fn named(number: &str, ist: &str) -> Value {
    json!({ "mfa_phone_number": number, "intermediate_session_token": ist })
}

on_both_databases! {
    async fn a_number_beside_an_app_needs_the_proof_of_the_app(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let ist = app.between(&ada).await;
        for without in [named(PHONE, &ist), json!({ "mfa_phone_number": PHONE })] {
            assert_eq!(app.send_sms(&ada, without).await.refusal(), (401, "insufficient_factors"));
        }
        assert_eq!(app.texts(PHONE), 0);
        let session = enter_by_totp(&app, &ada, &secret).await;
        app.send_sms(&ada, json!({ "mfa_phone_number": PHONE, "session_token": session })).await.ok();
        let evidence = json!({ "code": app.last_code(PHONE).await, "session_token": session });
        app.complete(&ada, "otps/sms", evidence).await.ok();
    }

    async fn a_number_set_by_an_administrator_needs_the_proof_of_the_app_too(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        app.change(&ada, json!({ "mfa_phone_number": PHONE })).await.ok();
        let ist = app.between(&ada).await;
        for unproved in [json!({ "intermediate_session_token": ist }), named(PHONE, &ist), json!({})] {
            assert_eq!(app.send_sms(&ada, unproved).await.refusal(), (401, "insufficient_factors"));
        }
    }

    async fn an_app_beside_a_number_needs_the_proof_of_the_number(app: TestApp) {
        let ada = app.ada().await;
        let session = app.enrol_sms(&ada, PHONE).await;
        let ist = app.between(&ada).await;
        for without in [json!({ "intermediate_session_token": ist }), json!({})] {
            assert_eq!(app.create_totp(&ada, without).await.refusal(), (401, "insufficient_factors"));
        }
        app.create_totp(&ada, json!({ "session_token": session })).await.ok();
    }

    async fn a_verified_number_guards_though_its_method_is_not_allowed(app: TestApp) {
        let ada = app.ada().await;
        let session = app.enrol_sms(&ada, PHONE).await;
        allow_only(&app, &ada, "totp").await;
        let with_ist = json!({ "intermediate_session_token": app.between(&ada).await });
        let refused = app.create_totp(&ada, with_ist.clone()).await;
        assert_eq!(refused.refusal(), (401, "insufficient_factors"));
        app.create_totp(&ada, json!({ "session_token": session })).await.ok(); // it proves the number
        delete_phone(&app, &ada).await;
        app.create_totp(&ada, with_ist).await.ok(); // an administrator's reset
    }

    async fn the_guard_stands_again_when_the_code_is_proved(app: TestApp) {
        let ada = app.ada().await;
        let thief = app.between(&ada).await;
        app.send_sms(&ada, named(OTHER, &thief)).await.ok(); // there is no factor yet
        let secret = app.import_totp(&ada).await;
        for code in [app.last_code(OTHER).await.as_str(), WRONG] {
            let late = app.complete(&ada, "otps/sms", with_ist(&thief, code)).await;
            assert_eq!(late.refusal(), (401, "insufficient_factors"));
        }
        assert_eq!(app.member(&ada).await["mfa_phone_number_verified"], json!(false));
        assert_eq!(app.failures(&ada).await, (0, 0));
        let session = enter_by_totp(&app, &ada, &secret).await;
        let evidence = json!({ "code": app.last_code(OTHER).await, "session_token": session });
        app.complete(&ada, "otps/sms", evidence).await.ok();
    }

    async fn texting_ones_own_verified_number_needs_nothing(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        app.import_totp(&ada).await;
        let ist = app.between(&ada).await;
        for shown in [json!({}), named(PHONE, &ist), json!({ "intermediate_session_token": ist })] {
            app.send_sms(&ada, shown).await.ok();
        }
    }

    async fn a_number_named_at_a_login_blocks_nobody(app: TestApp) {
        let ada = app.ada().await;
        let bob = app.person(&ada.organization, "bob@acme.example").await;
        let ist = app.between(&ada).await;
        app.send_sms(&ada, named(PHONE, &ist)).await.ok();
        app.enrol_sms(&bob, PHONE).await; // it is his
        let again = app.send_sms(&ada, named(PHONE, &ist)).await;
        assert_eq!(again.refusal(), (400, "duplicate_member_phone_number"));
        assert_eq!(app.texts(PHONE), 2);
        app.send_sms(&ada, named(OTHER, &ist)).await.ok(); // nor herself
        let inside = app.complete(&ada, "otps/sms", with_ist(&ist, &app.last_code(OTHER).await)).await.ok();
        assert_eq!(inside["member"]["mfa_phone_number"], json!(OTHER));
    }

    async fn of_two_who_named_a_number_the_first_to_prove_it_has_it(app: TestApp) {
        let ada = app.ada().await;
        let bob = app.person(&ada.organization, "bob@acme.example").await;
        let ist = app.between(&ada).await;
        app.send_sms(&ada, named(PHONE, &ist)).await.ok();
        let code = app.last_code(PHONE).await;
        app.enrol_sms(&bob, PHONE).await;
        let late = app.complete(&ada, "otps/sms", with_ist(&ist, &code)).await;
        assert_eq!(late.refusal(), (400, "duplicate_member_phone_number"));
        assert_eq!(app.member(&ada).await["mfa_phone_number_verified"], json!(false));
    }

    async fn an_unproved_number_of_the_administrators_choice_can_be_replaced(app: TestApp) {
        let ada = app.ada().await;
        app.change(&ada, json!({ "mfa_phone_number": PHONE })).await.ok();
        let ist = app.between(&ada).await;
        app.send_sms(&ada, named(OTHER, &ist)).await.ok();
        app.complete(&ada, "otps/sms", with_ist(&ist, &app.last_code(OTHER).await)).await.ok();
    }

    async fn a_member_has_one_verified_number(app: TestApp) {
        let ada = app.ada().await;
        let session = app.enrol_sms(&ada, PHONE).await;
        let another =
            app.send_sms(&ada, json!({ "mfa_phone_number": OTHER, "session_token": session })).await;
        assert_eq!(another.refusal(), (400, "duplicate_member_phone_number_for_member"));
    }

    async fn the_number_of_another_member_is_refused(app: TestApp) {
        let ada = app.ada().await;
        let bob = app.person(&ada.organization, "bob@acme.example").await;
        app.enrol_sms(&bob, PHONE).await;
        let carol = json!({ "mfa_phone_number": OTHER });
        app.newcomer(&ada.organization, "carol@acme.example", carol).await;
        for number in [PHONE, OTHER] {
            let refused = app.send_sms(&ada, json!({ "mfa_phone_number": number })).await;
            assert_eq!(refused.refusal(), (400, "duplicate_member_phone_number"), "{number}");
        }
    }
}
