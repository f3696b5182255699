//! Searching members and organizations.

mod cursors;
mod external_ids;
mod members;
mod organizations;
mod paging;
mod queries;
mod scopes;

use testkit::{Answer, TestApp, Value, json};

pub const MEMBERS: &str = "/v1/b2b/organizations/members/search";
pub const ORGANIZATIONS: &str = "/v1/b2b/organizations/search";

pub fn operand(name: &str, value: impl Into<Value>) -> Value {
    json!({ "filter_name": name, "filter_value": value.into() })
}

pub fn query(operator: &str, operands: &[Value]) -> Value {
    json!({ "operator": operator, "operands": operands })
}

/// Among the members of one organization.
pub async fn members(app: &TestApp, organization: &str, query: Value) -> Answer {
    app.post(MEMBERS, json!({ "organization_ids": [organization], "query": query })).await
}

/// The local parts of the addresses found by one filter.
pub async fn found(app: &TestApp, organization: &str, name: &str, value: impl Into<Value>) -> Vec<String> {
    let answer = members(app, organization, query("AND", &[operand(name, value)])).await.ok();
    let names = local_parts(&answer);
    assert_eq!(answer["results_metadata"]["total"], json!(names.len()), "{}", answer.body);
    names
}

pub fn local_parts(answer: &Answer) -> Vec<String> {
    let members = answer["members"].as_array().expect("members");
    let local =
        |it: &Value| it["email_address"].as_str().and_then(|it| it.split('@').next()).map(str::to_owned);
    members.iter().map(|it| local(it).expect("an address")).collect()
}

/// The names of the organizations that a query finds.
pub async fn organizations(app: &TestApp, query: Value) -> Vec<String> {
    let answer = app.post(ORGANIZATIONS, json!({ "query": query })).await.ok();
    let listed = answer["organizations"].as_array().expect("organizations");
    assert_eq!(answer["results_metadata"]["total"], json!(listed.len()), "{}", answer.body);
    let name = |it: &Value| it["organization_name"].as_str().map(str::to_owned);
    listed.iter().map(|it| name(it).expect("a name")).collect()
}
