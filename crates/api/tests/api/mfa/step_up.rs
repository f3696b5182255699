//! Raising a session by a second factor (rule 20).

use super::{PHONE, WRONG, accept_only, enter_by_totp, factors, with_session};
use testkit::{Value, code_of, json, on_both_databases};

on_both_databases! {
    async fn a_step_up_keeps_the_session_and_changes_its_token(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let before = app.link_login(&ada).await.ok();
        let token = before.text("session_token");
        let secret = app.import_totp(&ada).await;
        app.advance(60);

        let raised =
            app.complete(&ada, "totp", with_session(&token, &code_of(&secret, app.now()))).await.ok();
        for kept in ["member_session_id", "started_at", "expires_at"] {
            assert_eq!(raised["member_session"][kept], before["member_session"][kept], "{kept}");
        }
        assert_eq!(factors(&raised["member_session"]), ["email", "authenticator_app"]);
        assert_eq!(app.check(&token).await.refusal(), (404, "session_not_found"));
        app.check(&raised.text("session_token")).await.ok();
    }

    async fn a_jwt_raises_its_session(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let before = app.link_login(&ada).await.ok();
        let secret = app.import_totp(&ada).await;
        let evidence = json!({ "code": code_of(&secret, app.now()), "session_jwt": before["session_jwt"] });
        let raised = app.complete(&ada, "totp", evidence).await.ok();
        let id = |session: &Value| session["member_session_id"].clone();
        assert_eq!(id(&raised["member_session"]), id(&before["member_session"]));
        let old = app.check(&before.text("session_token")).await;
        assert_eq!(old.refusal(), (404, "session_not_found"));
    }

    async fn the_end_of_a_session_moves_only_if_asked(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let token = enter_by_totp(&app, &ada, &secret).await;
        app.advance(60);
        let evidence = json!({ "code": code_of(&secret, app.now()), "session_token": token,
                               "session_duration_minutes": 120, "session_custom_claims": { "a": 1 } });
        let raised = app.complete(&ada, "totp", evidence).await.ok();
        let end = app.now().plus(domain::time::Span::minutes(120)).to_string();
        assert_eq!(raised["member_session"]["expires_at"], json!(end));
        assert_eq!(raised["member_session"]["custom_claims"], json!({ "a": 1 }));
    }

    async fn a_factor_proved_again_is_listed_once_and_refreshed(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let token = enter_by_totp(&app, &ada, &secret).await;
        let first = app.check(&token).await.ok()["member_session"]["authentication_factors"][1].clone();
        app.advance(60);
        let raised =
            app.complete(&ada, "totp", with_session(&token, &code_of(&secret, app.now()))).await.ok();
        assert_eq!(factors(&raised["member_session"]), ["email", "authenticator_app"]);
        let again = &raised["member_session"]["authentication_factors"][1];
        assert_eq!(again["created_at"], first["created_at"]);
        assert_eq!(again["last_authenticated_at"], json!(app.now().to_string()));
        assert_ne!(again["last_authenticated_at"], first["last_authenticated_at"]);
    }

    async fn checking_a_session_refreshes_no_factor(app: TestApp) {
        let ada = app.ada().await;
        let session = app.enrol_sms(&ada, PHONE).await;
        let before = app.check(&session).await.ok();
        app.advance(60);
        let extend = json!({ "session_token": session, "session_duration_minutes": 60 });
        let extended = app.post("/v1/b2b/sessions/authenticate", extend).await.ok();
        let factors = |session: &Value| session["authentication_factors"].clone();
        assert_eq!(factors(&extended["member_session"]), factors(&before["member_session"]));
    }

    async fn a_wrong_code_leaves_the_session_as_it_was(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let token = enter_by_totp(&app, &ada, &secret).await;
        let wrong = app.complete(&ada, "totp", with_session(&token, WRONG)).await;
        assert_eq!(wrong.refusal(), (401, "unable_to_authenticate_totp"));
        assert_eq!(app.check(&token).await.ok().text("session_token"), token);
        assert_eq!(app.failures(&ada).await, (1, 1));
    }

    async fn a_session_whose_first_factor_is_no_longer_accepted_is_not_raised(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let token = enter_by_totp(&app, &ada, &secret).await;
        accept_only(&app, &ada, "password").await;
        app.advance(30);
        for code in [code_of(&secret, app.now()).as_str(), WRONG] {
            let refused = app.complete(&ada, "totp", with_session(&token, code)).await;
            assert_eq!(refused.refusal(), (400, "action_available_only_once_primary_authentication_is_met"));
        }
        assert_eq!(app.failures(&ada).await, (0, 0), "right and wrong codes look the same");
    }
}
