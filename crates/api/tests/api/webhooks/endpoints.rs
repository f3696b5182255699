//! What becomes of endpoints that fail, hang or go.

use super::Operator;
use axum::http::Method;
use std::time::{Duration, Instant};
use testkit::{Backend, Behaviour, json, on_both_databases};

const HALF_A_DAY: i64 = 43_200;

on_both_databases! {
    async fn an_endpoint_that_fails_for_five_days_is_disabled(app: TestApp) {
        let (backend, operator) = (Backend::start().await, Operator::of(&app).await);
        let hook = app.hook(&backend, &[]).await;
        backend.behave(Behaviour::Status(500));
        for _ in 0..10 {
            app.organization(json!({})).await;
            app.dispatch().await;
            app.advance(HALF_A_DAY);
        }
        assert_eq!(operator.endpoint(&hook).await["disabled_at"], json!(null), "not a moment earlier");
        app.dispatch().await;
        assert_ne!(operator.endpoint(&hook).await["disabled_at"], json!(null));
        backend.take();
        backend.behave(Behaviour::Status(200));
        app.organization(json!({})).await;
        app.advance(HALF_A_DAY);
        app.dispatch().await;
        assert!(backend.take().is_empty(), "nothing more is sent");
        let on = json!({ "disabled": false });
        operator.call(Method::PUT, &format!("/{}", hook.id), on).await.ok();
        app.dispatch().await;
        assert!(!backend.take().is_empty(), "what waited is sent once it is enabled");
    }

    async fn one_success_in_five_days_keeps_an_endpoint(app: TestApp) {
        let (backend, operator) = (Backend::start().await, Operator::of(&app).await);
        let hook = app.hook(&backend, &[]).await;
        for day in 0..14 {
            backend.behave(Behaviour::Status(if day == 7 { 200 } else { 500 }));
            app.organization(json!({})).await;
            app.dispatch().await;
            app.advance(HALF_A_DAY);
        }
        app.dispatch().await;
        assert_eq!(operator.endpoint(&hook).await["disabled_at"], json!(null));
    }

    async fn a_deleted_endpoint_is_sent_nothing_more(app: TestApp) {
        let (backend, operator) = (Backend::start().await, Operator::of(&app).await);
        let hook = app.hook(&backend, &[]).await;
        backend.behave(Behaviour::Status(500));
        app.organization(json!({})).await;
        app.dispatch().await;
        assert_eq!(backend.take().len(), 1);
        operator.call(Method::DELETE, &format!("/{}", hook.id), json!({})).await.ok();
        app.organization(json!({})).await;
        app.advance(HALF_A_DAY);
        app.dispatch().await;
        assert!(backend.take().is_empty());
    }

    async fn an_endpoint_that_hangs_delays_no_other(app: TestApp) {
        let (slow, quick) = (Backend::start().await, Backend::start().await);
        app.hook(&slow, &[]).await;
        app.hook(&quick, &[]).await;
        slow.behave(Behaviour::Hang);
        for _ in 0..10 {
            app.organization(json!({})).await;
        }
        let (begun, dispatcher) = (Instant::now(), app.dispatcher());
        let sending = tokio::spawn(async move { dispatcher.run_once().await });
        while quick.received().len() < 10 {
            assert!(begun.elapsed() < Duration::from_secs(4), "{} of 10", quick.received().len());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(slow.received().len() <= 4, "a few at a time");
        sending.abort();
    }
}
