//! From a proved address to an organization.

mod exchange;
mod founding;
mod joining;
mod lifetime;
mod listing;
mod session_exchange;

use testkit::{Answer, Person, TestApp, Value, json};

const PHONE: &str = "+12025550147";

/// A person of a new organization, and an intermediate session with the proof of the address.
async fn proved(app: &TestApp, email: &str) -> (Person, String) {
    let organization = app.organization(json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await;
    let person = app.newcomer(&organization, email, json!({})).await;
    let token = app.between(&person).await;
    (person, token)
}

/// An organization that admits addresses of acme.example, where one is known already.
async fn open_to_acme(app: &TestApp, more: Value) -> String {
    let mut settings =
        json!({ "email_jit_provisioning": "RESTRICTED", "email_allowed_domains": ["acme.example"] });
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let organization = app.organization(settings).await;
    app.person(&organization, "first@acme.example").await; // an import verifies the address
    organization
}

async fn list(app: &TestApp, token: &str) -> Answer {
    app.post("/v1/b2b/discovery/organizations", json!({ "intermediate_session_token": token })).await
}

async fn exchange(app: &TestApp, token: &str, organization: &str) -> Answer {
    let body = json!({ "intermediate_session_token": token, "organization_id": organization });
    app.post("/v1/b2b/discovery/intermediate_sessions/exchange", body).await
}

async fn found(app: &TestApp, token: &str, more: Value) -> Answer {
    let mut body = json!({ "intermediate_session_token": token });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.post("/v1/b2b/discovery/organizations/create", body).await
}

/// Organization ids and kinds of membership, in the order of the answer.
fn memberships(answer: &Answer) -> Vec<(String, String)> {
    let all = answer["discovered_organizations"].as_array().expect("a list");
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    all.iter()
        .map(|it| (text(&it["organization"]["organization_id"]), text(&it["membership"]["type"])))
        .collect()
}

/// The factors of the session in an answer, by their way of delivery.
fn factors(answer: &Answer) -> Vec<String> {
    let all = answer["member_session"]["authentication_factors"].as_array().expect("factors");
    all.iter().map(|it| it["delivery_method"].as_str().unwrap().to_owned()).collect()
}
