//! What is secret when the operator calls.

use super::known::Secrets;
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use domain::time::Span;
use testkit::{Answer, PROJECT_ID, TestApp, Value, json};

const WORDS: &str = "Marked-words-of-a-template";

/// Makes whatever answers or takes a secret, and refused calls besides.
pub async fn everything(app: &TestApp, secrets: &mut Secrets) {
    let luck = (app.now(), &mut (app.api.entropy)());
    let (token, _) =
        flows::admin_tokens::create(&app.api.app, ("ops", Span::days(1)), luck).await.expect("a token");
    let token = token.expose().to_owned();
    secrets.add("an admin token", &token);
    let project = call(
        app,
        &token,
        (Method::POST, "/admin/v1/projects"),
        json!({ "name": "Two", "environment": "test" }),
    );
    secrets.add("the secret of a project", project.await.ok()["secret"].as_str().expect("a secret"));
    webhooks(app, &token, secrets).await;
    template(app, &token, secrets).await;
}

async fn webhooks(app: &TestApp, token: &str, secrets: &mut Secrets) {
    let endpoints = format!("/admin/v1/projects/{PROJECT_ID}/webhook_endpoints");
    let url = json!({ "url": "https://hooks.acme.example/Marked-path-of-an-endpoint" });
    secrets.add_unlogged("the path of an endpoint", "Marked-path-of-an-endpoint");
    let made = call(app, token, (Method::POST, &endpoints), url).await.ok();
    let id = made["webhook_endpoint"]["endpoint_id"].as_str().expect("an id");
    let rotated = call(app, token, (Method::POST, &format!("{endpoints}/{id}/rotate")), json!({})).await.ok();
    for answer in [&made, &rotated] {
        let secret = answer["secret"].as_str().expect("a secret");
        secrets.add("the secret of a webhook", secret);
        secrets.add("the secret of a webhook, bare", secret.trim_start_matches("whsec_"));
    }
}

async fn template(app: &TestApp, token: &str, secrets: &mut Secrets) {
    secrets.add_unlogged("the words of a template", WORDS);
    let templates = format!("/admin/v1/projects/{PROJECT_ID}/templates");
    let words = |html: &str| {
        json!({ "type": "custom", "kind": "otp_login", "locale": "en", "subject": WORDS,
                "text": format!("{WORDS} {{{{ code }}}}"), "html": html })
    };
    let good = json!({ "is_default": false, "content": words("<p>{{ code }}</p>") });
    call(app, token, (Method::PUT, &format!("{templates}/marked")), good).await.ok();
    let bad = json!({ "is_default": false, "content": words(&format!("<p>{WORDS} {{{{ nothing")) });
    assert_eq!(call(app, token, (Method::PUT, &format!("{templates}/bad")), bad).await.status, 400);
}

async fn call(app: &TestApp, token: &str, (method, path): (Method, &str), body: Value) -> Answer {
    let request =
        Request::builder().method(method).uri(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
    app.send(request.body(Body::from(body.to_string())).expect("a request")).await
}
