//! Passwords known from breaches, where the operator configured a list of them.

use std::sync::atomic::{AtomicU32, Ordering};
use testkit::{Answer, Breaches, NEW_PASSWORD, PASSWORD, Person, TestApp, json, on_both_databases};

/// SHA-1 of the password of every person made here, and of the new one, in order.
const PASSWORD_PRINT: &str = "ABF7AAD6438836DBE526AA231ABDE2D0EEF74D42";

/// A file of its own for each test: one that is being written anew reads as empty.
fn listing(print: &str) -> Breaches {
    static FILES: AtomicU32 = AtomicU32::new(0);
    let number = FILES.fetch_add(1, Ordering::Relaxed);
    let file = std::env::temp_dir().join(format!("vestibule-breaches-{}-{number}", std::process::id()));
    std::fs::write(&file, format!("{print}:3\n")).expect("a file");
    Breaches::list(&file).expect("a list")
}

/// A service that nobody answers for.
fn unanswered() -> Breaches {
    Breaches::range("http://127.0.0.1:9/").expect("a service")
}

async fn ada(app: &TestApp) -> Person {
    let organization = app.organization(json!({})).await;
    app.person(&organization, "ada@acme.example").await
}

async fn rated(app: &TestApp, password: &str) -> Answer {
    app.post("/v1/b2b/passwords/strength_check", json!({ "password": password })).await
}

on_both_databases! {
    async fn a_breached_password_is_not_taken(app: TestApp) {
        let app = app.knowing(listing(PASSWORD_PRINT));
        let organization = app.organization(json!({})).await;
        app.newcomer(&organization, "ada@acme.example", json!({})).await;
        let token = app.mail_reset(&organization, "ada@acme.example", json!({})).await;
        let refused = app.spend_reset(&token, json!({ "password": PASSWORD })).await;
        assert_eq!(refused.refusal(), (400, "breached_password"));
        app.spend_reset(&token, json!({ "password": NEW_PASSWORD })).await.ok();
    }

    async fn a_right_password_that_is_breached_must_be_reset(app: TestApp) {
        app.set("lock.threshold", "2").await;
        let ada = ada(&app).await;
        let app = app.knowing(listing(PASSWORD_PRINT));
        for _ in 0..3 {
            assert_eq!(app.password_login(&ada).await.refusal(), (400, "member_reset_password"));
        }
        let wrong = app.password_login_with(&ada, json!({ "password": "wrong" })).await;
        assert_eq!(wrong.refusal(), (401, "unauthorized_credentials"));
        let change = json!({ "organization_id": ada.organization, "email_address": ada.email,
                             "existing_password": PASSWORD, "new_password": NEW_PASSWORD });
        let refused = app.post("/v1/b2b/passwords/existing_password/reset", change).await;
        assert_eq!(refused.refusal(), (400, "member_reset_password"));
        let token = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        app.spend_reset(&token, json!({})).await.ok();
        app.password_login_with(&ada, json!({ "password": NEW_PASSWORD })).await.ok();
    }

    async fn a_project_may_look_less_closely(app: TestApp) {
        let ada = ada(&app).await;
        let app = app.knowing(listing(PASSWORD_PRINT));
        app.set("password.breaches.on_authentication", "false").await;
        app.password_login(&ada).await.ok();
        app.set("password.breaches.on_create", "false").await;
        let token = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        app.spend_reset(&token, json!({ "password": PASSWORD })).await.ok();
        let rating = rated(&app, PASSWORD).await.ok();
        assert_eq!((&rating["breached_password"], &rating["breach_detection_on_create"]),
                   (&json!(false), &json!(false)));
    }

    async fn a_rating_tells_of_breaches(app: TestApp) {
        let app = app.knowing(listing(PASSWORD_PRINT));
        let rating = rated(&app, PASSWORD).await.ok();
        assert_eq!((&rating["valid_password"], &rating["breached_password"]), (&json!(false), &json!(true)));
        assert_eq!(rating["breach_detection_on_create"], json!(true));
        assert_eq!(rated(&app, NEW_PASSWORD).await.ok()["valid_password"], json!(true));
    }

    async fn a_source_that_is_down_closes_the_door_and_counts_nothing(app: TestApp) {
        app.set("lock.threshold", "1").await;
        let ada = ada(&app).await;
        let down = app.knowing(unanswered());
        for password in [PASSWORD, "wrong"] {
            let refused = down.password_login_with(&ada, json!({ "password": password })).await;
            assert_eq!(refused.refusal(), (504, "password_validation_timeout"));
        }
        let token = down.mail_reset(&ada.organization, &ada.email, json!({})).await;
        assert_eq!(down.spend_reset(&token, json!({})).await.refusal(), (504, "password_validation_timeout"));
        down.knowing(unanswered().failing_open(true)).spend_reset(&token, json!({})).await.ok();
    }

    async fn a_password_may_have_become_too_weak(app: TestApp) {
        let ada = ada(&app).await;
        app.set("password.policy", "luds").await;
        app.set("password.luds.minimum_complexity", "4").await;
        app.password_login(&ada).await.ok();
        app.set("password.strength.on_authentication", "true").await;
        assert_eq!(app.password_login(&ada).await.refusal(), (400, "member_reset_password"));
    }
}
