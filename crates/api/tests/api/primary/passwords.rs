//! `/v1/b2b/passwords`.

mod authentication;
mod breaches;
mod exactness;
mod existing;
mod hash_refusals;
mod hash_types;
mod import;
mod in_session;
mod require_reset;
mod reset;
mod reset_sessions;
mod reset_start;
mod scope;
mod shared;
mod shared_reset;
mod strength;

use testkit::{Answer, TestApp, Value, json};

/// The password behind the hashes that other implementations made.
const FOREIGN: &str = "corréct horse 🔋";

/// What is answered to the import of a hash for ada.
async fn import(app: &TestApp, organization: &str, fields: Value) -> Answer {
    let mut body = json!({ "organization_id": organization, "email_address": "ada@acme.example",
                           "hash_type": "md_5", "hash": "6fbb04a12eb2b2a8e199096b07831f0b" });
    body.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
    app.post("/v1/b2b/passwords/migrate", body).await
}

/// What is answered to a password that is said to be ada's.
async fn login(app: &TestApp, organization: &str, password: &str) -> Answer {
    let body =
        json!({ "organization_id": organization, "email_address": "ada@acme.example", "password": password });
    app.post("/v1/b2b/passwords/authenticate", body).await
}
