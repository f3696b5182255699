//! A token of one kind is never taken for one of another.

use super::{access_token, claims};
use crate::{contract::scenarios::somebody, management::sessions::forgery::signed_as};
use testkit::{TestApp, Value, json, on_both_databases};

async fn is_inactive(app: &TestApp, token: &str, why: &str) {
    assert_eq!(app.introspect(token).await.ok()["active"], json!(false), "{why}");
}

on_both_databases! {
    async fn a_session_jwt_is_no_access_token(app: TestApp) {
        let ada = somebody(&app, json!({})).await;
        let login = app.password_login_with(&ada, json!({ "session_custom_claims": {
            "scope": "read:users", "client_id": "billing", "jti": "m2m-token-test-00000000-0000-4000-8000-000000000001",
        } })).await.ok();
        is_inactive(&app, &login.text("session_jwt"), "a session JWT").await;
        is_inactive(&app, &login.text("session_token"), "a session token").await;
    }

    async fn no_session_jwt_has_the_scope_that_clients_ask_an_access_token_for(app: TestApp) {
        let ada = somebody(&app, json!({})).await;
        let sent = json!({ "scope": "read:users", "client_id": "billing", "token_type": "access_token", "plan": "pro" });
        let login = app.password_login_with(&ada, json!({ "session_custom_claims": sent })).await.ok();
        assert_eq!(login["member_session"]["custom_claims"], json!({ "plan": "pro" }));
        let again = json!({ "session_token": login["session_token"], "session_custom_claims": sent });
        let again = app.post("/v1/b2b/sessions/authenticate", again).await.ok();
        let access = claims(&access_token(&app, &app.m2m_client(json!({ "scopes": ["read:users"] })).await).await);
        for answer in [&login, &again] {
            let session = claims(&answer.text("session_jwt"));
            for name in ["scope", "client_id", "token_type", "jti"] {
                assert_eq!(session.get(name), None, "{name}");
            }
            assert_eq!((&session["iss"], &session["aud"]), (&access["iss"], &access["aud"]), "the scope tells them apart");
            assert_eq!(session["plan"], json!("pro"));
            is_inactive(&app, &answer.text("session_jwt"), "a session JWT").await;
        }
        assert_eq!(access["scope"], json!("read:users"));
    }

    async fn an_access_token_is_no_session(app: TestApp) {
        let ada = somebody(&app, json!({})).await;
        let token = access_token(&app, &app.m2m_client(json!({})).await).await;
        let expected = (401, "unable_to_parse_session_jwt");
        for route in ["authenticate", "revoke"] {
            let answer = app.post(&format!("/v1/b2b/sessions/{route}"), json!({ "session_jwt": token })).await;
            assert_eq!(answer.refusal(), expected, "{route}");
        }
        let as_token = app.check(&token).await;
        assert_eq!(as_token.refusal(), (404, "session_not_found"));
        let carried = app.password_login_with(&ada, json!({ "session_jwt": token })).await;
        let factors = carried.ok()["member_session"]["authentication_factors"].clone();
        assert_eq!(factors.as_array().map(Vec::len), Some(1), "carried into a login it counts for nothing");
    }

    async fn a_token_with_something_of_another_kind_is_refused(app: TestApp) {
        let token = access_token(&app, &app.m2m_client(json!({})).await).await;
        let sane = claims(&token);
        let with = |name: &str, value: Value| { let mut it = sane.clone(); it[name] = value; it };
        assert_eq!(app.introspect(&signed_as(&app, &sane).await).await.ok()["active"], json!(true));
        for (why, forged) in [
            ("a session's", with("https://stytch.com/session", json!({}))),
            ("a connected app's", with("https://stytch.com/organization", json!({ "organization_id": "o" }))),
            ("named otherwise", with("jti", json!("other"))),
            ("of nobody", with("sub", json!("nobody"))),
            ("for another", with("aud", json!(["other"]))),
            ("for two", with("aud", json!([sane["aud"][0], "other"]))),
            ("from another", with("iss", json!("stytch.com/other"))),
            ("of odd scopes", with("scope", json!(["a"]))),
            ("of odd times", with("exp", json!("never"))),
            ("active by itself", with("active", json!(true))),
        ] {
            is_inactive(&app, &signed_as(&app, &forged).await, why).await;
        }
    }

    async fn what_is_no_token_is_not_active(app: TestApp) {
        let token = access_token(&app, &app.m2m_client(json!({})).await).await;
        let (head, signature) = token.rsplit_once('.').expect("a signature");
        for odd in ["", "x", "a.b.c", head, &format!("{head}."), &format!("{head}.{}", &signature[4..]), &"a".repeat(5000)] {
            is_inactive(&app, odd, odd).await;
        }
    }
}
