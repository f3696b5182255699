//! Keys and secrets at the command line, beside a running server.

use crate::{
    client::{Client, Credentials},
    installation::{Installation, value},
};
use serde_json::json;
use std::{fs, os::unix::fs::PermissionsExt};

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

#[tokio::test]
async fn the_server_key_is_replaced_while_the_server_runs() {
    let installation = Installation::new();
    let (server, client) = installation.open().await;
    let old = fs::read_to_string(installation.path("server.key")).unwrap();
    let secrets = |words: &[&str]| installation.run(&[&["secrets"], words].concat());
    assert!(secrets(&["rotate", "--stage"]).ok().contains("Version 2"));
    assert!(secrets(&["rotate", "--stage"]).refused().contains("waits in the key file"));
    assert!(secrets(&["rotate", "--status"]).ok().contains("seals            v1"));
    let mode = fs::metadata(installation.path("server.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let done = secrets(&["rotate", "--wait", "6s"]).ok();
    assert!(done.contains("seals            v2") && done.contains("retire 1"), "{done}");
    assert!(secrets(&["retire", "2"]).refused().contains("seals everything new"));
    assert!(secrets(&["retire", "1"]).refused().contains("wait an hour"));
    secrets(&["retire", "1", "--force"]).ok();
    let organization = client.post("/v1/b2b/organizations", json!({ "organization_name": "Acme" })).await;
    organization.ok();
    server.stop().await.ok();
    let (server, _url) = installation.serve().await;
    server.stop().await.ok();
    installation.secret_file("server.key", &old);
    assert!(installation.run(&["serve"]).refused().contains("does not open"));
}

#[test]
fn a_backup_from_before_a_version_was_retired_needs_it() {
    let installation = Installation::new();
    installation.create_project();
    let first = fs::read_to_string(installation.path("server.key")).unwrap();
    let made = installation.run(&["backup", "--out", "one.backup"]).ok();
    assert!(made.contains("sealed under v1 of the server key") && !made.contains("v0"), "{made}");
    installation.run(&["secrets", "rotate", "--wait", "0s"]).ok();
    let told = installation.run(&["secrets", "retire", "1", "--force"]).ok();
    assert!(
        told.contains("Backups") && told.contains("The last backup by this program is from 20"),
        "{told}"
    );
    assert!(told.contains("Keep a copy of version 1"), "{told}");
    let refused = installation.run(&["backup", "verify", "one.backup"]).refused();
    assert!(refused.contains("version 1") || refused.contains("v1"), "{refused}");
    let second = fs::read_to_string(installation.path("server.key")).unwrap();
    installation.secret_file("server.key", &format!("{first}{second}"));
    fs::remove_file(installation.path("vestibule.db")).unwrap();
    installation.run(&["restore", "one.backup"]).ok();
    let status = installation.run(&["secrets", "rotate", "--status"]).ok();
    assert!(status.contains("seals            v1"), "{status}");
    assert!(installation.run(&["secrets", "rotate", "--wait", "0s"]).ok().contains("Version 2 seals"));
}
