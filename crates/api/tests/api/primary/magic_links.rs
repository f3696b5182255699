//! `/v1/b2b/magic_links`.

mod admission;
mod letters;
mod pkce;
mod requests;
mod spending;
mod urls;

use testkit::{Answer, TestApp, Value, json};

/// What is answered to the wish for a link to ada.
async fn send(app: &TestApp, organization: &str, fields: Value) -> Answer {
    let mut body = json!({ "organization_id": organization, "email_address": "ada@acme.example" });
    body.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
    app.post("/v1/b2b/magic_links/email/login_or_signup", body).await
}

/// An organization that admits by the domain acme.example.
async fn open_house(app: &TestApp) -> String {
    let jit = json!({ "email_jit_provisioning": "RESTRICTED", "email_allowed_domains": ["acme.example"] });
    app.organization(jit).await
}
