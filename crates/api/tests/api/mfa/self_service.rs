//! Changing a factor needs a factor, also with a member's session in the header.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use testkit::{Answer, Person, TestApp, Value, code_of, json, on_both_databases};

const PHONE: &str = "+12025550149";
const GUARDED: (u16, &str) = (401, "insufficient_factors");

/// A call on the member's own behalf, by a session in the header.
async fn as_self(
    app: &TestApp,
    who: &Person,
    (method, below, body): (Method, &str, Value),
    session: &str,
) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(format!("{}{below}", who.path()))
        .header(header::AUTHORIZATION, app.authorization())
        .header("X-Stytch-Member-Session", session);
    app.send(request.body(Body::from(body.to_string())).unwrap()).await
}

/// Ada, a session from before she had an authenticator app, and the app's secret.
async fn enrolled_since(app: &TestApp) -> (Person, String, String) {
    let ada = app.person(&app.organization(json!({})).await, "ada@acme.example").await;
    let session = app.link_login(&ada).await.ok().text("session_token");
    let secret = app.import_totp(&ada).await;
    app.change(&ada, json!({ "mfa_enrolled": true })).await.ok();
    (ada, session, secret)
}

on_both_databases! {
    async fn a_session_without_the_second_factor_takes_none_away(app: TestApp) {
        let (ada, session, _) = enrolled_since(&app).await;
        for change in [
            (Method::DELETE, "/totp", json!({})),
            (Method::PUT, "", json!({ "mfa_enrolled": false })),
            (Method::PUT, "", json!({ "mfa_phone_number": PHONE })),
            (Method::PUT, "", json!({ "default_mfa_method": "totp" })),
            (Method::POST, "/start_email_update", json!({ "email_address": "eve@acme.example" })),
        ] {
            let what = format!("{change:?}");
            assert_eq!(as_self(&app, &ada, change, &session).await.refusal(), GUARDED, "{what}");
        }
        as_self(&app, &ada, (Method::PUT, "", json!({ "name": "Ada" })), &session).await.ok();
        assert_ne!(app.member(&ada).await["totp_registration_id"], "");
    }

    async fn a_session_with_it_may(app: TestApp) {
        let (ada, session, secret) = enrolled_since(&app).await;
        let evidence = json!({ "code": code_of(&secret, app.now()), "session_token": session });
        let raised = app.complete(&ada, "totp", evidence).await.ok().text("session_token");
        as_self(&app, &ada, (Method::DELETE, "/totp", json!({})), &raised).await.ok();
        assert_eq!(app.member(&ada).await["totp_registration_id"], "");
    }

    async fn a_number_that_members_name_themselves_is_not_texted_unasked(app: TestApp) {
        let ada = app.person(&app.organization(json!({})).await, "ada@acme.example").await;
        let session = app.link_login(&ada).await.ok().text("session_token");
        as_self(&app, &ada, (Method::PUT, "", json!({ "mfa_phone_number": PHONE })), &session).await.ok();
        app.change(&ada, json!({ "mfa_enrolled": true })).await.ok();
        let waiting = app.link_login(&ada).await.ok();
        assert_eq!(waiting["mfa_required"], json!({ "member_options": null, "secondary_auth_initiated": null }));
        assert_eq!(app.texts(PHONE), 0);
    }
}
