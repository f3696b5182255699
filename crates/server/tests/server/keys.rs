//! Keys and secrets at the command line, beside a running server.

use crate::{
    client::{Client, Credentials},
    installation::{Installation, value},
};

#[tokio::test]
async fn a_signing_key_is_rotated_and_revoked_while_the_server_runs() {
    let installation = Installation::new();
    let (server, client) = installation.open().await;
    let project = ["--project", &client.project_id()];
    let keys = |words: &[&str]| installation.run(&[&["keys"], words, &project[..]].concat());
    let first = keys(&["list"]).ok();
    let key_id = first.split_whitespace().next().unwrap().to_owned();
    assert!(first.contains("signing") && first.lines().count() == 1, "{first}");
    assert!(keys(&["rotate", "--activate-after", "5m"]).refused().contains("10 minutes"));
    assert!(keys(&["rotate"]).ok().contains("is published"));
    assert!(keys(&["rotate"]).refused().contains("under way"));
    let path = format!("/v1/b2b/sessions/jwks/{}", client.project_id());
    assert_eq!(client.get(&path).await.ok()["keys"].as_array().unwrap().len(), 2);
    assert!(keys(&["revoke", "jwk-unknown"]).refused().contains("keys list"));
    assert!(keys(&["revoke", &key_id]).ok().contains("signs now"));
    assert_eq!(client.get(&path).await.ok()["keys"].as_array().unwrap().len(), 1);
    server.stop().await.ok();
}

#[tokio::test]
async fn a_project_secret_is_replaced_while_the_server_runs() {
    let installation = Installation::new();
    let (server, client) = installation.open().await;
    let project = client.project_id();
    let secret = |words: &[&str]| installation.run(&[&["project", "secret"], words].concat());
    let name = secret(&["list", &project]).ok().split_whitespace().next().unwrap().to_owned();
    assert!(secret(&["remove", &project, &name]).refused().contains("--force"));
    let added = secret(&["add", &project]).ok();
    secret(&["remove", &project, &name]).ok();
    assert_eq!(client.get("/v1/debug/whoami").await.refusal(), (401, "unauthorized_credentials"));
    let credentials = Credentials { project_id: project.clone(), secret: value(&added, "secret") };
    Client::new(&client.url, &credentials).get("/v1/debug/whoami").await.ok();
    let listed = secret(&["list", &project]).ok();
    assert!(!listed.contains(&credentials.secret) && listed.contains(&value(&added, "name")), "{listed}");
    assert!(secret(&["rotate", &project, "--overlap", "1h"]).ok().contains("end at"));
    server.stop().await.ok();
}
