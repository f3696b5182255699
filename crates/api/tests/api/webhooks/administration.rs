//! The admin API of webhooks.

use super::Operator;
use axum::http::Method;
use testkit::{Backend, Behaviour, json, on_both_databases};

on_both_databases! {
    async fn an_endpoint_is_made_read_changed_and_removed(app: TestApp) {
        let operator = Operator::of(&app).await;
        let wanted = json!({ "url": "https://acme.example/in", "description": "Billing", "events": ["direct.member.*"] });
        let made = operator.call(Method::POST, "", wanted).await.ok();
        let id = made["webhook_endpoint"]["endpoint_id"].as_str().unwrap().to_owned();
        let secret = made["secret"].as_str().unwrap();
        assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");
        let found = operator.call(Method::GET, &format!("/{id}"), json!({})).await.ok();
        assert_eq!(found["webhook_endpoint"], made["webhook_endpoint"]);
        let listed = operator.call(Method::GET, "", json!({})).await.ok();
        assert_eq!(listed["webhook_endpoints"], json!([made["webhook_endpoint"]]));
        for answer in [&found, &listed] {
            assert!(!answer.body.to_string().contains(&secret[6..]), "it is shown once");
        }
        let change = json!({ "description": "Invoices", "disabled": true });
        let changed = operator.call(Method::PUT, &format!("/{id}"), change).await.ok();
        assert_eq!(changed["webhook_endpoint"]["description"], "Invoices");
        assert_eq!(changed["webhook_endpoint"]["url"], "https://acme.example/in");
        assert_ne!(changed["webhook_endpoint"]["disabled_at"], json!(null));
        operator.call(Method::DELETE, &format!("/{id}"), json!({})).await.ok();
        let gone = operator.call(Method::GET, &format!("/{id}"), json!({})).await;
        assert_eq!(gone.refusal(), (404, "webhook_endpoint_not_found"));
        let stored = app.everything_stored().await;
        for action in ["webhook_endpoint.created", "webhook_endpoint.updated", "webhook_endpoint.deleted"] {
            assert!(stored.windows(action.len()).any(|it| it == action.as_bytes()), "{action}");
        }
    }

    async fn a_rotated_secret_signs_beside_the_new_one_for_a_day(app: TestApp) {
        let (backend, operator) = (Backend::start().await, Operator::of(&app).await);
        let hook = app.hook(&backend, &[]).await;
        let rotated = operator.call(Method::POST, &format!("/{}/rotate", hook.id), json!({})).await.ok();
        assert_ne!(rotated["secret"], hook.secret);
        for (seconds, signatures) in [(0, 2), (86_399, 2), (1, 1)] {
            app.advance(seconds);
            app.organization(json!({})).await;
            app.dispatch().await;
            assert_eq!(backend.take()[0].header("webhook-signature").split(' ').count(), signatures, "{seconds}");
        }
    }

    async fn a_test_tells_at_once_what_came_of_it(app: TestApp) {
        let (backend, operator) = (Backend::start().await, Operator::of(&app).await);
        let hook = app.hook(&backend, &["direct.member.*"]).await;
        for (status, outcome) in [(200, "delivered"), (418, "the answer was status 418")] {
            backend.behave(Behaviour::Status(status));
            let tested = operator.call(Method::POST, &format!("/{}/test", hook.id), json!({})).await.ok();
            assert_eq!((&tested["attempt"]["status"], &tested["attempt"]["outcome"]), (&json!(status), &json!(outcome)));
            let [ping] = &backend.take()[..] else { panic!("one event") };
            assert_eq!((ping.event_type().as_str(), &ping.body["event_id"]), ("vestibule.ping.create", &tested["event_id"]));
        }
    }

    async fn deliveries_are_listed_newest_first_by_state_and_page(app: TestApp) {
        let (backend, operator) = (Backend::start().await, Operator::of(&app).await);
        let hook = app.hook(&backend, &[]).await;
        app.organization(json!({})).await;
        app.dispatch().await;
        app.advance(1);
        backend.behave(Behaviour::Status(500));
        app.organization(json!({})).await;
        app.dispatch().await;
        let all = operator.deliveries(&hook).await;
        assert_eq!((all.len(), &all[0]["state"], &all[1]["state"]), (2, &json!("pending"), &json!("delivered")));
        let list = async |query: &str| {
            let path = format!("/{}/deliveries?{query}", hook.id);
            operator.call(Method::GET, &path, json!({})).await
        };
        assert_eq!(list("state=delivered").await.ok()["deliveries"], json!([all[1]]));
        let before = format!("before={}", all[0]["event_id"].as_str().unwrap());
        assert_eq!(list(&before).await.ok()["deliveries"], json!([all[1]]));
        assert_eq!(list("state=lost").await.status, 400);
        assert_eq!(list("before=nothing").await.refusal(), (404, "webhook_event_not_found"));
    }

    async fn through_another_project_an_endpoint_does_not_exist(app: TestApp) {
        let (backend, operator) = (Backend::start().await, Operator::of(&app).await);
        let hook = app.hook(&backend, &[]).await;
        app.organization(json!({})).await;
        app.dispatch().await;
        let event = operator.deliveries(&hook).await[0]["event_id"].as_str().unwrap().to_owned();
        app.another_project().await;
        let foreign = "project-test-00000000-0000-4000-8000-000000000002";
        let id = &hook.id;
        for (method, path, body) in [
            (Method::GET, format!("/{id}"), json!({})),
            (Method::PUT, format!("/{id}"), json!({ "disabled": true })),
            (Method::DELETE, format!("/{id}"), json!({})),
            (Method::POST, format!("/{id}/rotate"), json!({})),
            (Method::POST, format!("/{id}/test"), json!({})),
            (Method::GET, format!("/{id}/deliveries"), json!({})),
            (Method::GET, format!("/{id}/deliveries/{event}"), json!({})),
            (Method::POST, format!("/{id}/replay"), json!({ "event_id": event })),
        ] {
            let refused = operator.call_of(foreign, (method.clone(), &path), body).await;
            assert_eq!(refused.status, 404, "{method} {path}");
        }
        let listed = operator.call_of(foreign, (Method::GET, ""), json!({})).await.ok();
        assert_eq!(listed["webhook_endpoints"], json!([]));
        assert_eq!(operator.endpoint(&hook).await["disabled_at"], json!(null));
    }

    async fn a_replay_names_either_an_event_or_a_time(app: TestApp) {
        let (backend, operator) = (Backend::start().await, Operator::of(&app).await);
        let hook = app.hook(&backend, &[]).await;
        let path = format!("/{}/replay", hook.id);
        let event = "webhook-event-test-00000000-0000-4000-8000-000000000001";
        for (body, status) in [
            (json!({}), 400),
            (json!({ "event_id": event, "dead_since": "2023-11-14T22:13:20Z" }), 400),
            (json!({ "dead_since": "yesterday" }), 400),
            (json!({ "event_id": event }), 404),
        ] {
            assert_eq!(operator.call(Method::POST, &path, body.clone()).await.status, status, "{body}");
        }
    }
}
