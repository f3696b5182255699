//! Keys and secrets that follow one another while everybody works.

mod digests;
mod emergency;
mod project_secrets;
mod server_key;
mod signing_keys;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::id::ProjectId;
use flows::keys;
use testkit::{Answer, PROJECT_ID, Person, TestApp, Value, json};

fn project() -> ProjectId {
    PROJECT_ID.parse().expect("a project id")
}

/// A member without any factor, in an organization of their own.
async fn somebody(app: &TestApp) -> Person {
    let organization = app.organization(json!({})).await;
    app.newcomer(&organization, "ada@acme.example", json!({})).await
}

async fn show_jwt(app: &TestApp, jwt: &str) -> Answer {
    app.post("/v1/b2b/sessions/authenticate", json!({ "session_jwt": jwt })).await
}

/// The JWT of a session as a node signs it now.
async fn fresh_jwt(app: &TestApp, session_token: &str) -> String {
    app.check(session_token).await.ok().text("session_jwt")
}

fn kid(jwt: &str) -> String {
    let header = URL_SAFE_NO_PAD.decode(jwt.split('.').next().expect("a header")).expect("base64url");
    let header: Value = serde_json::from_slice(&header).expect("JSON");
    header["kid"].as_str().expect("a kid").to_owned()
}

/// The ids of the keys that clients see.
async fn published(app: &TestApp) -> Vec<String> {
    let found = app.get(&format!("/v1/b2b/sessions/jwks/{PROJECT_ID}")).await.ok();
    let keys = found["keys"].as_array().expect("keys").iter();
    keys.map(|it| it["kid"].as_str().expect("a kid").to_owned()).collect()
}

/// Where each key stands, by the words the operator reads.
async fn stages(app: &TestApp) -> Vec<Value> {
    let listed = keys::list(&app.api.app, &project(), app.now()).await.expect("keys");
    listed.iter().map(|it| json!([it.key_id, it.stage.to_string()])).collect()
}
