//! Webhooks: what backends are told, and how it gets there.

mod administration;
mod endpoints;
mod events;
mod retries;
mod signatures;
mod targets;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use domain::time::Span;
use testkit::{Answer, Hook, PROJECT_ID, Received, TestApp, Value, json};

/// The types of what came, sorted.
fn types(received: &[Received]) -> Vec<String> {
    let mut types: Vec<String> = received.iter().map(Received::event_type).collect();
    types.sort_unstable();
    types
}

/// The one event of a type.
#[track_caller]
fn only<'a>(received: &'a [Received], event_type: &str) -> &'a Received {
    let found: Vec<&Received> = received.iter().filter(|it| it.event_type() == event_type).collect();
    assert_eq!(found.len(), 1, "{event_type} in {:?}", types(received));
    found[0]
}

/// A holder of an admin token.
struct Operator<'a> {
    app: &'a TestApp,
    token: String,
}

impl<'a> Operator<'a> {
    async fn of(app: &'a TestApp) -> Self {
        let luck = (app.now(), &mut (app.api.entropy)());
        let made = flows::admin_tokens::create(&app.api.app, ("ops", Span::days(30)), luck).await.unwrap();
        Self { app, token: format!("Bearer {}", made.0.expose()) }
    }

    /// Calls a route below the endpoints of the project.
    async fn call(&self, method: Method, rest: &str, body: Value) -> Answer {
        self.call_of(PROJECT_ID, (method, rest), body).await
    }

    async fn call_of(&self, project: &str, (method, rest): (Method, &str), body: Value) -> Answer {
        let uri = format!("/admin/v1/projects/{project}/webhook_endpoints{rest}");
        let request = Request::builder().method(method).uri(uri).header(header::AUTHORIZATION, &self.token);
        self.app.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    async fn endpoint(&self, hook: &Hook) -> Value {
        let found = self.call(Method::GET, &format!("/{}", hook.id), json!({})).await.ok();
        found["webhook_endpoint"].clone()
    }

    async fn deliveries(&self, hook: &Hook) -> Vec<Value> {
        let found = self.call(Method::GET, &format!("/{}/deliveries", hook.id), json!({})).await.ok();
        found["deliveries"].as_array().unwrap().clone()
    }
}
