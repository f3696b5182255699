//! A secret gives way to another, while both are good.

use super::{INVALID_CLIENT, access_token, path, with_secret};
use testkit::{Answer, TestApp, Value, json, on_both_databases};
use tokio::task::JoinSet;

async fn rotate(app: &TestApp, client: &Value, step: &str) -> Answer {
    app.post(&format!("{}/secrets/rotate{step}", path(client)), json!({})).await
}

/// A client with an imported secret in rotation: with the first, and with the next.
async fn in_rotation(app: &TestApp) -> (Value, Value) {
    let client = app.m2m_client(json!({ "client_secret": "k3#Qz9!pW" })).await;
    let started = rotate(app, &client, "/start").await.ok();
    let next = started["m2m_client"]["next_client_secret"].as_str().expect("a secret");
    assert!(next.ends_with(started["m2m_client"]["next_client_secret_last_four"].as_str().expect("four")));
    assert_eq!(started["m2m_client"]["client_secret_last_four"], json!("9!pW"));
    (client.clone(), with_secret(&client, next))
}

async fn is_refused(app: &TestApp, client: &Value) {
    assert_eq!(app.m2m_token(client, json!({})).await.refusal(), INVALID_CLIENT);
}

on_both_databases! {
    async fn both_secrets_are_good_during_a_rotation(app: TestApp) {
        let (first, next) = in_rotation(&app).await;
        access_token(&app, &first).await;
        access_token(&app, &next).await;
    }

    async fn a_rotation_ends_with_the_next_secret_alone(app: TestApp) {
        let (first, next) = in_rotation(&app).await;
        let rotated = rotate(&app, &first, "").await.ok()["m2m_client"].clone();
        assert_eq!(rotated["next_client_secret_last_four"], Value::Null);
        let secret = next["client_secret"].as_str().expect("a secret");
        assert!(secret.ends_with(rotated["client_secret_last_four"].as_str().expect("four")));
        access_token(&app, &next).await;
        is_refused(&app, &first).await;
    }

    async fn a_cancelled_rotation_leaves_the_first_secret_alone(app: TestApp) {
        let (first, next) = in_rotation(&app).await;
        let cancelled = rotate(&app, &first, "/cancel").await.ok();
        assert_eq!(cancelled["m2m_client"]["next_client_secret_last_four"], Value::Null);
        access_token(&app, &first).await;
        is_refused(&app, &next).await;
        let again = rotate(&app, &first, "/start").await.ok();
        assert_ne!(again["m2m_client"]["next_client_secret"], next["client_secret"]);
    }

    async fn a_rotation_is_started_once_and_ended_once(app: TestApp) {
        let (client, _) = in_rotation(&app).await;
        let already = rotate(&app, &client, "/start").await;
        assert_eq!(already.refusal(), (400, "m2m_client_already_rotating_secret"));
        rotate(&app, &client, "").await.ok();
        for step in ["", "/cancel"] {
            let not = rotate(&app, &client, step).await;
            assert_eq!(not.refusal(), (400, "m2m_client_not_rotating_secret"));
        }
    }

    async fn nobody_has_no_secret_to_rotate(app: TestApp) {
        let nobody = json!({ "client_id": "nobody" });
        for step in ["/start", "/cancel", ""] {
            assert_eq!(rotate(&app, &nobody, step).await.refusal(), (404, "m2m_client_not_found"));
        }
    }

    async fn of_many_rotations_at_once_one_starts_and_one_ends(app: TestApp) {
        let client = app.m2m_client(json!({})).await;
        for step in ["/start", ""] {
            let mut calls = JoinSet::new();
            for _ in 0..16 {
                let (app, client) = (app.clone(), client.clone());
                calls.spawn(async move { rotate(&app, &client, step).await.status.as_u16() });
            }
            let statuses = calls.join_all().await;
            assert_eq!(statuses.iter().filter(|it| **it == 200).count(), 1, "{step}: {statuses:?}");
            assert_eq!(statuses.iter().filter(|it| **it == 400).count(), 15, "{step}: {statuses:?}");
        }
    }
}
