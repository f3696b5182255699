//! Roles, and what they grant.

mod assignment;
mod policies;
mod rights;
mod verdicts;

use testkit::{Answer, Person, TestApp, Value, json};

/// A project where editors may read and write documents.
async fn with_documents(app: &TestApp) {
    app.set_policy(json!({
        "resources": [{ "resource_id": "document", "actions": ["read", "write", "share"] }],
        "roles": [{ "role_id": "editor",
                    "permissions": [{ "resource_id": "document", "actions": ["read", "write"] }] }],
    }))
    .await;
}

async fn set_roles(app: &TestApp, organization: &str, roles: Value) -> Answer {
    let path = format!("/v1/b2b/rbac/organizations/{organization}");
    app.put(&path, json!({ "org_policy": { "roles": roles } })).await
}

/// A role on one resource.
fn role(id: &str, resource: &str, actions: &[&str]) -> Value {
    json!({ "role_id": id, "description": "", "permissions": [{ "resource_id": resource, "actions": actions }] })
}

/// A member with these roles, and the token of their session.
async fn member_with(app: &TestApp, organization: &str, email: &str, roles: Value) -> (Person, String) {
    let member = app.newcomer(organization, email, json!({ "roles": roles })).await;
    let token = app.link_login(&member).await.ok().text("session_token");
    (member, token)
}

async fn check(app: &TestApp, token: &str, (organization, resource, action): (&str, &str, &str)) -> Answer {
    let check = json!({ "organization_id": organization, "resource_id": resource, "action": action });
    let body = json!({ "session_token": token, "authorization_check": check });
    app.post("/v1/b2b/sessions/authenticate", body).await
}
