//! Where backends may be, and what their answers cannot do.

use super::{Operator, types};
use axum::http::Method;
use delivery::{Hooks, OutboundFault, Signed, SigningSecret, Targets};
use testkit::{Backend, Behaviour, json, on_both_databases};

on_both_databases! {
    async fn a_redirect_is_a_failure_and_is_not_followed(app: TestApp) {
        let (backend, operator) = (Backend::start().await, Operator::of(&app).await);
        let elsewhere = Backend::start().await;
        let to: &'static str = Box::leak(elsewhere.url.clone().into_boxed_str());
        let hook = app.hook(&backend, &[]).await;
        backend.behave(Behaviour::Redirect(to));
        app.organization(json!({})).await;
        app.dispatch().await;
        assert_eq!((backend.take().len(), elsewhere.take().len()), (1, 0));
        let pending = &operator.deliveries(&hook).await[0];
        assert_eq!((&pending["state"], &pending["attempts"]), (&json!("pending"), &json!(1)));
        let event = pending["event_id"].as_str().unwrap();
        let one = operator.call(Method::GET, &format!("/{}/deliveries/{event}", hook.id), json!({})).await.ok();
        assert_eq!(one["attempts"][0]["outcome"], "a redirect, which is not followed");
    }

    async fn a_flood_of_an_answer_is_a_delivery(app: TestApp) {
        let (backend, operator) = (Backend::start().await, Operator::of(&app).await);
        let hook = app.hook(&backend, &[]).await;
        backend.behave(Behaviour::Flood);
        app.organization(json!({})).await;
        app.dispatch().await;
        assert_eq!(types(&backend.take()), ["direct.organization.create"]);
        assert_eq!(operator.deliveries(&hook).await[0]["state"], "delivered");
    }

    async fn private_addresses_and_plain_http_are_refused_when_an_endpoint_is_made(app: TestApp) {
        let operator = Operator::of(&app).await;
        for url in [
            "https://10.0.0.1/in", "https://169.254.169.254/latest", "https://[fd00::1]/", "http://acme.example/",
            "https://ada:secret@acme.example/", "ftp://acme.example/", "acme", "",
        ] {
            let refused = operator.call(Method::POST, "", json!({ "url": url })).await;
            assert_eq!(refused.status, 400, "{url}");
        }
    }
}

#[tokio::test]
async fn a_name_that_leads_to_a_private_address_is_not_called() {
    let backend = Backend::start().await;
    let port = backend.url.split(':').next_back().unwrap().to_owned();
    let hooks = Hooks::to(Targets::default());
    let url = format!("https://localhost:{port}").parse().unwrap();
    let secrets = [SigningSecret::of(&[7; 32])];
    let signed = Signed { id: "a", seconds: 1, body: "{}".to_owned(), secrets: &secrets };
    assert!(hooks.may_call(&url), "by its name alone nobody can tell");
    let refused = hooks.post(&url, signed).await.unwrap_err();
    assert_eq!(refused, OutboundFault::Forbidden);
    assert!(backend.take().is_empty());
}
