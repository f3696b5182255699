//! The operator's listener: figures without names, and readiness with reasons.
#![expect(clippy::disallowed_methods, reason = "the server under test is on this machine")]

use crate::{
    client::{Client, Credentials},
    installation::Installation,
    login::{Ada, PASSWORD},
    server::Server,
};
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};

/// Where the operator's listener is, as the server logs it.
fn operations(server: &Server) -> SocketAddr {
    let log = server.err();
    let line = log.lines().find(|it| it.contains("figures are told")).unwrap_or_else(|| panic!("{log}"));
    line.split_once("address=").unwrap().1.split(' ').next().unwrap().parse().unwrap()
}

/// The figures as Prometheus gets them.
pub async fn metrics(server: &Server) -> String {
    get(operations(server), "/metrics").await.1
}

async fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let answer = reqwest::get(format!("http://{address}{path}")).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn figures_tell_what_happened_and_nobodys_name() {
    let installation = Installation::new();
    let (server, client) = installation.open().await;
    let ada = Ada::of(&client).await;
    ada.give_password(PASSWORD).await.ok();
    assert_eq!(ada.give_password("a wr0ng-password").await.status, 401);
    let (status, told) = get(operations(&server), "/metrics").await;
    assert_eq!(status, 200);
    for line in [
        "vestibule_requests_total{method=\"POST\",route=\"/v1/b2b/passwords/authenticate\",status=\"401\",error_type=\"unauthorized_credentials\"} 1",
        "vestibule_logins_total{method=\"password\",outcome=\"refused\"} 1",
        "vestibule_logins_total{method=\"password\",outcome=\"waiting\"} 1",
        "vestibule_ready 1",
        "vestibule_request_duration_seconds_bucket{method=\"POST\",route=\"/v1/b2b/passwords/authenticate\",status=\"200\",le=",
        "vestibule_transaction_duration_seconds_count{outcome=\"committed\"}",
        "vestibule_commit_batch_size_count",
        "vestibule_server_key_age_seconds",
        "vestibule_messages_waiting ",
        "vestibule_messages_oldest_seconds ",
        "vestibule_webhook_outbox_waiting 0",
        "vestibule_webhook_calls_waiting 0",
        "vestibule_webhook_endpoints{state=\"failing\"} 0",
        "vestibule_audit_chains_unsigned ",
        "vestibule_audit_oldest_unsigned_seconds ",
        "vestibule_locks_total{method=\"second_factor\"} 0",
        "vestibule_second_factors_total{method=\"totp\",outcome=\"refused\"} 0",
        "vestibule_rate_limited_total{by=\"project\"} 0",
        "vestibule_swept_rows_total{table=\"sessions\"} 0",
        "vestibule_figures_failed_total 0",
        "process_resident_memory_bytes",
        "process_start_time_seconds",
        "vestibule_build_info{version=",
    ] {
        assert!(told.contains(line), "no {line} in\n{told}");
    }
    for name in ["organization-", "member-", "acme", "2025550123", "project-test"] {
        assert!(!told.contains(name), "{name} in\n{told}");
    }
}

#[tokio::test]
async fn readiness_is_bare_beside_the_api_and_explained_to_the_operator() {
    let installation = Installation::new();
    let (server, client) = installation.open().await;
    for path in ["/health", "/ready"] {
        let answer = reqwest::get(format!("{}{path}", client.url)).await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (200, ""));
    }
    let (status, told) = get(operations(&server), "/ready").await;
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((status, &told["ready"], &told["reasons"]), (200, &json!(true), &json!([])));
}

#[tokio::test]
async fn a_server_that_was_told_to_stop_says_so_and_goes_on_for_a_while() {
    let installation = Installation::new();
    installation.add("shutdown.delay_seconds = 2\n");
    let (server, client) = installation.open().await;
    let address = operations(&server);
    server.signal("TERM");
    let (status, told) = eventually_unready(address).await;
    assert_eq!(status, 503);
    assert!(told.contains("about to stop"), "{told}");
    client.get("/v1/debug/whoami").await.ok(); // calls are still answered
    server.end().await.ok();
}

async fn eventually_unready(address: SocketAddr) -> (u16, String) {
    for _ in 0..100 {
        let answer = get(address, "/ready").await;
        if answer.0 != 200 {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("ready for ever");
}

#[tokio::test]
async fn a_second_signal_ends_the_server_at_once() {
    let installation = Installation::new();
    installation.add("shutdown.delay_seconds = 60\n");
    let (server, _client) = installation.open().await;
    let address = operations(&server);
    server.signal("TERM");
    eventually_unready(address).await;
    server.signal("TERM");
    let ended = server.end().await;
    assert_eq!(ended.code, Some(1));
}

#[tokio::test]
async fn calls_that_come_too_fast_are_told_when_to_come_again() {
    let installation = Installation::new();
    installation.add("limits.project_calls_per_second = 5\nlimits.address_failures_per_second = 1\n");
    let (_server, client) = installation.open().await;
    let wrong = Credentials { project_id: client.project_id(), secret: "wrong".to_owned() };
    let stranger = Client::new(&client.url, &wrong);
    let mut refused = Vec::new();
    for _ in 0..4 {
        refused.push(stranger.get("/v1/debug/whoami").await.status);
    }
    assert_eq!(refused[..2], [401, 401]);
    assert!(refused[2..].contains(&429), "{refused:?}");
    client.get("/v1/debug/whoami").await.ok(); // whoever has the secret is not held up
    let mut last = client.get("/v1/debug/whoami").await;
    for _ in 0..20 {
        if last.status == 429 {
            break;
        }
        last = client.get("/v1/debug/whoami").await;
    }
    assert_eq!((last.status, last.text("error_type").as_str()), (429, "too_many_requests"));
}
