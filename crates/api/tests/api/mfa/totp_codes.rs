//! Codes of the authenticator app.

use super::{delete_totp, with_ist};
use testkit::{Answer, Person, TestApp, code_of, json, on_both_databases};

/// Tries the code of a moment so many seconds from now, with an intermediate session of its own.
async fn try_shifted(app: &TestApp, who: &Person, secret: &str, seconds: i64) -> Answer {
    let ist = app.between(who).await;
    let at = app.now().plus(domain::time::Span::seconds(seconds));
    app.complete(who, "totp", with_ist(&ist, &code_of(secret, at))).await
}

const USED: (u16, &str) = (400, "totp_code_already_authenticated");

on_both_databases! {
    async fn a_code_is_good_one_step_either_side_and_once(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        for seconds in [-30, 0, 30] {
            try_shifted(&app, &ada, &secret, seconds).await.ok();
            assert_eq!(try_shifted(&app, &ada, &secret, seconds).await.refusal(), USED, "{seconds}");
        }
    }

    async fn a_step_before_an_accepted_one_is_dead(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        try_shifted(&app, &ada, &secret, 30).await.ok();
        for seconds in [0, -30] {
            assert_eq!(try_shifted(&app, &ada, &secret, seconds).await.refusal(), USED, "{seconds}");
        }
        assert_eq!(app.failures(&ada).await, (2, 2));
    }

    async fn two_steps_off_is_wrong(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        for seconds in [-60, 60] {
            let wrong = try_shifted(&app, &ada, &secret, seconds).await;
            assert_eq!(wrong.refusal(), (401, "unable_to_authenticate_totp"), "{seconds}");
        }
    }

    async fn a_step_is_spent_for_step_ups_too(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let session = try_shifted(&app, &ada, &secret, 0).await.ok().text("session_token");
        let evidence = json!({ "code": code_of(&secret, app.now()), "session_token": session });
        assert_eq!(app.complete(&ada, "totp", evidence).await.refusal(), USED);
    }

    async fn a_removed_app_proves_nothing(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        delete_totp(&app, &ada).await;
        assert_eq!(try_shifted(&app, &ada, &secret, 0).await.refusal(), (404, "totp_not_found"));
        assert_eq!(app.failures(&ada).await, (0, 0));
    }

    async fn the_app_of_another_member_proves_nothing(app: TestApp) {
        let ada = app.ada().await;
        let bob = app.person(&ada.organization, "bob@acme.example").await;
        app.import_totp(&ada).await;
        let of_bob = app.create_totp(&bob, json!({})).await.ok().text("secret");
        let wrong = try_shifted(&app, &ada, &of_bob, 0).await;
        assert_eq!(wrong.refusal(), (401, "unable_to_authenticate_totp"));
    }
}
