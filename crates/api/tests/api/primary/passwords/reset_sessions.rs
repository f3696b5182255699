//! What a reset ends, what it keeps, and what stays due.

use testkit::{Person, TestApp, code_of, json, on_both_databases};

async fn ada(app: &TestApp, policy: &str) -> Person {
    let organization = app.organization(json!({ "mfa_policy": policy })).await;
    app.person(&organization, "ada@acme.example").await
}

on_both_databases! {
    async fn a_reset_ends_every_session_and_halfway_login(app: TestApp) {
        let ada = ada(&app, "OPTIONAL").await;
        let session = app.link_login(&ada).await.ok().text("session_token");
        app.change(&ada, json!({ "mfa_enrolled": true })).await.ok();
        let halfway = app.halfway(&ada).await;
        let token = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        app.spend_reset(&token, json!({})).await.ok();
        assert_eq!(app.check(&session).await.refusal(), (404, "session_not_found"));
        let refused = app.send_sms(&ada, json!({ "intermediate_session_token": halfway,
                                                 "mfa_phone_number": "+12025550123" })).await;
        assert_eq!(refused.refusal(), (404, "intermediate_session_not_found"));
    }

    async fn a_second_factor_stays_due(app: TestApp) {
        let ada = ada(&app, "REQUIRED_FOR_ALL").await;
        let secret = app.import_totp(&ada).await;
        let token = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        let waiting = app.spend_reset(&token, json!({})).await.ok();
        assert_eq!(waiting["member_authenticated"], json!(false));
        assert_eq!(waiting["session_token"], json!(""));
        let evidence = json!({ "code": code_of(&secret, app.now()),
                               "intermediate_session_token": waiting["intermediate_session_token"] });
        app.complete(&ada, "totp", evidence).await.ok();
    }

    async fn an_own_session_with_a_second_factor_waives_it_and_is_kept(app: TestApp) {
        let ada = ada(&app, "REQUIRED_FOR_ALL").await;
        let one = app.enrol_sms(&ada, "+12025550123").await;
        let other = app.enrol_sms(&ada, "+12025550123").await;
        let token = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        let inside = app.spend_reset(&token, json!({ "session_token": one })).await.ok();
        assert_eq!(inside["member_authenticated"], json!(true));
        app.check(&inside.text("session_token")).await.ok();
        assert_eq!(app.check(&one).await.refusal(), (404, "session_not_found"), "its old token died");
        assert_eq!(app.check(&other).await.refusal(), (404, "session_not_found"));
    }

    async fn an_own_session_without_one_waives_nothing_and_ends(app: TestApp) {
        let ada = ada(&app, "OPTIONAL").await;
        let session = app.link_login(&ada).await.ok().text("session_token");
        app.put(&format!("/v1/b2b/organizations/{}", ada.organization), json!({ "mfa_policy": "REQUIRED_FOR_ALL" }))
            .await
            .ok();
        let token = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        let waiting = app.spend_reset(&token, json!({ "session_token": session })).await.ok();
        assert_eq!(waiting["member_authenticated"], json!(false));
        assert_eq!(app.check(&session).await.refusal(), (404, "session_not_found"));
    }

    async fn an_own_halfway_login_sent_along_goes_on(app: TestApp) {
        let ada = ada(&app, "REQUIRED_FOR_ALL").await;
        let halfway = app.halfway(&ada).await;
        let token = app.mail_reset(&ada.organization, &ada.email, json!({})).await;
        let waiting = app.spend_reset(&token, json!({ "intermediate_session_token": halfway })).await.ok();
        assert_eq!(waiting["intermediate_session_token"], json!(halfway));
    }
}
