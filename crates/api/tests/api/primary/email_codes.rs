//! `/v1/b2b/otps/email`.

mod admission;
mod binding;
mod discovery;
mod guesses;
mod logins;

use testkit::{Answer, Person, TestApp, Value, another_code, json};

const NOT_FOUND: (u16, &str) = (404, "otp_code_not_found");
const DEAD: (u16, &str) = (401, "unable_to_auth_otp_code");
const LOCKED: (u16, &str) = (429, "user_lock_limit_reached");

/// A member of an organization without demands.
async fn ada(app: &TestApp) -> Person {
    let organization = app.organization(json!({})).await;
    app.newcomer(&organization, "ada@acme.example", json!({})).await
}

async fn code_to(app: &TestApp, who: &Person) -> String {
    app.mail_code(&who.organization, &who.email, json!({})).await
}

/// What is answered to the wish for a code to ada.
async fn send(app: &TestApp, organization: &str, fields: Value) -> Answer {
    let mut body = json!({ "organization_id": organization, "email_address": "ada@acme.example" });
    body.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
    app.post("/v1/b2b/otps/email/login_or_signup", body).await
}

/// Fails with a new code, up to five times.
async fn fail(app: &TestApp, who: &Person, times: usize) {
    let code = code_to(app, who).await;
    for _ in 0..times {
        app.spend_code(who, &another_code(&code), json!({})).await;
    }
}
