//! A disk without room: nothing acknowledged is lost, and it passes by itself.
#![expect(clippy::disallowed_methods, reason = "the server under test is on this machine")]

use crate::{client::Client, installation::Installation, server::Server};
use serde_json::json;
use std::{fs, process::Command, time::Duration};

/// Lets the server's files grow to a size and no further, or again without bounds.
fn limit(server: &Server, bytes: Option<u64>) {
    let soft = bytes.unwrap_or(rlimit::INFINITY);
    let pid = i32::try_from(server.id()).unwrap();
    rlimit::prlimit(pid, rlimit::Resource::FSIZE, Some((soft, rlimit::INFINITY)), None).unwrap();
}

async fn create(client: &Client, number: usize) -> u16 {
    let padding = "x".repeat(3000);
    let acme = json!({ "organization_name": "Acme", "organization_slug": format!("acme-{number}"),
                       "trusted_metadata": { "padding": padding } });
    let answer = client.post("/v1/b2b/organizations", acme).await;
    if answer.status != 200 {
        assert_eq!((answer.status, answer.text("error_type").as_str()), (503, "server_unavailable"));
    }
    answer.status
}

async fn ready(client: &Client) -> u16 {
    reqwest::get(format!("{}/ready", client.url)).await.unwrap().status().as_u16()
}

async fn becomes(client: &Client, status: u16) {
    for _ in 0..200 {
        if ready(client).await == status {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("/ready never said {status}");
}

#[tokio::test]
async fn a_full_disk_refuses_what_it_cannot_keep_and_recovers_by_itself() {
    let installation = Installation::new();
    let credentials = installation.create_project();
    let mut command = Command::new("sh");
    // A write beyond the limit is to fail, not to kill.
    command.args(["-c", r#"trap '' XFSZ; exec "$@""#, "sh", env!("CARGO_BIN_EXE_vestibule"), "serve"]);
    command.current_dir(installation.folder()).env("VESTIBULE__OPERATIONS__LISTEN", "127.0.0.1:0");
    let (server, url) = installation.serve_with(command).await;
    let client = Client::new(&url, &credentials);
    let size = |file: &str| fs::metadata(installation.path(file)).map_or(0, |it| it.len());
    limit(&server, Some(size("vestibule.db").max(size("vestibule.db-wal")) + 100_000));

    let mut kept = Vec::new();
    let mut number = 0;
    while create(&client, number).await == 200 {
        kept.push(number);
        number += 1;
        assert!(number < 2000, "the disk is never full");
    }
    becomes(&client, 503).await;
    client.get("/v1/debug/whoami").await.ok(); // what only reads goes on
    assert!(server.err().contains("the database takes nothing"), "{}", server.err());

    limit(&server, None);
    becomes(&client, 200).await;
    assert_eq!(create(&client, number).await, 200);
    for number in kept {
        client.get(&format!("/v1/b2b/organizations/acme-{number}")).await.ok();
    }
    server.stop().await.ok();
}
