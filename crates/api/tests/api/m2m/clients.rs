//! Creating, reading, changing and deleting clients.

use super::{INVALID_CLIENT, access_token, id, path, secret};
use testkit::{Answer, PROJECT_ID, TestApp, Value, json, on_both_databases};

async fn create(app: &TestApp, body: Value) -> Answer {
    app.post("/v1/m2m/clients", body).await
}

/// The actions in the project's audit log that are about clients, in the order of their names.
async fn log(app: &TestApp) -> Vec<String> {
    let mut conn = app.api.app.db.read().await.expect("a connection");
    let project = PROJECT_ID.parse().expect("a project id");
    let events = store::audit::of_the_project(&mut conn, &project, 100).await.expect("no fault");
    let actions = events.iter().map(|it| it.action.to_string());
    let mut actions: Vec<String> = actions.filter(|it| it.starts_with("m2m_client.")).collect();
    actions.sort_unstable();
    actions
}

on_both_databases! {
    async fn a_client_gets_what_it_was_not_given(app: TestApp) {
        let client = create(&app, json!({ "scopes": [] })).await.ok()["m2m_client"].clone();
        assert!(id(&client).starts_with("m2m-client-test-"));
        assert!(secret(&client).starts_with("m2m-secret-") && secret(&client).len() > 50);
        assert!(secret(&client).ends_with(client["client_secret_last_four"].as_str().expect("four characters")));
        let rest = json!({ "client_name": "", "client_description": "", "status": "active", "scopes": [],
                           "trusted_metadata": {}, "next_client_secret_last_four": null });
        for (field, value) in rest.as_object().expect("fields") {
            assert_eq!(client[field], *value, "{field}");
        }
    }

    async fn a_client_that_moves_in_keeps_name_and_secret(app: TestApp) {
        let moving = json!({ "client_id": "crm|7", "client_secret": "k3#Qz9!pW", "scopes": ["a"] });
        let client = create(&app, moving).await.ok()["m2m_client"].clone();
        assert_eq!((id(&client), secret(&client)), ("crm|7", "k3#Qz9!pW"));
        assert_eq!(client["client_secret_last_four"], json!("9!pW"));
        access_token(&app, &client).await;
        let read = app.get("/v1/m2m/clients/crm%7C7").await.ok();
        assert_eq!(read["m2m_client"]["client_id"], json!("crm|7"));
    }

    async fn a_secret_is_shown_once(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let read = app.get(&path(&client)).await.ok();
        let changed = app.put(&path(&client), json!({ "client_name": "x" })).await.ok();
        for answer in [read, changed] {
            assert!(!answer.body.to_string().contains(secret(&client)));
            assert_eq!(answer["m2m_client"].get("client_secret"), None);
        }
    }

    async fn two_clients_of_a_project_cannot_have_one_name(app: TestApp) {
        let named = json!({ "client_id": "billing", "scopes": [] });
        create(&app, named.clone()).await.ok();
        assert_eq!(create(&app, named.clone()).await.refusal(), (400, "duplicate_m2m_client_id"));
        create(&app.another_project().await, named).await.ok();
    }

    async fn what_a_client_cannot_have_is_refused(app: TestApp) {
        let long = "x".repeat(1025);
        for (field, value, expected) in [
            ("client_id", json!("search"), "m2m_client_invalid_client_id"),
            ("client_id", json!(PROJECT_ID), "m2m_client_invalid_client_id"),
            ("client_id", json!("a:b"), "m2m_client_invalid_client_id"),
            ("client_secret", json!("k3#Qz9!"), "insecure_m2m_client_secret"),
            ("client_secret", json!("aaaaaaaaaaaa"), "insecure_m2m_client_secret"),
            ("client_secret", json!("k3#Qz9!\u{1}pW"), "m2m_client_invalid_client_secret"),
            ("client_secret", json!("k3#Qz9!pW".repeat(29)), "client_secret_too_long"),
            ("client_name", json!(&long[..257]), "m2m_client_invalid_client_name"),
            ("client_description", json!(long), "m2m_client_invalid_client_description"),
            ("scopes", json!(["a b"]), "invalid_m2m_client_scope"),
            ("scopes", json!(vec!["a"; 101]), "too_many_m2m_client_scopes"),
            ("trusted_metadata", json!([]), "metadata_invalid_format"),
            ("trusted_metadata", json!({ "x": long.repeat(4) }), "metadata_too_large"),
        ] {
            let body = json!({ "scopes": [], field: value });
            assert_eq!(create(&app, body).await.refusal(), (400, expected), "{field}");
        }
    }

    async fn a_change_leaves_the_rest_and_merges_metadata(app: TestApp) {
        let metadata = json!({ "plan": { "seats": 3 }, "old": 1 });
        let client = app.m2m_client(json!({ "client_name": "A", "trusted_metadata": metadata })).await;
        let change = json!({ "scopes": ["x"], "client_description": "B", "client_name": null,
                             "trusted_metadata": { "old": null, "new": true } });
        let changed = app.put(&path(&client), change).await.ok()["m2m_client"].clone();
        assert_eq!((&changed["client_name"], &changed["client_description"]), (&json!("A"), &json!("B")));
        assert_eq!(changed["scopes"], json!(["x"]));
        assert_eq!(changed["trusted_metadata"], json!({ "plan": { "seats": 3 }, "new": true }));
        assert_eq!(app.get(&path(&client)).await.ok()["m2m_client"], changed);
        let wrong = app.put(&path(&client), json!({ "status": "deleted" })).await;
        assert_eq!(wrong.refusal(), (400, "m2m_client_invalid_status"));
    }

    async fn an_inactive_client_gets_no_token_until_it_is_active_again(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        app.put(&path(&client), json!({ "status": "inactive" })).await.ok();
        assert_eq!(app.m2m_token(&client, json!({})).await.refusal(), INVALID_CLIENT);
        app.put(&path(&client), json!({ "status": "active" })).await.ok();
        access_token(&app, &client).await;
    }

    async fn a_deleted_client_is_gone(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        let deleted = app.delete(&path(&client)).await.ok();
        assert_eq!(deleted["client_id"], client["client_id"]);
        let gone = (404, "m2m_client_not_found");
        assert_eq!(app.get(&path(&client)).await.refusal(), gone);
        assert_eq!(app.put(&path(&client), json!({})).await.refusal(), gone);
        assert_eq!(app.delete(&path(&client)).await.refusal(), gone);
        assert_eq!(app.m2m_token(&client, json!({})).await.refusal(), INVALID_CLIENT);
    }

    async fn every_change_is_in_the_record(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        app.put(&path(&client), json!({ "client_name": "x" })).await.ok();
        let rotate = format!("{}/secrets/rotate", path(&client));
        for step in ["/start", "/cancel", "/start", ""] {
            app.post(&format!("{rotate}{step}"), json!({})).await.ok();
        }
        app.delete(&path(&client)).await.ok();
        let expected = ["created", "deleted", "secret_rotated", "secret_rotation_cancelled",
                        "secret_rotation_started", "secret_rotation_started", "updated"];
        assert_eq!(log(&app).await, expected.map(|it| format!("m2m_client.{it}")));
    }
}
