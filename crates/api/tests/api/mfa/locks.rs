//! Ten wrong codes lock, whatever they were codes for (decisions 13 to 15).

use super::{PHONE, WRONG, delete_phone, delete_totp, enter_by_totp, recovery, with_ist, with_session};
use testkit::{Person, TestApp, code_of, json, on_both_databases};

const LOCKED: (u16, &str) = (429, "user_lock_limit_reached");

/// A member with both factors, and the secret of the app.
async fn ada_with_both(app: &TestApp) -> (Person, String, String) {
    let ada = app.ada().await;
    let session = app.enrol_sms(&ada, PHONE).await;
    let secret = app.import_totp(&ada).await;
    (ada, secret, session)
}

async fn fail(app: &TestApp, who: &Person, times: usize) {
    let ist = app.between(who).await;
    for _ in 0..times {
        let wrong = app.complete(who, "totp", with_ist(&ist, WRONG)).await;
        assert_eq!(wrong.refusal(), (401, "unable_to_authenticate_totp"));
    }
}

on_both_databases! {
    async fn ten_wrong_codes_lock_on_every_method(app: TestApp) {
        let (ada, secret, session) = ada_with_both(&app).await;
        let (one, other) = (app.between(&ada).await, app.between(&ada).await);
        let (link, codes) =
            (app.mail_link(&ada.organization, &ada.email, json!({})).await, app.recovery_codes(&ada).await);
        let (texted, shown) = (app.last_code(PHONE).await, code_of(&secret, app.now()));
        for at in 0..4 {
            let ist = if at % 2 == 0 { &one } else { &other };
            app.complete(&ada, "otps/sms", with_ist(ist, WRONG)).await;
            app.complete(&ada, "totp", with_ist(ist, WRONG)).await;
        }
        for _ in 0..2 {
            assert_eq!(app.member(&ada).await["is_locked"], json!(false));
            app.complete(&ada, "recovery_codes", recovery(&other, "abcd-ef01-2345")).await;
        }
        assert_eq!(app.failures(&ada).await, (10, 10));

        assert_eq!(app.complete(&ada, "otps/sms", with_ist(&one, &texted)).await.refusal(), LOCKED);
        assert_eq!(app.complete(&ada, "totp", with_ist(&one, &shown)).await.refusal(), LOCKED);
        assert_eq!(app.complete(&ada, "totp", with_session(&session, &shown)).await.refusal(), LOCKED);
        assert_eq!(app.complete(&ada, "recovery_codes", recovery(&one, &codes[0])).await.refusal(), LOCKED);
        assert_eq!(app.password_login(&ada).await.refusal(), LOCKED);
        assert_eq!(app.spend_link(&link, json!({})).await.refusal(), LOCKED);
        assert_eq!(app.send_sms(&ada, json!({})).await.refusal(), LOCKED);
        let mail = json!({ "organization_id": ada.organization, "email_address": ada.email });
        assert_eq!(app.post("/v1/b2b/magic_links/email/login_or_signup", mail).await.refusal(), LOCKED);
        assert_eq!(app.failures(&ada).await, (10, 10), "nothing was compared");
        app.check(&session).await.ok(); // who is inside stays inside
    }

    async fn a_locked_member_says_since_when_and_until_when(app: TestApp) {
        let (ada, _, _) = ada_with_both(&app).await;
        fail(&app, &ada, 10).await;
        let member = app.member(&ada).await;
        assert_eq!(member["is_locked"], json!(true));
        assert_eq!(member["lock_created_at"], json!(app.now().to_string()));
        let end = app.now().plus(domain::time::Span::minutes(60));
        assert_eq!(member["lock_expires_at"], json!(end.to_string()));
    }

    async fn nothing_but_a_completed_second_factor_forgets_failures(app: TestApp) {
        let (ada, secret, _) = ada_with_both(&app).await;
        fail(&app, &ada, 9).await;
        app.password_login(&ada).await.ok();
        app.send_sms(&ada, json!({})).await.ok();
        let bystander = app.person(&ada.organization, "bob@acme.example").await;
        app.enrol_sms(&bystander, "+12025550102").await;
        app.change(&ada, json!({ "name": "Ada", "mfa_enrolled": true })).await.ok();
        assert_eq!(app.failures(&ada).await, (9, 9));

        enter_by_totp(&app, &ada, &secret).await;
        assert_eq!(app.failures(&ada).await, (0, 0));
        fail(&app, &ada, 9).await;
        assert_eq!(app.member(&ada).await["is_locked"], json!(false));
        fail(&app, &ada, 1).await;
        assert_eq!(app.member(&ada).await["is_locked"], json!(true));
    }

    async fn replacing_a_factor_forgets_no_failure(app: TestApp) {
        let (ada, _, _) = ada_with_both(&app).await;
        fail(&app, &ada, 9).await;
        delete_totp(&app, &ada).await;
        app.import_totp(&ada).await;
        delete_phone(&app, &ada).await;
        assert_eq!(app.failures(&ada).await, (9, 9));
    }

    async fn the_tenth_guess_is_still_good_if_it_is_right(app: TestApp) {
        let (ada, secret, _) = ada_with_both(&app).await;
        fail(&app, &ada, 9).await;
        enter_by_totp(&app, &ada, &secret).await;
        assert_eq!(app.member(&ada).await["is_locked"], json!(false));
    }

    async fn who_passed_no_first_door_cannot_lock_a_member(app: TestApp) {
        let (ada, secret, session) = ada_with_both(&app).await;
        let consumed = app.between(&ada).await;
        app.complete(&ada, "totp", with_ist(&consumed, &code_of(&secret, app.now()))).await.ok();
        let bob = app.person(&ada.organization, "bob@acme.example").await;
        let of_bob = app.between(&bob).await;
        for strange in [
            json!({ "code": WRONG }),
            with_ist(&consumed, WRONG),
            with_ist(&of_bob, WRONG),
            with_ist("no such token", WRONG),
            with_session("no such token", WRONG),
            json!({ "code": WRONG, "session_token": session, "intermediate_session_token": of_bob }),
        ] {
            for route in ["otps/sms", "totp"] {
                assert_ne!(app.complete(&ada, route, strange.clone()).await.status, 200, "{strange}");
            }
        }
        let expired = app.between(&ada).await;
        app.advance(600);
        app.complete(&ada, "totp", with_ist(&expired, WRONG)).await;
        assert_eq!(app.failures(&ada).await, (0, 0));
    }

    async fn the_lock_of_a_member_is_no_lock_of_another(app: TestApp) {
        let (ada, _, _) = ada_with_both(&app).await;
        let bob = app.person(&ada.organization, "bob@acme.example").await;
        fail(&app, &ada, 10).await;
        app.enrol_sms(&bob, "+12025550102").await;
    }
}
