//! `/v1/b2b/sessions`.

mod claims;
pub mod elsewhere;
mod ending;
pub mod forgery;
mod impersonation;
mod jwks;
mod limits;
mod listing;
mod time;
mod tokens;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use testkit::{Answer, Person, TestApp, Value, json};

/// A member without any factor, in an organization of their own.
async fn somebody(app: &TestApp) -> Person {
    let organization = app.organization(json!({})).await;
    app.newcomer(&organization, "ada@acme.example", json!({})).await
}

/// What is answered to whoever shows a session, and what they want of it.
async fn authenticate(app: &TestApp, body: Value) -> Answer {
    app.post("/v1/b2b/sessions/authenticate", body).await
}

async fn revoke(app: &TestApp, body: Value) -> Answer {
    app.post("/v1/b2b/sessions/revoke", body).await
}

/// Header and payload of a JWT; its signature is not looked at.
fn parts(jwt: &str) -> [Value; 2] {
    let read = |part: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64url");
        serde_json::from_slice(&bytes).expect("JSON")
    };
    let parts: Vec<&str> = jwt.split('.').collect();
    [read(parts[0]), read(parts[1])]
}
