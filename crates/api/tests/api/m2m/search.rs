//! Searching clients.

use super::{id, path, secret};
use testkit::{Answer, TestApp, Value, json, on_both_databases};

const SEARCH: &str = "/v1/m2m/clients/search";

fn operand(name: &str, value: impl Into<Value>) -> Value {
    json!({ "filter_name": name, "filter_value": value.into() })
}

fn query(operator: &str, operands: &[Value]) -> Value {
    json!({ "query": { "operator": operator, "operands": operands } })
}

async fn search(app: &TestApp, body: Value) -> Answer {
    app.post(SEARCH, body).await
}

/// The ids of the clients on a page, and the total.
fn listed(answer: &Answer) -> (Vec<String>, i64) {
    let clients = answer["m2m_clients"].as_array().expect("clients");
    let total = answer["results_metadata"]["total"].as_i64().expect("a total");
    (clients.iter().map(|it| id(it).to_owned()).collect(), total)
}

/// What a query finds, all on one page.
async fn ids(app: &TestApp, body: Value) -> Vec<String> {
    let (ids, total) = listed(&search(app, body).await.ok());
    assert_eq!(Ok(total), i64::try_from(ids.len()));
    ids
}

async fn found(app: &TestApp, name: &str, value: impl Into<Value>) -> Vec<String> {
    ids(app, query("AND", &[operand(name, value)])).await
}

/// Three clients, one after the other.
async fn three(app: &TestApp) {
    for client in [
        json!({ "client_id": "a", "client_name": "Billing", "scopes": ["read:users", "write:users"] }),
        json!({ "client_id": "b", "client_name": "billing", "scopes": ["READ:users", "read_users"] }),
        json!({ "client_id": "c", "client_name": "", "scopes": [] }),
    ] {
        app.m2m_client(client).await;
        app.advance(1);
    }
}

on_both_databases! {
    async fn without_a_filter_every_client_is_found_in_the_order_of_creation(app: TestApp) {
        three(&app).await;
        for body in [json!({}), json!({ "query": null }), query("OR", &[])] {
            assert_eq!(ids(&app, body).await, ["a", "b", "c"]);
        }
    }

    async fn clients_are_found_by_their_id(app: TestApp) {
        three(&app).await;
        assert_eq!(found(&app, "client_id", ["c", "a", "nobody"]).await, ["a", "c"]);
        assert_eq!(found(&app, "client_id", ["A", "", "a b", "%"]).await, [""; 0]);
    }

    async fn clients_are_found_by_their_exact_name(app: TestApp) {
        three(&app).await;
        assert_eq!(found(&app, "client_name", ["Billing"]).await, ["a"]);
        assert_eq!(found(&app, "client_name", ["billing", ""]).await, ["b", "c"]);
        assert_eq!(found(&app, "client_name", ["Bill", "%ill%"]).await, [""; 0]);
    }

    async fn clients_are_found_by_a_scope_they_hold(app: TestApp) {
        three(&app).await;
        assert_eq!(found(&app, "scopes", ["read:users"]).await, ["a"]);
        assert_eq!(found(&app, "scopes", ["write:users", "read_users"]).await, ["a", "b"]);
        assert_eq!(found(&app, "scopes", ["read", "read:users write:users", "%", ""]).await, [""; 0]);
    }

    async fn a_change_of_name_or_scopes_is_found_at_once(app: TestApp) {
        three(&app).await;
        app.put("/v1/m2m/clients/a", json!({ "client_name": "Ledger", "scopes": ["x"] })).await.ok();
        assert_eq!(found(&app, "scopes", ["read:users"]).await, [""; 0]);
        assert_eq!(found(&app, "scopes", ["x"]).await, ["a"]);
        assert_eq!(found(&app, "client_name", ["Ledger"]).await, ["a"]);
        app.put("/v1/m2m/clients/a", json!({ "status": "inactive" })).await.ok();
        assert_eq!(found(&app, "scopes", ["x"]).await, ["a"], "inactive clients are clients");
    }

    async fn a_deleted_client_is_found_no_longer_and_a_namesake_has_its_own_scopes(app: TestApp) {
        three(&app).await;
        app.delete("/v1/m2m/clients/a").await.ok();
        assert_eq!(ids(&app, json!({})).await, ["b", "c"]);
        app.m2m_client(json!({ "client_id": "a", "scopes": ["other"] })).await;
        assert_eq!(found(&app, "scopes", ["read:users"]).await, [""; 0]);
        assert_eq!(found(&app, "scopes", ["other"]).await, ["a"]);
    }

    async fn and_narrows_and_or_widens(app: TestApp) {
        three(&app).await;
        let both = [operand("client_name", ["Billing", "billing"]), operand("scopes", ["read_users"])];
        assert_eq!(ids(&app, query("AND", &both)).await, ["b"]);
        let either = [operand("client_id", ["c"]), operand("scopes", ["read:users", "write:users"])];
        assert_eq!(ids(&app, query("OR", &either)).await, ["a", "c"]);
        assert_eq!(ids(&app, query("AND", &either)).await, [""; 0]);
    }

    async fn pages_follow_each_other_and_hold_each_client_once(app: TestApp) {
        for number in 0..5 {
            app.m2m_client(json!({ "client_id": format!("c{number}"), "scopes": ["a", "b"] })).await;
        }
        let mut body = query("AND", &[operand("scopes", ["a", "b"])]);
        body["limit"] = json!(2);
        let mut all = Vec::new();
        for _ in 0..3 {
            let answer = search(&app, body.clone()).await.ok();
            let (ids, total) = listed(&answer);
            assert_eq!(total, 5);
            all.extend(ids);
            body["cursor"] = answer["results_metadata"]["next_cursor"].clone();
        }
        assert_eq!(body["cursor"], Value::Null);
        assert_eq!(all, ["c0", "c1", "c2", "c3", "c4"]);
    }

    async fn a_cursor_continues_its_own_search_only(app: TestApp) {
        three(&app).await;
        let first = search(&app, json!({ "limit": 1 })).await.ok();
        let cursor = first["results_metadata"]["next_cursor"].clone();
        let invalid = (400, "invalid_argument");
        let mut other = query("AND", &[operand("client_id", ["a"])]);
        other["cursor"] = cursor.clone();
        assert_eq!(search(&app, other).await.refusal(), invalid);
        assert_eq!(search(&app, json!({ "cursor": "AAAA" })).await.refusal(), invalid);
        assert_eq!(app.post("/v1/b2b/organizations/search", json!({ "cursor": cursor })).await.refusal(), invalid);
        let another = app.another_project().await;
        assert_eq!(search(&another, json!({ "cursor": cursor })).await.refusal(), invalid);
    }

    async fn clients_of_another_project_are_not_found(app: TestApp) {
        three(&app).await;
        let another = app.another_project().await;
        assert_eq!(ids(&another, json!({})).await, [""; 0]);
        another.m2m_client(json!({ "client_id": "a", "scopes": ["theirs"] })).await;
        assert_eq!(found(&another, "scopes", ["read:users"]).await, [""; 0]);
        assert_eq!(found(&app, "scopes", ["theirs"]).await, [""; 0]);
        assert_eq!(ids(&another, json!({})).await, ["a"]);
    }

    async fn what_is_found_reads_as_elsewhere_and_holds_no_secret(app: TestApp) {
        let client = app.m2m_client(json!({ "trusted_metadata": { "plan": 1 } })).await;
        let start = format!("{}/secrets/rotate/start", path(&client));
        let next = app.post(&start, json!({})).await.ok()["m2m_client"]["next_client_secret"].clone();
        let answer = search(&app, json!({})).await.ok();
        assert_eq!(answer["m2m_clients"][0], app.get(&path(&client)).await.ok()["m2m_client"]);
        let text = answer.body.to_string();
        assert!(!text.contains(secret(&client)) && !text.contains(next.as_str().expect("a secret")));
        assert!(!text.contains("digest"));
    }

    async fn what_is_not_understood_is_refused_in_the_clients_own_words(app: TestApp) {
        for (operand, expected) in [
            (json!({ "filter_value": ["a"] }), "m2m_search_missing_filter_name"),
            (json!({ "filter_name": "", "filter_value": ["a"] }), "m2m_search_missing_filter_name"),
            (json!({ "filter_name": 7, "filter_value": ["a"] }), "m2m_search_filter_name_must_be_string"),
            (operand("client_ids", ["a"]), "m2m_search_filter_name_not_recognized"),
            (operand("member_emails", ["a"]), "m2m_search_filter_name_not_recognized"),
            (json!({ "filter_name": "scopes" }), "m2m_search_missing_filter_value"),
            (operand("scopes", Value::Null), "m2m_search_missing_filter_value"),
            (operand("scopes", json!([])), "m2m_search_missing_filter_value"),
            (operand("client_name", "a"), "m2m_search_expected_array_of_strings"),
            (operand("client_id", json!(["a", 7])), "m2m_search_expected_array_of_strings"),
        ] {
            let refused = search(&app, query("AND", std::slice::from_ref(&operand))).await;
            assert_eq!(refused.refusal(), (400, expected), "{operand}");
        }
        for body in [json!({ "limit": 1001 }), json!({ "limit": -1 }), query("NOT", &[])] {
            assert_eq!(search(&app, body.clone()).await.refusal(), (400, "invalid_argument"), "{body}");
        }
    }
}
