//! The second door: what it takes to try, and what a success leaves (rules 17 to 20).

use super::{PHONE, REQUIRED, WRONG, accept_only, allow_only, factors, recovery, with_ist, with_session};
use testkit::{Value, code_of, json, on_both_databases};

on_both_databases! {
    async fn exactly_one_credential_opens_the_second_door(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let (ist, code) = (app.between(&ada).await, code_of(&secret, app.now()));
        let none = app.complete(&ada, "totp", json!({ "code": code })).await;
        assert_eq!(none.refusal(), (400, "no_session_arguments"));
        for (one, other) in [
            ("intermediate_session_token", "session_token"),
            ("intermediate_session_token", "session_jwt"),
            ("session_token", "session_jwt"),
        ] {
            let several = app.complete(&ada, "totp", json!({ "code": code, one: ist, other: ist })).await;
            assert_eq!(several.refusal(), (400, "too_many_session_arguments"), "{one}, {other}");
        }
        app.complete(&ada, "totp", with_ist(&ist, &code)).await.ok(); // nothing was spent
    }

    async fn a_first_factor_that_is_not_accepted_does_not_reach_the_second_door(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let ist = app.between(&ada).await;
        accept_only(&app, &ada, "password").await;
        for code in [code_of(&secret, app.now()).as_str(), WRONG] {
            let refused = app.complete(&ada, "totp", with_ist(&ist, code)).await;
            assert_eq!(refused.refusal(), (400, "action_available_only_once_primary_authentication_is_met"));
        }
        assert_eq!(app.failures(&ada).await, (0, 0));
    }

    async fn a_method_that_is_not_allowed_is_refused_before_its_code_is_looked_at(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let (ist, codes) = (app.between(&ada).await, app.recovery_codes(&ada).await);
        allow_only(&app, &ada, "sms_otp").await;
        let refused = (403, "operation_restricted_by_organization_mfa_methods");
        for code in [code_of(&secret, app.now()).as_str(), WRONG] {
            assert_eq!(app.complete(&ada, "totp", with_ist(&ist, code)).await.refusal(), refused);
        }
        let by_recovery_code = app.complete(&ada, "recovery_codes", recovery(&ist, &codes[0])).await;
        assert_eq!(by_recovery_code.refusal(), refused, "it stands in for the app");
        allow_only(&app, &ada, "totp").await;
        assert_eq!(app.complete(&ada, "otps/sms", with_ist(&ist, WRONG)).await.refusal(), refused);
        assert_eq!(app.failures(&ada).await, (0, 0));
    }

    async fn the_progress_of_another_member_opens_nothing(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let bob = app.person(&ada.organization, "bob@acme.example").await;
        let (ist, session) = (app.between(&bob).await, app.enrol_sms(&bob, PHONE).await);
        let code = code_of(&secret, app.now());
        let by_ist = app.complete(&ada, "totp", with_ist(&ist, &code)).await;
        assert_eq!(by_ist.refusal(), (400, "invalid_intermediate_session_token_for_organization"));
        let by_session = app.complete(&ada, "totp", with_session(&session, &code)).await;
        assert_eq!(by_session.refusal(), (400, "member_session_member_id_mismatch"));
        assert_eq!(app.failures(&ada).await, (0, 0));
    }

    async fn a_wrong_code_leaves_the_intermediate_session_alive(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let ist = app.between(&ada).await;
        let wrong = app.complete(&ada, "totp", with_ist(&ist, WRONG)).await;
        assert_eq!(wrong.refusal(), (401, "unable_to_authenticate_totp"));
        let inside = app.complete(&ada, "totp", with_ist(&ist, &code_of(&secret, app.now()))).await.ok();
        assert_eq!(factors(&inside["member_session"]), ["email", "authenticator_app"]);
        assert_eq!(app.failures(&ada).await, (0, 0), "the success forgets the failure");
    }

    async fn what_is_wished_while_waiting_must_be_wished_again(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let wishes = json!({ "session_duration_minutes": 5, "session_custom_claims": { "early": true } });
        let waiting = app.password_login_with(&ada, wishes).await.ok();
        let ist = waiting.text("intermediate_session_token");
        let inside = app.complete(&ada, "totp", with_ist(&ist, &code_of(&secret, app.now()))).await.ok();
        assert_eq!(inside["member_session"]["custom_claims"], json!({}));
        assert_eq!(inside["member_session"]["expires_at"], json!(later(&app, 60)));

        app.advance(30);
        let ist = app.between(&ada).await;
        let evidence = json!({ "code": code_of(&secret, app.now()), "intermediate_session_token": ist,
                               "session_duration_minutes": 5, "session_custom_claims": { "late": true } });
        let inside = app.complete(&ada, "totp", evidence).await.ok();
        assert_eq!(inside["member_session"]["custom_claims"], json!({ "late": true }));
        assert_eq!(inside["member_session"]["expires_at"], json!(later(&app, 5)));
    }

    async fn a_session_lasts_five_minutes_to_366_days(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let ist = app.between(&ada).await;
        let code = code_of(&secret, app.now());
        let asked = |minutes: i64| {
            let (mut evidence, minutes) = (with_ist(&ist, &code), json!(minutes));
            evidence["session_duration_minutes"] = minutes;
            evidence
        };
        for minutes in [4, 0, -1, 527_041] {
            let refused = app.complete(&ada, "totp", asked(minutes)).await;
            assert_eq!(refused.refusal(), (400, "invalid_session_duration_minutes"), "{minutes}");
        }
        let inside = app.complete(&ada, "totp", asked(527_040)).await.ok();
        assert_eq!(inside["member_session"]["expires_at"], json!(later(&app, 527_040)));
    }

    async fn claims_that_cannot_be_had_do_not_tell_a_right_code(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let (ist, right) = (app.between(&ada).await, code_of(&secret, app.now()));
        let reserved = json!({ "https://stytch.com/session": {} });
        let large = json!({ "a": "x".repeat(4096) });
        for (claims, refusal) in
            [(reserved, "stytch_claims_in_custom_claims"), (large, "custom_claims_too_large")]
        {
            for code in [right.as_str(), WRONG] {
                let evidence = json!({ "code": code, "intermediate_session_token": ist,
                                       "session_custom_claims": claims });
                assert_eq!(app.complete(&ada, "totp", evidence).await.refusal(), (400, refusal));
            }
        }
        assert_eq!(app.failures(&ada).await, (0, 0), "nothing was compared");
        app.complete(&ada, "totp", with_ist(&ist, &right)).await.ok();
    }

    async fn claims_that_cannot_be_had_do_not_tell_a_right_password(app: TestApp) {
        let organization = app.organization(json!({ "mfa_policy": REQUIRED })).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let claims = json!({ "https://stytch.com/session": {} });
        for password in [Value::Null, json!("not hers")] {
            let mut more = json!({ "session_custom_claims": claims });
            if !password.is_null() {
                more["password"] = password;
            }
            let refused = app.password_login_with(&ada, more).await;
            assert_eq!(refused.refusal(), (400, "stytch_claims_in_custom_claims"));
        }
        assert_eq!(app.row(&ada).await.password_failures, 0);
    }
}

/// A moment so many minutes from now, as answers write it.
fn later(app: &testkit::TestApp, minutes: i64) -> String {
    app.now().plus(domain::time::Span::minutes(minutes)).to_string()
}
