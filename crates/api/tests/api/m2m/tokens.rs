//! What a token says, and for whom.

use super::{access_token, claims, id, path};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use testkit::{PROJECT_ID, TestApp, Value, json, on_both_databases};

async fn scope(app: &TestApp, client: &Value, asked: Value) -> String {
    let token = app.m2m_token(client, asked).await.ok().text("access_token");
    claims(&token)["scope"].as_str().expect("a scope").to_owned()
}

on_both_databases! {
    async fn a_token_says_what_verifiers_read(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let answer = app.m2m_token(&client, json!({})).await.ok();
        assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("bearer"), &json!(3600)));
        let token = answer.text("access_token");
        let header = URL_SAFE_NO_PAD.decode(token.split('.').next().expect("a header")).expect("base64url");
        let header: Value = serde_json::from_slice(&header).expect("a header");
        assert_eq!((&header["alg"], &header["typ"]), (&json!("RS256"), &json!("JWT")));
        let keys = app.get(&format!("/v1/b2b/sessions/jwks/{PROJECT_ID}")).await.ok();
        assert_eq!(header["kid"], keys["keys"][0]["kid"], "the key of the project's sessions");
        let mut said = claims(&token);
        let jti = said["jti"].take();
        assert!(jti.as_str().is_some_and(|it| it.starts_with("m2m-token-test-")));
        let now = app.now().seconds();
        let expected = json!({
            "iss": format!("stytch.com/{PROJECT_ID}"), "aud": [PROJECT_ID], "sub": id(&client),
            "scope": "read:users write:users", "iat": now, "nbf": now, "exp": now + 3600, "jti": null,
        });
        assert_eq!(said, expected);
    }

    async fn no_two_tokens_are_the_same(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        assert_ne!(access_token(&app, &client).await, access_token(&app, &client).await);
    }

    async fn a_token_has_the_scopes_that_were_asked_for(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        for (asked, expected) in [
            (json!({}), "read:users write:users"),
            (json!({ "scope": null, "scopes": null }), "read:users write:users"),
            (json!({ "scope": "" }), "read:users write:users"),
            (json!({ "scopes": [] }), "read:users write:users"),
            (json!({ "scope": "write:users" }), "write:users"),
            (json!({ "scope": " write:users  read:users " }), "write:users read:users"),
            (json!({ "scopes": ["read:users"] }), "read:users"),
            (json!({ "scope": "read:users", "scopes": ["read:users"] }), "read:users"),
        ] {
            assert_eq!(scope(&app, &client, asked.clone()).await, expected, "{asked}");
        }
    }

    async fn a_scope_that_is_not_the_clients_is_refused(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        for asked in [
            json!({ "scope": "admin" }),
            json!({ "scope": "read:users admin" }),
            json!({ "scope": "read:*" }),
            json!({ "scope": "READ:USERS" }),
            json!({ "scopes": ["read:users", ""] }),
            json!({ "scope": "read:users", "scopes": ["admin"] }),
        ] {
            let refused = app.m2m_token(&client, asked.clone()).await;
            assert_eq!(refused.refusal(), (400, "invalid_scope"), "{asked}");
        }
    }

    async fn a_scope_that_was_taken_away_is_in_no_new_token(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        app.put(&path(&client), json!({ "scopes": ["read:users"] })).await.ok();
        assert_eq!(scope(&app, &client, json!({})).await, "read:users");
        let refused = app.m2m_token(&client, json!({ "scope": "write:users" })).await;
        assert_eq!(refused.refusal(), (400, "invalid_scope"));
    }

    async fn only_one_grant_is_for_clients(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        for grant in ["", "password", "authorization_code", "CLIENT_CREDENTIALS"] {
            let refused = app.m2m_token(&client, json!({ "grant_type": grant })).await;
            assert_eq!(refused.refusal(), (400, "unsupported_grant_type"), "{grant}");
        }
        let refused = app.m2m_token(&client, json!({ "grant_type": null })).await;
        assert_eq!(refused.refusal(), (400, "invalid_request"));
    }
}
