//! Programs as clients: their secrets, their access tokens, what those are worth.

mod claims;
mod clients;
mod confusion;
mod credentials;
mod forms;
mod guessing;
mod introspection;
mod metrics;
mod rotation;
mod search;
mod tokens;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use testkit::{Answer, TestApp, Value, json};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
/// 401 for whatever is wrong with a client or its secret.
const INVALID_CLIENT: (u16, &str) = (401, "invalid_client");

/// The path of a client.
fn path(client: &Value) -> String {
    format!("/v1/m2m/clients/{}", id(client))
}

fn id(client: &Value) -> &str {
    client["client_id"].as_str().expect("a client_id")
}

fn secret(client: &Value) -> &str {
    client["client_secret"].as_str().expect("a client_secret")
}

/// A client with another secret.
fn with_secret(client: &Value, secret: impl Into<Value>) -> Value {
    json!({ "client_id": client["client_id"], "client_secret": secret.into() })
}

/// What a token says.
fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a payload");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("claims")
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

async fn access_token(app: &TestApp, client: &Value) -> String {
    app.m2m_token(client, json!({})).await.ok().text("access_token")
}

/// A refusal without what differs from call to call.
fn told(answer: &Answer) -> (u16, Value) {
    let mut body = answer.body.clone();
    body["request_id"].take();
    (answer.status.as_u16(), body)
}
