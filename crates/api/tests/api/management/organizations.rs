//! `/v1/b2b/organizations`.

mod admission;
mod creation;
mod deletion;
mod names;
mod references;
mod settings;
mod tenancy;
mod update;

use testkit::{Answer, TestApp, Value, json};

/// What is answered to the creation of an organization named Acme.
async fn create(app: &TestApp, fields: Value) -> Answer {
    let mut body = json!({ "organization_name": "Acme" });
    body.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
    app.post("/v1/b2b/organizations", body).await
}

/// What is answered to a change of an organization.
async fn update(app: &TestApp, organization: &str, fields: Value) -> Answer {
    app.put(&format!("/v1/b2b/organizations/{organization}"), fields).await
}

/// The organization as it is now.
async fn get(app: &TestApp, organization: &str) -> Answer {
    app.get(&format!("/v1/b2b/organizations/{organization}")).await
}

/// Both creation and update refuse settings that no organization may have.
async fn refused(app: &TestApp, settings: Value, error_type: &str) {
    let organization = app.organization(json!({})).await;
    let answers = [create(app, settings.clone()).await, update(app, &organization, settings.clone()).await];
    for answer in answers {
        assert_eq!(answer.refusal(), (400, error_type), "{settings}");
    }
}
