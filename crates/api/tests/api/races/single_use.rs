//! What is good once is good for one of many callers.

use super::{CROWD, PHONE, REQUIRED, at_once, sessions_of, tally, twenty, written};
use std::collections::BTreeMap;
use testkit::{Answer, Person, TestApp, Value, code_of, json, on_both_databases};

/// The same evidence from a crowd, spread over intermediate sessions.
async fn crowd(
    app: &TestApp,
    who: &Person,
    route: &'static str,
    evidence: Value,
    ists: &[String],
) -> Vec<Answer> {
    at_once((0..CROWD).map(|at| {
        let (app, who, mut evidence) = (app.clone(), who.clone(), evidence.clone());
        evidence["intermediate_session_token"] = json!(ists[at % ists.len()]);
        async move { app.complete(&who, route, evidence).await }
    }))
    .await
}

fn one_of_the_crowd(answers: &[Answer], others: &str) {
    assert_eq!(tally(answers), BTreeMap::from([("ok", 1), (others, CROWD - 1)]));
}

/// One is inside; the others are told something that is no fault of the server.
fn one_winner(answers: &[Answer], losers: &[&str]) {
    let tally = tally(answers);
    assert_eq!(tally["ok"], 1, "{tally:?}");
    assert!(tally.keys().all(|it| *it == "ok" || losers.contains(it)), "{tally:?}");
}

on_both_databases! {
    async fn one_intermediate_session_gives_one_session_for_a_texted_code(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        let (ist, code) = (app.between(&ada).await, app.last_code(PHONE).await);
        let answers = crowd(&app, &ada, "otps/sms", json!({ "code": code }), &[ist]).await;
        one_of_the_crowd(&answers, "intermediate_session_not_found");
        assert_eq!(sessions_of(&app, &ada).await, 2, "the one that enrolled, and this");
        assert_eq!(app.failures(&ada).await, (0, 0), "a double submit is no failure");
    }

    async fn one_intermediate_session_gives_one_session_for_a_code_of_the_app(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let ist = app.between(&ada).await;
        let evidence = json!({ "code": code_of(&secret, app.now()) });
        let answers = crowd(&app, &ada, "totp", evidence, &[ist]).await;
        one_of_the_crowd(&answers, "intermediate_session_not_found");
        assert_eq!((sessions_of(&app, &ada).await, app.failures(&ada).await), (1, (0, 0)));
    }

    async fn a_texted_code_gives_one_session_over_twenty_intermediate_sessions(app: TestApp) {
        let ada = app.ada().await;
        app.enrol_sms(&ada, PHONE).await;
        let (ists, code) = (twenty(&app, &ada).await, app.last_code(PHONE).await);
        let answers = crowd(&app, &ada, "otps/sms", json!({ "code": code }), &ists).await;
        let losers = ["unable_to_auth_otp_code", "intermediate_session_not_found", "user_lock_limit_reached"];
        one_winner(&answers, &losers);
        assert_eq!(sessions_of(&app, &ada).await, 2, "the one that enrolled, and this");
    }

    async fn a_step_of_the_app_gives_one_session_over_twenty_intermediate_sessions(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let ists = twenty(&app, &ada).await;
        let evidence = json!({ "code": code_of(&secret, app.now()) });
        let answers = crowd(&app, &ada, "totp", evidence, &ists).await;
        let losers =
            ["totp_code_already_authenticated", "intermediate_session_not_found", "user_lock_limit_reached"];
        one_winner(&answers, &losers);
        assert_eq!(sessions_of(&app, &ada).await, 1);
    }

    async fn a_recovery_code_gives_one_session_over_twenty_intermediate_sessions(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let (ists, codes) = (twenty(&app, &ada).await, app.recovery_codes(&ada).await);
        let evidence = json!({ "recovery_code": codes[0] });
        let answers = crowd(&app, &ada, "recovery_codes", evidence, &ists).await;
        let losers = [
            "unable_to_authenticate_recovery_code",
            "intermediate_session_not_found",
            "user_lock_limit_reached",
        ];
        one_winner(&answers, &losers);
        assert_eq!((sessions_of(&app, &ada).await, app.recovery_codes(&ada).await.len()), (1, 9));
    }

    async fn a_pending_app_is_confirmed_once(app: TestApp) {
        let ada = app.ada().await;
        let ists = twenty(&app, &ada).await;
        let secret = app.create_totp(&ada, json!({})).await.ok().text("secret");
        let evidence = json!({ "code": code_of(&secret, app.now()) });
        let answers = crowd(&app, &ada, "totp", evidence, &ists).await;
        let losers =
            ["totp_code_already_authenticated", "intermediate_session_not_found", "user_lock_limit_reached"];
        one_winner(&answers, &losers);
        assert_eq!(written(&app, &ada, "totp.activated").await, 1);
    }

    async fn of_many_registrations_begun_at_once_one_is_confirmed(app: TestApp) {
        let ada = app.ada().await;
        let created = at_once((0..8).map(|_| {
            let (app, ada) = (app.clone(), ada.clone());
            async move { app.create_totp(&ada, json!({})).await }
        }))
        .await;
        let ist = app.between(&ada).await;
        let tries = created.into_iter().map(|shown| {
            let (app, ada, code) = (app.clone(), ada.clone(), code_of(&shown.ok().text("secret"), app.now()));
            let evidence = json!({ "code": code, "intermediate_session_token": ist });
            async move { app.complete(&ada, "totp", evidence).await }
        });
        assert_eq!(tally(&at_once(tries).await)["ok"], 1);
    }

    async fn a_magic_link_is_spent_once(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let link = app.mail_link(&organization, &ada.email, json!({})).await;
        let answers = at_once((0..CROWD).map(|_| {
            let (app, link) = (app.clone(), link.clone());
            async move { app.spend_link(&link, json!({})).await }
        }))
        .await;
        one_of_the_crowd(&answers, "unable_to_auth_magic_link");
        assert_eq!(sessions_of(&app, &ada).await, 1);
    }

    async fn a_password_reset_is_spent_once(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let token = app.mail_reset(&organization, &ada.email, json!({})).await;
        let answers = at_once((0..8).map(|_| {
            let (app, token) = (app.clone(), token.clone());
            async move { app.spend_reset(&token, json!({})).await }
        }))
        .await;
        assert_eq!(tally(&answers), BTreeMap::from([("ok", 1), ("unable_to_auth_password_reset_token", 7)]));
        assert_eq!(sessions_of(&app, &ada).await, 1);
    }

    async fn a_session_is_raised_once_by_one_code(app: TestApp) {
        let ada = app.ada().await;
        let session = app.enrol_sms(&ada, PHONE).await;
        app.send_sms(&ada, json!({})).await.ok();
        let code = app.last_code(PHONE).await;
        let answers = at_once((0..CROWD).map(|_| {
            let (app, ada) = (app.clone(), ada.clone());
            let evidence = json!({ "code": code, "session_token": session });
            async move { app.complete(&ada, "otps/sms", evidence).await }
        }))
        .await;
        one_of_the_crowd(&answers, "session_not_found");
        assert_eq!(written(&app, &ada, "session.raised").await, 1);
        assert_eq!(app.failures(&ada).await, (0, 0));
    }

    async fn one_intermediate_session_carried_by_many_first_factors_is_consumed_once(app: TestApp) {
        let organization = app.organization(json!({ "mfa_policy": REQUIRED })).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let ist = app.between(&ada).await;
        app.put(&format!("/v1/b2b/organizations/{organization}"), json!({ "mfa_policy": "OPTIONAL" }))
            .await
            .ok();
        let mut links = Vec::new();
        for _ in 0..16 {
            links.push(app.mail_link(&organization, &ada.email, json!({})).await);
        }
        let answers = at_once(links.into_iter().map(|link| {
            let (app, carried) = (app.clone(), json!({ "intermediate_session_token": ist }));
            async move { app.spend_link(&link, carried).await }
        }))
        .await;
        assert_eq!(tally(&answers), BTreeMap::from([("ok", 1), ("intermediate_session_not_found", 15)]));
        assert_eq!(sessions_of(&app, &ada).await, 1);
    }
}
