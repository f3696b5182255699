//! `/v1/b2b/organizations/{organization_id}/members`.

mod conflicts;
mod creation;
mod deletion;
mod email_updates;
mod emails;
mod factors;
mod finding;
mod notices;
mod phones;
mod reactivation;
mod retired_emails;
mod update;

use testkit::{Answer, Person, TestApp, Value};

/// What is answered to the creation of a member.
async fn create(app: &TestApp, organization: &str, fields: Value) -> Answer {
    app.post(&format!("/v1/b2b/organizations/{organization}/members"), fields).await
}

/// Looks a member up by what the query names.
async fn find(app: &TestApp, organization: &str, query: &str) -> Answer {
    app.get(&format!("/v1/b2b/organizations/{organization}/member?{query}")).await
}

/// Looks a member up in the whole project.
async fn dangerously_get(app: &TestApp, member: &str, query: &str) -> Answer {
    app.get(&format!("/v1/b2b/organizations/members/dangerously_get/{member}?{query}")).await
}

/// Deletes a member, or what the path names of them.
async fn delete(app: &TestApp, who: &Person, what: &str) -> Answer {
    app.delete(&format!("{}{what}", who.path())).await
}

/// Deletes the number of a member; the route names the member last.
async fn delete_phone(app: &TestApp, who: &Person) -> Answer {
    let organization = &who.organization;
    app.delete(&format!("/v1/b2b/organizations/{organization}/members/mfa_phone_numbers/{}", who.member))
        .await
}

async fn reactivate(app: &TestApp, who: &Person) -> Answer {
    app.put(&format!("{}/reactivate", who.path()), testkit::json!({})).await
}
