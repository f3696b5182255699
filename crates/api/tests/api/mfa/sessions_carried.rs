//! A session sent along with a first factor (rules 3, 9 and 12).

use super::{PHONE, REQUIRED, allow_only, factors, restrict};
use testkit::{Value, json, on_both_databases};

on_both_databases! {
    async fn a_session_with_a_second_factor_waives_the_second_step(app: TestApp) {
        let ada = app.ada().await;
        let session = app.enrol_sms(&ada, PHONE).await;
        let before = app.check(&session).await.ok();
        let link = app.mail_link(&ada.organization, &ada.email, json!({})).await;

        let inside = app.spend_link(&link, json!({ "session_token": session })).await.ok();
        assert_eq!(inside["member_authenticated"], json!(true));
        assert_eq!(
            (&inside["intermediate_session_token"], &inside["mfa_required"]),
            (&json!(""), &Value::Null)
        );
        assert_eq!(factors(&inside["member_session"]), ["knowledge", "sms", "email"]);
        for kept in ["member_session_id", "started_at", "expires_at"] {
            assert_eq!(inside["member_session"][kept], before["member_session"][kept], "{kept}");
        }
        assert_eq!(app.texts(PHONE), 1, "only the one that enrolled it");
        assert_eq!(app.check(&session).await.refusal(), (404, "session_not_found"), "its token has changed");
    }

    async fn a_jwt_waives_what_its_session_does(app: TestApp) {
        let ada = app.ada().await;
        let session = app.enrol_sms(&ada, PHONE).await;
        let jwt = app.check(&session).await.ok().text("session_jwt");
        let inside = app.password_login_with(&ada, json!({ "session_jwt": jwt })).await.ok();
        assert_eq!(inside["member_authenticated"], json!(true));
    }

    async fn a_session_from_before_the_policy_waives_nothing(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let session = app.password_login(&ada).await.ok().text("session_token");
        restrict(&app, &ada, json!({ "mfa_policy": REQUIRED })).await;

        let stopped = app.password_login_with(&ada, json!({ "session_token": session })).await.ok();
        assert_eq!(stopped["member_authenticated"], json!(false));
        assert_eq!(stopped["mfa_required"]["member_options"], Value::Null);
        app.check(&session).await.ok(); // a tighter policy ends nothing
    }

    async fn a_second_factor_that_is_no_longer_allowed_waives_nothing(app: TestApp) {
        let ada = app.ada().await;
        let session = app.enrol_sms(&ada, PHONE).await;
        allow_only(&app, &ada, "totp").await;
        let stopped = app.password_login_with(&ada, json!({ "session_token": session })).await.ok();
        assert_eq!(stopped["member_authenticated"], json!(false));
    }

    async fn the_session_of_another_member_is_ignored(app: TestApp) {
        let ada = app.ada().await;
        let bob = app.person(&ada.organization, "bob@acme.example").await;
        let of_bob = app.enrol_sms(&bob, PHONE).await;
        for session in [of_bob.as_str(), "no such session"] {
            let stopped = app.password_login_with(&ada, json!({ "session_token": session })).await.ok();
            assert_eq!(stopped["member_authenticated"], json!(false), "{session}");
        }
        let untouched = app.check(&of_bob).await.ok();
        assert_eq!(factors(&untouched["member_session"]), ["knowledge", "sms"]);
    }

    async fn the_session_of_another_member_is_never_raised(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let ada = app.person(&organization, "ada@acme.example").await;
        let bob = app.person(&organization, "bob@acme.example").await;
        let of_bob = app.link_login(&bob).await.ok();
        let carried = json!({ "session_token": of_bob["session_token"] });
        let of_ada = app.password_login_with(&ada, carried).await.ok();
        assert_eq!(of_ada["member_session"]["member_id"], json!(ada.member));
        assert_eq!(factors(&of_ada["member_session"]), ["knowledge"], "what he proved is not hers");
        let untouched = app.check(&of_bob.text("session_token")).await.ok();
        assert_eq!(factors(&untouched["member_session"]), ["email"]);
    }

    async fn the_session_of_another_organization_is_ignored(app: TestApp) {
        let (ada, her_other_self) = (app.ada().await, app.ada().await);
        let session = app.enrol_sms(&her_other_self, PHONE).await;
        let stopped = app.password_login_with(&ada, json!({ "session_token": session })).await.ok();
        assert_eq!(stopped["member_authenticated"], json!(false));
    }

    async fn a_session_token_beside_a_jwt_is_refused(app: TestApp) {
        let ada = app.ada().await;
        let session = app.enrol_sms(&ada, PHONE).await;
        let jwt = app.check(&session).await.ok().text("session_jwt");
        let both = json!({ "session_token": session, "session_jwt": jwt });
        let refused = (400, "too_many_session_arguments");
        assert_eq!(app.password_login_with(&ada, both.clone()).await.refusal(), refused);
        let link = app.mail_link(&ada.organization, &ada.email, json!({})).await;
        assert_eq!(app.spend_link(&link, both).await.refusal(), refused);
        app.spend_link(&link, json!({})).await.ok(); // nothing was spent
    }
}
