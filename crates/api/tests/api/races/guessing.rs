//! A crowd of guessers gets no more guesses than one.

use super::{CROWD, PHONE, REQUIRED, WRONG, at_once, sessions_of, tally, twenty, written};
use std::collections::BTreeMap;
use testkit::{Answer, Person, TestApp, Value, code_of, json, on_both_databases};

/// Wrong for every method.
fn wrong(ist: &str) -> Value {
    json!({ "code": WRONG, "recovery_code": "abcd-ef01-2345", "intermediate_session_token": ist })
}

/// Wrong guesses by a crowd over twenty intermediate sessions.
async fn guess(app: &TestApp, who: &Person, route: &'static str) -> Vec<Answer> {
    let ists = twenty(app, who).await;
    at_once((0..CROWD).map(|at| {
        let (app, who, ist) = (app.clone(), who.clone(), &ists[at % ists.len()]);
        let evidence = wrong(ist);
        async move { app.complete(&who, route, evidence).await }
    }))
    .await
}

async fn locked_once(app: &TestApp, who: &Person) {
    assert_eq!(app.failures(who).await, (10, 10));
    assert_eq!(written(app, who, "login.second_factor_failed").await, 10);
    assert_eq!(written(app, who, "login.second_factor_locked").await, 1);
    assert_eq!(app.member(who).await["is_locked"], json!(true));
}

on_both_databases! {
    async fn a_crowd_has_ten_guesses_at_the_app(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let expected =
            BTreeMap::from([("unable_to_authenticate_totp", 10), ("user_lock_limit_reached", CROWD - 10)]);
        assert_eq!(tally(&guess(&app, &ada, "totp").await), expected);
        locked_once(&app, &ada).await;
    }

    async fn a_crowd_has_ten_guesses_at_the_recovery_codes(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let wrong = "unable_to_authenticate_recovery_code";
        let expected = BTreeMap::from([(wrong, 10), ("user_lock_limit_reached", CROWD - 10)]);
        assert_eq!(tally(&guess(&app, &ada, "recovery_codes").await), expected);
        locked_once(&app, &ada).await;
    }

    async fn a_crowd_has_five_guesses_at_a_texted_code(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        let expected = BTreeMap::from([
            ("otp_code_not_found", 5),
            ("unable_to_auth_otp_code", 5),
            ("user_lock_limit_reached", CROWD - 10),
        ]);
        assert_eq!(tally(&guess(&app, &ada, "otps/sms").await), expected);
        locked_once(&app, &ada).await;
    }

    async fn a_crowd_has_ten_guesses_over_all_methods(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        app.import_totp(&ada).await;
        let ists = twenty(&app, &ada).await;
        let answers = at_once((0..CROWD).map(|at| {
            let (app, ada, ist) = (app.clone(), ada.clone(), &ists[at % ists.len()]);
            let route = ["otps/sms", "totp", "recovery_codes"][at % 3];
            let evidence = wrong(ist);
            async move { app.complete(&ada, route, evidence).await }
        }))
        .await;
        assert_eq!(tally(&answers)["user_lock_limit_reached"], CROWD - 10);
        locked_once(&app, &ada).await;
    }

    async fn resending_meanwhile_buys_no_guess(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        let ist = app.between(&ada).await;
        let answers = at_once((0..CROWD).map(|at| {
            let (app, ada) = (app.clone(), ada.clone());
            let evidence = json!({ "code": WRONG, "intermediate_session_token": ist });
            async move {
                if at % 2 == 0 {
                    app.send_sms(&ada, json!({})).await
                } else {
                    app.complete(&ada, "otps/sms", evidence).await
                }
            }
        }))
        .await;
        let tally = tally(&answers);
        let told = |it: &str| tally.get(it).copied().unwrap_or(0);
        assert_eq!(told("otp_code_not_found") + told("unable_to_auth_otp_code"), 10, "{tally:?}");
        locked_once(&app, &ada).await;
    }

    async fn a_crowd_has_ten_guesses_at_a_password(app: TestApp) {
        let ada = app.ada().await;
        let answers = at_once((0..CROWD).map(|_| {
            let (app, ada) = (app.clone(), ada.clone());
            async move { app.password_login_with(&ada, json!({ "password": "not hers" })).await }
        }))
        .await;
        let tally = tally(&answers);
        assert_eq!(tally["unauthorized_credentials"], 10, "{tally:?}");
        assert!(answers.iter().all(|it| matches!(it.status.as_u16(), 401 | 429)), "{tally:?}");
        assert_eq!(app.row(&ada).await.password_failures, 10);
        assert_eq!(written(&app, &ada, "login.password_locked").await, 1);
    }

    async fn right_codes_of_many_members_all_pass(app: TestApp) {
        let organization = app.organization(json!({ "mfa_policy": REQUIRED })).await;
        let mut evidence = Vec::new();
        for at in 0..CROWD {
            let who = app.newcomer(&organization, &format!("member{at}@acme.example"), json!({})).await;
            let secret = app.import_totp(&who).await;
            let ist = app.between(&who).await;
            evidence.push((
                who,
                json!({ "code": code_of(&secret, app.now()), "intermediate_session_token": ist }),
            ));
        }
        let people: Vec<_> = evidence.iter().map(|(who, _)| who.clone()).collect();
        let answers = at_once(evidence.into_iter().map(|(who, evidence)| {
            let app = app.clone();
            async move { app.complete(&who, "totp", evidence).await }
        }))
        .await;
        assert_eq!(tally(&answers), BTreeMap::from([("ok", CROWD)]));
        for who in people.iter().take(4) {
            assert_eq!(sessions_of(&app, who).await, 1);
        }
    }
}
