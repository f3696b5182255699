//! The end of a server: asked for, it comes soon and loses nothing.

use crate::{
    gateway::{Gateway, code_in},
    installation::Installation,
    login::{Ada, PASSWORD, with_webhook},
    post_office::PostOffice,
    server::Dev,
};
use axum::http::StatusCode;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_end() {
    let slow = Duration::from_millis(700);
    let (gateway, office) = (Gateway::slowly_answering(StatusCode::OK, slow).await, PostOffice::open().await);
    let installation = with_webhook(&gateway, &office);
    let (server, client) = installation.open().await;
    let ada = Ada::of(&client).await;
    let under_way = async {
        let first = ada.give_password(PASSWORD).await.ok();
        (first.text("intermediate_session_token"), Instant::now())
    };
    let asked_to_end = async {
        while gateway.calls().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server.signal("TERM");
        (server.end().await, Instant::now())
    };
    let since = Instant::now();
    let ((intermediate, answered), (ended, end)) = tokio::join!(under_way, asked_to_end);
    ended.ok();
    assert!(end >= answered && since.elapsed() < Duration::from_secs(6), "{:?}", since.elapsed());

    // What was answered holds: another server goes on with it.
    let (_server, url) = installation.serve().await;
    let code = code_in(&gateway.last_call().body);
    ada.at(&client.at(&url)).give_code(&intermediate, &code).await.ok();
}

#[tokio::test]
async fn idle_connections_do_not_put_off_the_end() {
    let installation = Installation::new();
    let (server, client) = installation.open().await;
    let address = client.url.strip_prefix("http://").unwrap();
    let silent = TcpStream::connect(address).await.unwrap();
    let mut kept_alive = TcpStream::connect(address).await.unwrap();
    kept_alive.write_all(b"GET /v1/debug/whoami HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    assert!(kept_alive.read(&mut [0; 1024]).await.unwrap() > 0);
    let since = Instant::now();
    server.stop().await.ok();
    assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
    drop((silent, kept_alive));
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn an_interrupt_ends_dev_too() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path(), &[]).await;
    dev.server.signal("INT");
    dev.server.end().await.ok();
}

#[tokio::test]
async fn a_burst_at_the_end_is_answered_or_never_taken() {
    let installation = Installation::new();
    let (server, client) = installation.open().await;
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..20 {
        let client = client.clone();
        callers.spawn(async move { create_until_the_end(&client, caller).await });
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.stop().await.ok();
    let acknowledged: Vec<String> = callers.join_all().await.into_iter().flatten().collect();
    assert!(acknowledged.len() > 20, "the burst was one");

    let (_server, url) = installation.serve().await;
    for slug in acknowledged {
        client.at(&url).get(&format!("/v1/b2b/organizations/{slug}")).await.ok();
    }
}

/// The slugs that were acknowledged. What is answered at all is answered well.
async fn create_until_the_end(client: &crate::client::Client, caller: usize) -> Vec<String> {
    let mut acknowledged = Vec::new();
    loop {
        let slug = format!("acme-{caller}-{}", acknowledged.len());
        let acme = serde_json::json!({ "organization_name": "Acme", "organization_slug": slug });
        match client.request("POST", "/v1/b2b/organizations").json(&acme).send().await {
            Ok(answer) => assert_eq!(answer.status().as_u16(), 200),
            Err(_closed) => return acknowledged,
        }
        acknowledged.push(slug);
    }
}
