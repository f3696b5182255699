//! Wrong passwords lock passwords, and nothing else.

use super::{WRONG, enter_by_totp, with_ist};
use std::{
    future::Future,
    task::{Context, Waker},
};
use testkit::{Person, TestApp, json, on_both_databases};

const LOCKED: (u16, &str) = (429, "user_lock_limit_reached");

async fn fail(app: &TestApp, who: &Person, times: usize) {
    for _ in 0..times {
        let wrong = app.password_login_with(who, json!({ "password": "not hers" })).await;
        assert_eq!(wrong.refusal(), (401, "unauthorized_credentials"));
    }
}

on_both_databases! {
    async fn ten_wrong_passwords_lock_passwords_only(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        fail(&app, &ada, 10).await;
        assert_eq!(app.password_login(&ada).await.refusal(), LOCKED);
        let member = app.member(&ada).await;
        assert_eq!(member["is_locked"], json!(true));
        let end = app.now().plus(domain::time::Span::minutes(60));
        assert_eq!(member["lock_expires_at"], json!(end.to_string()));
        enter_by_totp(&app, &ada, &secret).await; // by link: nobody can shut a member out
        assert_eq!(
            app.password_login(&ada).await.refusal(),
            LOCKED,
            "a second factor opens no password lock"
        );
        app.advance(3600);
        app.password_login(&ada).await.ok();
        assert_eq!(app.member(&ada).await["is_locked"], json!(false));
    }

    async fn a_right_password_forgets_the_wrong_ones(app: TestApp) {
        let ada = app.ada().await;
        fail(&app, &ada, 9).await;
        app.password_login(&ada).await.ok();
        assert_eq!(app.row(&ada).await.password_failures, 0);
        fail(&app, &ada, 9).await;
        app.password_login(&ada).await.ok();
    }

    async fn wrong_passwords_and_wrong_codes_are_counted_apart(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        fail(&app, &ada, 3).await;
        assert_eq!(app.failures(&ada).await, (0, 0));
        let ist = app.halfway(&ada).await;
        app.complete(&ada, "totp", with_ist(&ist, WRONG)).await;
        app.password_login(&ada).await.ok();
        assert_eq!(app.failures(&ada).await, (1, 1), "a first factor forgets no second one");
    }

    async fn who_is_turned_away_by_a_full_queue_has_not_guessed(app: TestApp) {
        let ada = app.ada().await;
        let hashing = &app.api.app.hashing;
        let mut held = Vec::new();
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            held.push(hashing.turn().await.expect("a core"));
        }
        let mut queue: Vec<_> = (0..32).map(|_| Box::pin(hashing.turn())).collect();
        for waiting in &mut queue {
            assert!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        assert_eq!(app.password_login(&ada).await.refusal(), (429, "too_many_requests"));
        drop((queue, held));
        assert_eq!(app.row(&ada).await.password_failures, 0);
        app.password_login(&ada).await.ok();
    }
}
