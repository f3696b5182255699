//! Sessions on the word of others, and those others.

mod attest;
mod issuers;
mod migrate;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use axum::{Router, http::header, routing::get};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use domain::trusted_tokens::{Attributes, KeySource, Rules};
use flows::trusted_tokens::profiles;
use testkit::{Person, TestApp, Value, json};

/// Somebody whose tokens the project trusts.
pub struct Issuer {
    pub profile_id: String,
    pair: EcdsaKeyPair,
}

impl Issuer {
    /// With keys that the operator wrote down; `change` replaces fields of the rules.
    pub async fn trusted(app: &TestApp, change: Value) -> Self {
        let pair = pair();
        let keys = KeySource::Pem(vec![pem(&pair)]);
        let rules = Rules {
            issuer: "https://issuer.example".to_owned(),
            audience: "vestibule".to_owned(),
            keys,
            attributes: Attributes::default(),
            can_jit_provision: false,
            requires_second_factor: false,
        };
        let mut rules = serde_json::to_value(rules).expect("a JSON form");
        let more = change.as_object().expect("an object").clone();
        rules.as_object_mut().expect("an object").extend(more);
        let rules = serde_json::from_value(rules).expect("rules");
        Self { profile_id: profile(app, rules).await, pair }
    }

    /// A token of a minute for a member, with claims added or taken away by null.
    pub fn token(&self, app: &TestApp, who: &Person, change: Value) -> String {
        self.signed(&json!({ "alg": "ES256", "kid": "k1" }), &claims(app, who, change))
    }

    pub fn signed(&self, header: &Value, claims: &Value) -> String {
        let part = |it: &Value| URL_SAFE_NO_PAD.encode(it.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = self.pair.sign(&SystemRandom::new(), message.as_bytes()).expect("a signature");
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn claims(app: &TestApp, who: &Person, change: Value) -> Value {
    let now = app.now().seconds();
    let mut claims = json!({
        "iss": "https://issuer.example", "aud": "vestibule", "exp": now + 60, "iat": now,
        "jti": format!("token-{}", crate::contract::scenarios::number()),
        "email": who.email, "organization_id": who.organization,
    });
    claims.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
    claims.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    claims
}

async fn profile(app: &TestApp, rules: Rules) -> String {
    let project = app.project().await;
    rules.check(project.environment).expect("rules that can hold");
    let luck = (app.now(), &mut (app.api.entropy)());
    let made = profiles::create(&app.api.app, (&project, "Acme", rules), luck).await;
    made.expect("a profile").profile_id.to_string()
}

fn pair() -> EcdsaKeyPair {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key")
}

fn pem(pair: &EcdsaKeyPair) -> String {
    let prefix = STANDARD.decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE").expect("base64");
    // The prefix ends with the byte that begins every uncompressed point.
    let document = [&prefix[..], &pair.public_key().as_ref()[1..]].concat();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(document))
}

/// A server on this machine that answers every GET with this JSON; its URL.
pub async fn answering(body: String) -> String {
    let answer = move || {
        let body = body.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], body) }
    };
    serving(Router::new().fallback(get(answer))).await
}

/// A server on this machine; its URL.
async fn serving(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/there", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}
