//! What `serve` says while it works: a line a request, and no secret.

use crate::{
    client::{Answer, Client},
    gateway::{Gateway, code_in},
    login::{Ada, PASSWORD, TWILIO_TOKEN, WEBHOOK_SECRET, allow_links, with_twilio, with_webhook},
    post_office::PostOffice,
};
use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::fs;

/// So many are in a day.
const REQUESTS: usize = 13;

/// What must not be seen of a login that tries everything.
async fn secrets_of_a_day(client: &Client, gateway: &Gateway, office: &PostOffice) -> Vec<String> {
    let ada = Ada::of(client).await;
    assert_eq!(ada.give_password("a wr0ng-password").await.status, 401);
    let first = ada.give_password(PASSWORD).await.ok().text("intermediate_session_token");
    let old_code = code_in(&gateway.last_call().body);
    assert_eq!(
        ada.give_code(&first, if old_code == "918273" { "918274" } else { "918273" }).await.status,
        404
    );
    let second = ada.give_code(&first, &old_code).await.ok();
    let (token, jwt) = (second.text("session_token"), second.text("session_jwt"));
    client.session(&token).await.ok();
    client.post("/v1/b2b/sessions/authenticate", json!({ "session_jwt": jwt })).await.ok();
    ada.ask_for_link().await;
    let link_token = office.link_token().await;
    let by_link = ada.follow_link(&link_token).await.ok().text("intermediate_session_token");
    assert_eq!(ada.follow_link("a-token-nobody-mailed").await.status, 404);
    assert_eq!(client.session("a-session-nobody-has").await.status, 404);
    let sessions =
        Answer::to(client.request("GET", "/v1/b2b/sessions?organization_id=acme&member_id=in-the-query"));
    assert_eq!(sessions.await.status, 404);
    let strangers =
        ["a wr0ng-password", "918273", "a-token-nobody-mailed", "a-session-nobody-has", "in-the-query"];
    let mut secrets = vec![PASSWORD.to_owned(), first, old_code, token, jwt, link_token, by_link];
    secrets.extend(strangers.map(str::to_owned));
    secrets.extend(["ada@acme.example", "2025550123", "+12025550123"].map(str::to_owned));
    secrets
}

/// Runs such a day at a level and in a format; the log.
async fn log_of_a_day(twilio: bool, level: Option<&str>, format: &str) -> String {
    let (gateway, office) = (Gateway::answering(StatusCode::CREATED).await, PostOffice::open().await);
    let installation = if twilio { with_twilio(&gateway, &office) } else { with_webhook(&gateway, &office) };
    let credentials = installation.create_project();
    allow_links(&installation, &credentials.project_id);
    let mut serve = installation.command(&["serve"]);
    serve.env("VESTIBULE__LOG__FORMAT", format).env_remove("RUST_LOG").envs(level.map(|it| ("RUST_LOG", it)));
    let (server, url) = installation.serve_with(serve).await;
    let mut secrets = secrets_of_a_day(&Client::new(&url, &credentials), &gateway, &office).await;
    let basic = STANDARD.encode(format!("{}:{}", credentials.project_id, credentials.secret));
    let key = fs::read_to_string(installation.path("server.key")).unwrap();
    secrets.extend([credentials.secret, basic, key.split_whitespace().last().unwrap().to_owned()]);
    secrets.extend(
        [WEBHOOK_SECRET, WEBHOOK_SECRET.trim_start_matches("whsec_"), TWILIO_TOKEN].map(str::to_owned),
    );
    let ended = server.stop().await;
    assert_eq!((ended.code, ended.out.as_str()), (Some(0), ""), "{}", ended.err);
    for secret in secrets {
        assert!(!ended.err.contains(&secret), "{secret} in the log:\n{}", ended.err);
    }
    ended.err
}

#[tokio::test]
async fn a_day_leaves_no_secret_in_a_log_for_people() {
    let log = log_of_a_day(false, None, "text").await;
    let lines = log.lines().filter(|line| line.contains("answered")).count();
    assert_eq!(lines, REQUESTS, "a line for each request:\n{log}");
    assert!(log.contains("route=\"/v1/b2b/otps/sms/authenticate\" status=200"), "{log}");
    assert!(!log.contains('\u{1b}'), "no colours in a file");
}

#[tokio::test]
async fn a_day_leaves_no_secret_in_a_log_for_machines() {
    let log = log_of_a_day(true, None, "json").await;
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answered = |line: &&Value| line["fields"]["message"] == "answered";
    let within = |line: &Value| {
        line["span"]["request_id"].as_str().is_some_and(|it| it.starts_with("request-id-test-"))
    };
    assert!(lines.iter().filter(answered).all(within), "{log}");
    assert_eq!(lines.iter().filter(answered).count(), REQUESTS, "{log}");
}

#[tokio::test]
async fn a_day_leaves_no_secret_even_at_the_finest_level() {
    log_of_a_day(false, Some("trace"), "text").await;
}
