//! Guessing a secret is slow where it can be guessed, and shuts nobody out.

use super::{INVALID_CLIENT, access_token, with_secret};
use testkit::{TestApp, Value, json, on_both_databases};

const SLOWED: (u16, &str) = (429, "temporarily_unavailable");

/// As many failures as a client may have in a row.
async fn fail(app: &TestApp, client: &Value) {
    let wrong = with_secret(client, "wrong");
    for _ in 0..20 {
        assert_eq!(app.m2m_token(&wrong, json!({})).await.refusal(), INVALID_CLIENT);
    }
    assert_eq!(app.m2m_token(&wrong, json!({})).await.refusal(), SLOWED);
}

on_both_databases! { under strict limits:
    async fn a_secret_that_can_be_guessed_is_not_tried_on_and_on(app: TestApp) {
        let client = app.m2m_client(json!({ "client_secret": "k3#Qz9!pW" })).await;
        fail(&app, &client).await;
        assert_eq!(app.m2m_token(&client, json!({})).await.refusal(), SLOWED, "right, and not told so");
        app.advance(3);
        access_token(&app, &client).await;
    }

    async fn nobody_is_shut_out_who_has_a_secret_of_ours(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        fail(&app, &client).await;
        access_token(&app, &client).await;
    }

    async fn whether_a_client_exists_is_not_told_by_the_limit(app: TestApp) {
        fail(&app, &json!({ "client_id": "nobody" })).await;
    }

    async fn each_client_of_each_project_has_its_own_attempts(app: TestApp) {
        let named = json!({ "client_id": "a", "client_secret": "k3#Qz9!pW" });
        let (a, b) = (app.m2m_client(named).await, app.m2m_client(json!({ "client_secret": "k3#Qz9!pW" })).await);
        fail(&app, &a).await;
        access_token(&app, &b).await;
    }

    async fn success_does_not_count(app: TestApp) {
        let client = app.m2m_client(json!({ "client_secret": "k3#Qz9!pW" })).await;
        for _ in 0..50 {
            access_token(&app, &client).await;
        }
    }
}
