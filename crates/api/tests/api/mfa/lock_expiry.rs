//! How locks end, and the one that does not.

use super::{PHONE, WRONG, enter_by_totp, with_ist};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use testkit::{PROJECT_ID, Person, TestApp, Value, json, on_both_databases};

const LOCKED: (u16, &str) = (429, "user_lock_limit_reached");

/// A member with an app and its secret, in a project that locks so.
async fn ada_under(app: &TestApp, threshold: &str, minutes: &str) -> (Person, String) {
    app.set("lock.threshold", threshold).await;
    app.set("lock.minutes", minutes).await;
    let ada = app.ada().await;
    let secret = app.import_totp(&ada).await;
    (ada, secret)
}

async fn fail(app: &TestApp, who: &Person, times: usize) {
    let ist = app.between(who).await;
    for _ in 0..times {
        let wrong = app.complete(who, "totp", with_ist(&ist, WRONG)).await;
        assert_eq!(wrong.refusal(), (401, "unable_to_authenticate_totp"));
    }
}

async fn unlock(app: &TestApp, who: &Person) {
    let project = PROJECT_ID.parse().expect("a project id");
    let whom = (&project, who.organization.as_str(), who.member.as_str());
    let luck = (app.now(), &mut ChaCha20Rng::seed_from_u64(u64::MAX));
    flows::projects::unlock(&app.api.app, whom, luck).await.expect("unlocked");
}

on_both_databases! {
    async fn a_project_chooses_when_to_lock_and_for_how_long(app: TestApp) {
        let (ada, secret) = ada_under(&app, "3", "5").await;
        fail(&app, &ada, 3).await;
        app.advance(299);
        assert_eq!(app.password_login(&ada).await.refusal(), LOCKED);
        app.advance(1);
        assert_eq!(app.member(&ada).await["is_locked"], json!(false));
        enter_by_totp(&app, &ada, &secret).await;
    }

    async fn an_expired_lock_begins_a_new_count_but_not_a_new_total(app: TestApp) {
        let (ada, _) = ada_under(&app, "3", "5").await;
        fail(&app, &ada, 3).await;
        app.advance(300);
        fail(&app, &ada, 2).await;
        assert_eq!(app.member(&ada).await["is_locked"], json!(false));
        assert_eq!(app.failures(&ada).await, (2, 5));
        fail(&app, &ada, 1).await;
        assert_eq!(app.member(&ada).await["is_locked"], json!(true));
    }

    async fn a_threshold_of_one_locks_at_the_first_wrong_code(app: TestApp) {
        let (ada, secret) = ada_under(&app, "1", "5").await;
        enter_by_totp(&app, &ada, &secret).await;
        fail(&app, &ada, 1).await;
        assert_eq!(app.password_login(&ada).await.refusal(), LOCKED);
    }

    async fn a_hundred_failures_disable_until_an_operator_unlocks(app: TestApp) {
        let (ada, secret) = ada_under(&app, "25", "5").await;
        for _ in 0..4 {
            fail(&app, &ada, 25).await;
            app.advance(300);
        }
        assert_eq!(app.failures(&ada).await, (25, 100));
        app.advance(366 * 24 * 3600);
        let member = app.member(&ada).await;
        assert_eq!((&member["is_locked"], &member["lock_expires_at"]), (&json!(true), &Value::Null));
        assert_ne!(member["lock_created_at"], Value::Null);
        assert_eq!(app.password_login(&ada).await.refusal(), LOCKED);
        assert_eq!(app.send_sms(&ada, json!({ "mfa_phone_number": PHONE })).await.refusal(), LOCKED);
        assert_eq!(app.create_totp(&ada, json!({})).await.refusal(), LOCKED);

        unlock(&app, &ada).await;
        assert_eq!(app.failures(&ada).await, (0, 0));
        let last = app.audit_log(&ada.organization).await.pop().expect("a row");
        assert_eq!(last.action.to_string(), "member.unlocked");
        enter_by_totp(&app, &ada, &secret).await;
    }

    async fn the_hundredth_failure_disables_in_the_middle_of_a_count(app: TestApp) {
        let (ada, _) = ada_under(&app, "30", "5").await;
        for _ in 0..3 {
            fail(&app, &ada, 30).await;
            app.advance(300);
        }
        fail(&app, &ada, 9).await;
        assert_eq!(app.member(&ada).await["is_locked"], json!(false));
        let ist = app.between(&ada).await;
        app.complete(&ada, "totp", with_ist(&ist, WRONG)).await;
        assert_eq!(app.failures(&ada).await, (10, 100));
        assert_eq!(app.complete(&ada, "totp", with_ist(&ist, WRONG)).await.refusal(), LOCKED);
        assert_eq!(app.member(&ada).await["lock_expires_at"], Value::Null);
    }

    async fn a_success_before_the_hundredth_begins_the_total_anew(app: TestApp) {
        let (ada, secret) = ada_under(&app, "100", "5").await;
        fail(&app, &ada, 99).await;
        enter_by_totp(&app, &ada, &secret).await;
        assert_eq!(app.failures(&ada).await, (0, 0));
        fail(&app, &ada, 1).await;
        assert_eq!(app.member(&ada).await["is_locked"], json!(false));
    }
}
