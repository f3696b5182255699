//! What is not taken is tried again, given up, and sent again.

use super::Operator;
use axum::http::Method;
use domain::time::Span;
use store::webhooks::deliveries;
use testkit::{Backend, Behaviour, PROJECT_ID, json, on_both_databases};

/// Longer than every pause after an attempt.
const PAUSES: [i64; 7] = [6, 360, 2160, 8640, 21_600, 43_200, 43_200];

on_both_databases! {
    async fn what_is_refused_comes_again_with_the_same_id_and_the_same_bytes(app: TestApp) {
        let backend = Backend::start().await;
        app.hook(&backend, &[]).await;
        backend.behave(Behaviour::Status(500));
        let id = app.organization(json!({})).await;
        app.dispatch().await;
        app.put(&format!("/v1/b2b/organizations/{id}"), json!({ "organization_name": "Changed since" })).await.ok();
        app.dispatch().await;
        assert_eq!(backend.received().len(), 2, "nothing is tried again before it is due");
        backend.behave(Behaviour::Status(200));
        app.advance(6);
        app.dispatch().await;
        let got = backend.take();
        let first = got.iter().filter(|it| it.body["action"] == "CREATE").collect::<Vec<_>>();
        assert_eq!(first.len(), 2);
        assert_eq!((first[0].header("webhook-id"), &first[0].bytes), (first[1].header("webhook-id"), &first[1].bytes));
        assert_ne!(first[0].header("webhook-timestamp"), first[1].header("webhook-timestamp"));
        app.advance(3600);
        app.dispatch().await;
        assert!(backend.take().is_empty(), "what was delivered is not sent again");
    }

    async fn who_asks_for_more_time_is_given_it(app: TestApp) {
        let backend = Backend::start().await;
        app.hook(&backend, &[]).await;
        backend.behave(Behaviour::Later("600"));
        app.organization(json!({})).await;
        app.dispatch().await;
        app.advance(599);
        app.dispatch().await;
        assert_eq!(backend.received().len(), 1);
        app.advance(1);
        app.dispatch().await;
        assert_eq!(backend.received().len(), 2);
    }

    async fn after_the_eighth_attempt_it_is_dead_and_can_be_sent_again(app: TestApp) {
        let (backend, operator) = (Backend::start().await, Operator::of(&app).await);
        let hook = app.hook(&backend, &[]).await;
        backend.behave(Behaviour::Status(503));
        app.organization(json!({})).await;
        app.dispatch().await;
        for pause in PAUSES {
            app.advance(pause);
            app.dispatch().await;
        }
        app.advance(86_400);
        app.dispatch().await;
        let got = backend.take();
        assert_eq!(got.len(), 8);
        let [dead] = &operator.deliveries(&hook).await[..] else { panic!("one delivery") };
        assert_eq!((&dead["state"], &dead["attempts"]), (&json!("dead"), &json!(8)));
        let event = dead["event_id"].as_str().unwrap();
        let one = operator.call(Method::GET, &format!("/{}/deliveries/{event}", hook.id), json!({})).await.ok();
        assert_eq!((one["attempts"].as_array().unwrap().len(), &one["attempts"][0]["status"]), (8, &json!(503)));
        assert_eq!(one["body"], got[0].body);
        backend.behave(Behaviour::Status(204));
        let replay = json!({ "event_id": event });
        let replayed = operator.call(Method::POST, &format!("/{}/replay", hook.id), replay).await.ok();
        assert_eq!(replayed["replayed"], 1);
        app.dispatch().await;
        let again = backend.take();
        assert_eq!((again.len(), &again[0].bytes, again[0].header("svix-id")), (1, &got[0].bytes, event));
    }

    async fn all_that_died_since_a_time_are_sent_again_and_no_others(app: TestApp) {
        let (backend, operator) = (Backend::start().await, Operator::of(&app).await);
        let hook = app.hook(&backend, &[]).await;
        backend.behave(Behaviour::Status(500));
        app.organization(json!({ "organization_name": "Before" })).await;
        app.dispatch().await;
        app.advance(60);
        let since = app.now().to_string();
        app.organization(json!({ "organization_name": "After" })).await;
        app.organization(json!({ "organization_name": "After, too" })).await;
        app.dispatch().await;
        for pause in PAUSES {
            app.advance(pause + 60);
            app.dispatch().await;
        }
        backend.take();
        backend.behave(Behaviour::Status(200));
        app.organization(json!({ "organization_name": "Delivered" })).await;
        app.dispatch().await;
        assert_eq!(backend.take().len(), 1);
        let replay = json!({ "dead_since": since });
        let replayed = operator.call(Method::POST, &format!("/{}/replay", hook.id), replay).await.ok();
        assert_eq!(replayed["replayed"], 2);
        app.dispatch().await;
        let got = backend.take();
        let mut names: Vec<_> = got.iter().map(|it| it.body["organization"]["organization_name"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["After", "After, too"]);
    }

    async fn of_two_nodes_one_sends(app: TestApp) {
        let backend = Backend::start().await;
        app.hook(&backend, &[]).await;
        for _ in 0..5 {
            app.organization(json!({})).await;
        }
        let other = app.another_node();
        let (here, there) = (app.dispatcher(), other.dispatcher());
        let (one, two) = tokio::join!(here.run_once(), there.run_once());
        one.unwrap();
        two.unwrap();
        app.dispatch().await;
        let mut ids: Vec<String> = backend.take().iter().map(|it| it.header("webhook-id").to_owned()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 5);
        app.advance(3600);
        app.dispatch().await;
        assert!(backend.take().is_empty());
    }

    async fn what_a_node_claimed_before_it_died_is_sent_by_the_next_under_the_same_id(app: TestApp) {
        let (backend, operator) = (Backend::start().await, Operator::of(&app).await);
        let hook = app.hook(&backend, &[]).await;
        app.organization(json!({})).await;
        app.dispatcher().tell().await.unwrap();
        let (project, endpoint) = (PROJECT_ID.parse().unwrap(), hook.id.parse().unwrap());
        let db = app.api.app.db.clone();
        let due = deliveries::due(&mut db.read().await.unwrap(), (&project, &endpoint), (app.now(), 9)).await.unwrap();
        let [delivery] = &due[..] else { panic!("one delivery") };
        let mut tx = db.write().await.unwrap();
        let until = app.now().plus(Span::seconds(30));
        assert!(deliveries::claim(&mut tx, delivery, (app.now(), until)).await.unwrap());
        assert!(!deliveries::claim(&mut tx, delivery, (app.now(), until)).await.unwrap(), "one has it");
        tx.commit().await.unwrap();
        app.dispatch().await;
        assert!(backend.take().is_empty(), "it is somebody's for thirty seconds");
        app.advance(30);
        app.dispatch().await;
        let [told] = &backend.take()[..] else { panic!("one event") };
        assert_eq!(told.header("webhook-id"), delivery.event_id.as_str());
        assert_eq!(operator.deliveries(&hook).await[0]["state"], "delivered");
    }
}
