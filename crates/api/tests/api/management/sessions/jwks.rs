//! The public keys of a project.

use super::{parts, somebody};
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use axum::{body::Body, http::Request};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use testkit::{Answer, PROJECT_ID, TestApp, json, on_both_databases};

/// Fetched by anybody: without credentials.
async fn jwks(app: &TestApp, project: &str) -> Answer {
    let request = Request::get(format!("/v1/b2b/sessions/jwks/{project}")).body(Body::empty());
    app.send(request.expect("a request")).await
}

fn bytes(base64url: &serde_json::Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(base64url.as_str().expect("a text")).expect("base64url")
}

on_both_databases! {
    async fn a_key_has_the_nine_members_that_clients_read(app: TestApp) {
        let found = jwks(&app, PROJECT_ID).await.ok();
        let keys = found["keys"].as_array().expect("keys");
        assert_eq!(keys.len(), 1);
        let mut key = keys[0].clone();
        let members = key.as_object_mut().expect("an object");
        for secret_free in ["kid", "n", "e"] {
            assert_ne!(members.remove(secret_free).expect(secret_free), json!(""));
        }
        let rest = json!({ "kty": "RSA", "use": "sig", "key_ops": ["verify"], "alg": "RS256",
                           "x5c": [], "x5tS256": "" });
        assert_eq!(key, rest);
        assert!(bytes(&keys[0]["n"]).len() >= 256, "at least 2048 bits");
    }

    async fn a_session_jwt_verifies_with_the_key_it_names(app: TestApp) {
        let jwt = app.link_login(&somebody(&app).await).await.ok().text("session_jwt");
        let [header, _] = parts(&jwt);
        let found = jwks(&app, PROJECT_ID).await.ok();
        let key = found["keys"]
            .as_array()
            .expect("keys")
            .iter()
            .find(|it| it["kid"] == header["kid"])
            .expect("the key");
        let (signed, signature) = jwt.rsplit_once('.').expect("a signature");
        let public = RsaPublicKeyComponents { n: bytes(&key["n"]), e: bytes(&key["e"]) };
        let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
        public.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature).expect("a good signature");
    }

    async fn each_project_has_keys_of_its_own_from_the_start(app: TestApp) {
        let other = app.another_project().await;
        let theirs = other.get("/v1/debug/whoami").await.ok().text("project_id");
        let (ours, theirs) = (jwks(&app, PROJECT_ID).await.ok(), jwks(&app, &theirs).await.ok());
        assert_ne!(ours["keys"][0]["n"], theirs["keys"][0]["n"]);
        assert_ne!(ours["keys"][0]["kid"], theirs["keys"][0]["kid"]);
    }

    async fn keys_come_with_credentials_too(app: TestApp) {
        app.get(&format!("/v1/b2b/sessions/jwks/{PROJECT_ID}")).await.ok();
    }

    async fn an_unknown_project_has_no_keys(app: TestApp) {
        for unknown in ["project-test-00000000-0000-4000-8000-00000000dead", "project"] {
            assert_eq!(jwks(&app, unknown).await.refusal(), (404, "project_not_found"));
        }
    }
}
