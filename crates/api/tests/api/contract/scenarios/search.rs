//! Searches, each on its second page.

use super::{email, number, somebody, with};
use testkit::{TestApp, Value, json};

pub async fn ready(app: &TestApp, operation: &str) -> Value {
    match operation {
        "organizations.members.search" => {
            let ada = somebody(app, json!({})).await;
            app.newcomer(&ada.organization, &email(), json!({})).await;
            let wanted = json!({
                "organization_ids": [ada.organization], "limit": 1,
                "query": { "operator": "OR", "operands": [
                    { "filter_name": "member_email_fuzzy", "filter_value": "acme" },
                    { "filter_name": "member_is_breakglass", "filter_value": true },
                ] },
            });
            continued(app, "/v1/b2b/organizations/members/search", wanted).await
        }
        "organizations.search" => {
            let name = format!("Searched {}", number());
            for _ in 0..2 {
                app.organization(json!({ "organization_name": name })).await;
            }
            let wanted = json!({
                "limit": 1,
                "query": { "operator": "and", "operands": [
                    { "filter_name": "organization_name_fuzzy", "filter_value": name },
                ] },
            });
            continued(app, "/v1/b2b/organizations/search", wanted).await
        }
        "m2m.clients.search" => {
            let name = format!("Searched {}", number());
            for _ in 0..2 {
                app.m2m_client(json!({ "client_name": name, "scopes": ["read:users"] })).await;
            }
            let wanted = json!({
                "limit": 1,
                "query": { "operator": "AND", "operands": [
                    { "filter_name": "client_name", "filter_value": [name] },
                    { "filter_name": "scopes", "filter_value": ["read:users"] },
                ] },
            });
            continued(app, "/v1/m2m/clients/search", wanted).await
        }
        _ => panic!("{operation} has no scenario"),
    }
}

async fn continued(app: &TestApp, path: &str, wanted: Value) -> Value {
    let first = app.post(path, wanted.clone()).await.ok();
    with(wanted, json!({ "cursor": first["results_metadata"]["next_cursor"] }))
}
