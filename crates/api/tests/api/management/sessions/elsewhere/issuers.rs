//! Keys that an issuer publishes.

use super::{Issuer, pair, profile, serving};
use crate::{contract::errors::assert_refused, management::sessions::somebody};
use aws_lc_rs::signature::{EcdsaKeyPair, KeyPair};
use axum::{
    Router,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::trusted_tokens::{Attributes, KeySource, Rules};
use std::sync::{Arc, Mutex};
use testkit::{Answer, Person, TestApp, Value, json, on_both_databases};

const INVALID: (u16, &str) = (401, "invalid_trusted_auth_token");

/// What the issuer publishes now, and how often it was asked.
type Published = Arc<Mutex<(Value, usize)>>;

fn jwk(pair: &EcdsaKeyPair, key_id: &str) -> Value {
    let point = pair.public_key().as_ref();
    json!({ "kty": "EC", "crv": "P-256", "kid": key_id, "use": "sig",
            "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..]) })
}

async fn publishing(app: &TestApp) -> (Issuer, Published) {
    let pair = pair();
    let published: Published = Arc::new(Mutex::new((json!({ "keys": [jwk(&pair, "k1")] }), 0)));
    let shared = published.clone();
    let answer = move || {
        let mut published = shared.lock().expect("not poisoned");
        published.1 += 1;
        let body = published.0.to_string();
        async move { ([(header::CONTENT_TYPE, "application/json")], body) }
    };
    let url = serving(Router::new().fallback(get(answer))).await;
    (Issuer { profile_id: at(app, &url).await, pair }, published)
}

async fn at(app: &TestApp, url: &str) -> String {
    let rules = Rules {
        issuer: "https://issuer.example".to_owned(),
        audience: "vestibule".to_owned(),
        keys: KeySource::JwksUrl(url.parse().expect("a URL")),
        attributes: Attributes::default(),
        can_jit_provision: false,
        requires_second_factor: false,
    };
    profile(app, rules).await
}

async fn attest(app: &TestApp, issuer: &Issuer, who: &Person, header: Value) -> Answer {
    let token = issuer.signed(&header, &super::claims(app, who, json!({})));
    let body = json!({ "profile_id": issuer.profile_id, "token": token });
    app.post("/v1/b2b/sessions/attest", body).await
}

on_both_databases! {
    async fn published_keys_are_fetched_once_and_remembered_for_ten_minutes(app: TestApp) {
        let (ada, (issuer, published)) = (somebody(&app).await, publishing(&app).await);
        let known = || json!({ "alg": "ES256", "kid": "k1" });
        for _ in 0..3 {
            attest(&app, &issuer, &ada, known()).await.ok();
        }
        assert_eq!(published.lock().expect("not poisoned").1, 1);
        app.advance(10 * 60);
        published.lock().expect("not poisoned").0 = json!({ "keys": [] });
        assert_refused(&attest(&app, &issuer, &ada, known()).await, INVALID);
    }

    async fn an_unknown_key_is_looked_for_at_most_every_half_minute(app: TestApp) {
        let (ada, (issuer, published)) = (somebody(&app).await, publishing(&app).await);
        let newer = || json!({ "alg": "ES256", "kid": "k2" });
        for _ in 0..5 {
            assert_refused(&attest(&app, &issuer, &ada, newer()).await, INVALID);
        }
        assert_eq!(published.lock().expect("not poisoned").1, 1);
        published.lock().expect("not poisoned").0 = json!({ "keys": [jwk(&issuer.pair, "k2")] });
        app.advance(30);
        attest(&app, &issuer, &ada, newer()).await.ok();
    }

    async fn an_issuer_that_misbehaves_is_not_believed(app: TestApp) {
        let ada = somebody(&app).await;
        let json_type = [(header::CONTENT_TYPE, "application/json")];
        let elsewhere = [(header::LOCATION, "http://127.0.0.1:1/")];
        for answer in [
            (StatusCode::FOUND, elsewhere, "").into_response(),
            (StatusCode::INTERNAL_SERVER_ERROR, json_type.clone(), "{}").into_response(),
            (StatusCode::OK, json_type.clone(), "no JSON").into_response(),
            (StatusCode::OK, json_type.clone(), r#"{"keys":7}"#).into_response(),
            (StatusCode::OK, [(header::CONTENT_TYPE, "text/html")], r#"{"keys":[]}"#).into_response(),
            (StatusCode::OK, json_type, format!(r#"{{"keys":[],"x":"{}"}}"#, "x".repeat(1 << 20))).into_response(),
        ] {
            let once = Arc::new(Mutex::new(Some(answer)));
            let handler = move || {
                let answer = once.lock().expect("not poisoned").take();
                async move { answer.unwrap_or_else(|| StatusCode::GONE.into_response()) }
            };
            let url = serving(Router::new().fallback(get(handler))).await;
            let issuer = Issuer { profile_id: at(&app, &url).await, pair: pair() };
            let answer = attest(&app, &issuer, &ada, json!({ "alg": "ES256", "kid": "k1" })).await;
            assert_refused(&answer, INVALID);
        }
    }
}
