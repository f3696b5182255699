//! Wrong, used, old and burned codes, and the counter of an address.

use super::{DEAD, LOCKED, NOT_FOUND, ada, code_to, fail, send};
use testkit::{another_code, json, on_both_databases};

on_both_databases! {
    async fn a_code_lives_ten_minutes(app: TestApp) {
        let ada = ada(&app).await;
        let code = code_to(&app, &ada).await;
        app.advance(600);
        assert_eq!(app.spend_code(&ada, &code, json!({})).await.refusal(), DEAD);
        let code = code_to(&app, &ada).await;
        app.advance(599);
        app.spend_code(&ada, &code, json!({})).await.ok();
    }

    async fn a_code_lives_as_long_as_asked_for(app: TestApp) {
        let ada = ada(&app).await;
        let fields = json!({ "login_expiration_minutes": 2, "signup_expiration_minutes": 15 });
        let code = app.mail_code(&ada.organization, &ada.email, fields).await;
        app.advance(120);
        assert_eq!(app.spend_code(&ada, &code, json!({})).await.refusal(), DEAD);
        for (field, minutes) in [
            ("login_expiration_minutes", 1),
            ("login_expiration_minutes", 16),
            ("signup_expiration_minutes", 1),
            ("signup_expiration_minutes", 16),
        ] {
            let refused = send(&app, &ada.organization, json!({ field: minutes })).await;
            assert_eq!(refused.refusal(), (400, "invalid_expiration_otp"), "{field} {minutes}");
        }
    }

    async fn five_wrong_guesses_burn_a_code(app: TestApp) {
        let ada = ada(&app).await;
        let code = code_to(&app, &ada).await;
        for _ in 0..5 {
            let wrong = app.spend_code(&ada, &another_code(&code), json!({})).await;
            assert_eq!(wrong.refusal(), NOT_FOUND);
        }
        assert_eq!(app.spend_code(&ada, &code, json!({})).await.refusal(), DEAD);
    }

    async fn the_fifth_guess_may_be_right(app: TestApp) {
        let ada = ada(&app).await;
        let code = code_to(&app, &ada).await;
        for _ in 0..4 {
            app.spend_code(&ada, &another_code(&code), json!({})).await;
        }
        app.spend_code(&ada, &code, json!({})).await.ok();
    }

    async fn ten_failures_lock_the_address_at_issue_and_at_redemption(app: TestApp) {
        let ada = ada(&app).await;
        fail(&app, &ada, 5).await;
        let code = code_to(&app, &ada).await;
        for _ in 0..5 {
            app.spend_code(&ada, &another_code(&code), json!({})).await;
        }
        let sent = app.inbox.messages(Some(&ada.email)).len();
        let shouted = json!({ "email_address": "ADA@acme.example" });
        assert_eq!(send(&app, &ada.organization, shouted).await.refusal(), LOCKED);
        assert_eq!(app.spend_code(&ada, &code, json!({})).await.refusal(), LOCKED);
        let discovery = app.post("/v1/b2b/otps/email/discovery/send", json!({ "email_address": ada.email }));
        assert_eq!(discovery.await.refusal(), LOCKED);
        assert_eq!(app.spend_discovery_code(&ada.email, "123456").await.refusal(), LOCKED);
        assert_eq!(app.inbox.messages(Some(&ada.email)).len(), sent);
    }

    async fn a_locked_address_keeps_its_links_its_password_and_its_sessions(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let session = app.link_login(&ada).await.ok().text("session_token");
        app.set("lock.threshold", "1").await;
        fail(&app, &ada, 1).await;
        assert_eq!(app.spend_code(&ada, "123456", json!({})).await.refusal(), LOCKED);
        app.check(&session).await.ok();
        app.link_login(&ada).await.ok();
        app.password_login(&ada).await.ok();
    }

    async fn a_lock_expires_and_the_count_begins_anew(app: TestApp) {
        let ada = ada(&app).await;
        app.set("lock.threshold", "3").await;
        fail(&app, &ada, 3).await;
        app.advance(3599);
        assert_eq!(send(&app, &ada.organization, json!({})).await.refusal(), LOCKED);
        app.advance(1);
        fail(&app, &ada, 2).await;
        let code = code_to(&app, &ada).await;
        app.spend_code(&ada, &code, json!({})).await.ok();
    }

    async fn one_counter_serves_every_purpose_and_organization_of_the_address(app: TestApp) {
        app.set("lock.threshold", "3").await;
        let here = ada(&app).await;
        let elsewhere = app.organization(json!({})).await;
        let there = app.newcomer(&elsewhere, "Ada@acme.example", json!({})).await;
        let bob = app.verified(&elsewhere, "bob@elsewhere.example").await;
        fail(&app, &here, 1).await;
        let code = app.mail_discovery_code(&here.email).await;
        app.spend_discovery_code(&here.email, &another_code(&code)).await;
        app.change(&there, json!({ "email_address": "ada@elsewhere.example" , "unlink_email": true })).await.ok();
        let update = json!({ "email_address": here.email, "delivery_method": "EMAIL_OTP" });
        let code = app.next_code(&here.email, &format!("{}/start_email_update", bob.path()), update).await;
        let new = testkit::Person { email: here.email.clone(), ..bob };
        assert_eq!(app.spend_code(&new, &another_code(&code), json!({})).await.refusal(), NOT_FOUND);
        assert_eq!(app.spend_code(&new, &code, json!({})).await.refusal(), LOCKED);
        assert_eq!(send(&app, &here.organization, json!({})).await.refusal(), LOCKED);
    }

    async fn another_address_and_another_project_count_apart(app: TestApp) {
        app.set("lock.threshold", "1").await;
        let ada = ada(&app).await;
        fail(&app, &ada, 1).await;
        assert_eq!(send(&app, &ada.organization, json!({})).await.refusal(), LOCKED);
        let bob = app.newcomer(&ada.organization, "bob@acme.example", json!({})).await;
        let code = code_to(&app, &bob).await;
        app.spend_code(&bob, &code, json!({})).await.ok();
        let other = app.another_project().await;
        let ada = super::ada(&other).await;
        let code = code_to(&other, &ada).await;
        other.spend_code(&ada, &code, json!({})).await.ok();
    }

    async fn a_right_code_forgets_the_failures(app: TestApp) {
        let ada = ada(&app).await;
        for _ in 0..4 {
            let code = code_to(&app, &ada).await;
            for _ in 0..4 {
                app.spend_code(&ada, &another_code(&code), json!({})).await;
            }
            app.spend_code(&ada, &code, json!({})).await.ok();
        }
    }

    async fn a_new_code_forgets_no_failure(app: TestApp) {
        app.set("lock.threshold", "3").await;
        let ada = ada(&app).await;
        for _ in 0..3 {
            let code = code_to(&app, &ada).await;
            app.spend_code(&ada, &another_code(&code), json!({})).await;
        }
        assert_eq!(send(&app, &ada.organization, json!({})).await.refusal(), LOCKED);
    }

    async fn what_is_malformed_is_refused_uncounted(app: TestApp) {
        let ada = ada(&app).await;
        let code = code_to(&app, &ada).await;
        for odd in ["12345", "1234567", "", "12345a", " 12345", "１２３４５６"].repeat(2) {
            let refused = app.spend_code(&ada, odd, json!({})).await;
            assert_eq!(refused.refusal(), (400, "invalid_code"), "{odd}");
        }
        app.spend_code(&ada, &code, json!({})).await.ok();
    }

    async fn an_address_that_got_no_code_counts_nothing(app: TestApp) {
        let ada = ada(&app).await;
        for _ in 0..12 {
            assert_eq!(app.spend_code(&ada, "123456", json!({})).await.refusal(), NOT_FOUND);
            let answer = app.spend_discovery_code("nobody@acme.example", "123456").await;
            assert_eq!(answer.refusal(), NOT_FOUND);
        }
        code_to(&app, &ada).await;
        app.mail_discovery_code("nobody@acme.example").await;
    }

    async fn the_second_factor_lock_stops_codes_too(app: TestApp) {
        let organization = app.organization(json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        app.import_totp(&ada).await;
        let code = code_to(&app, &ada).await;
        let ist = app.between(&ada).await;
        for _ in 0..10 {
            let wrong = json!({ "code": "000000", "intermediate_session_token": ist });
            app.complete(&ada, "totp", wrong).await;
        }
        assert_eq!(app.spend_code(&ada, &code, json!({})).await.refusal(), LOCKED);
        assert_eq!(send(&app, &organization, json!({})).await.refusal(), LOCKED);
    }

    async fn failures_and_the_lock_are_written_down(app: TestApp) {
        app.set("lock.threshold", "2").await;
        let ada = ada(&app).await;
        fail(&app, &ada, 2).await;
        let log = app.audit_log(&ada.organization).await;
        let written = |action: &str| log.iter().filter(|it| it.action.to_string() == action).count();
        assert_eq!((written("email_otp.failed"), written("email_otp.locked")), (2, 1));
    }
}
