//! Putting a backup back: with the keys of organizations, and to its end.

use crate::{
    client::Client,
    installation::Installation,
    process::{Running, vestibule},
};
use serde_json::{Value, json};
use std::{fs, process::Stdio, time::Duration};
use store::{Db, db::DatabaseUrl, restoring};

const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/// An installation where somebody of Acme has an authenticator app, the server
/// stopped, with a backup and its keys; the project.
async fn with_an_authenticator(installation: &Installation) -> Client {
    let (server, client) = installation.open().await;
    let acme = json!({ "organization_name": "Acme", "organization_slug": "acme" });
    client.post("/v1/b2b/organizations", acme).await.ok();
    let ada = json!({ "email_address": "ada@acme.example" });
    let ada = client.post("/v1/b2b/organizations/acme/members", ada).await.ok().text("member_id");
    let app = json!({ "organization_id": "acme", "member_id": ada, "secret": SECRET, "recovery_codes": [] });
    client.post("/v1/b2b/totp/migrate", app).await.ok();
    server.stop().await.ok();
    installation.run(&["backup", "--out", "one.backup"]).ok();
    installation.run(&["backup", "keys", "--out", "one.keys"]).ok();
    client
}

/// Whether the secret of that app can be read with the keys that are kept here.
fn has_the_secret(installation: &Installation) -> bool {
    let words = ["organization", "export", "--organization", "acme", "--with-secrets", "--out", "acme.jsonl"];
    installation.run(&words).ok();
    let file = installation.path("acme.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    fs::remove_file(file).unwrap();
    text.contains(SECRET)
}

fn verdict(installation: &Installation, check: &str) -> String {
    let report: Value = serde_json::from_str(&installation.run(&["doctor", "--json"]).out).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let found = findings.iter().find(|it| it["check"] == check);
    found.unwrap_or_else(|| panic!("no {check} in {report:#}"))["verdict"].as_str().unwrap().to_owned()
}

/// The database as `--replace` wants it said.
fn name(installation: &Installation) -> String {
    let refused = installation.run(&["restore", "one.backup", "--keys", "one.keys"]).refused();
    refused.split("--replace \"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_move_takes_the_keys_of_organizations_along_and_back() {
    let Some(database) = testpg::fresh_database().await else { return };
    let installation = Installation::new();
    with_an_authenticator(&installation).await;
    assert!(has_the_secret(&installation));
    installation.configure(&format!("database = \"{}\"\n", database.url()));
    let verify =
        |words: &[&str]| installation.run(&[&["backup", "verify", "one.backup"], words].concat()).ok();
    assert!(verify(&[]).contains("no key    organization-") && verify(&[]).contains("a restore wants them"));
    assert!(!verify(&["--keys", "one.keys"]).contains("no key"));
    let refused = installation.run(&["restore", "one.backup"]).refused();
    assert!(refused.contains("keys of 1 organizations") && refused.contains("--without-keys"), "{refused}");
    installation.run(&["restore", "one.backup", "--without-keys"]).ok();
    assert_eq!(verdict(&installation, "secrets of organizations"), "problem");
    let there = ["restore", "one.backup", "--keys", "one.keys", "--replace", &name(&installation)];
    installation.run(&there).ok();
    assert_eq!(verdict(&installation, "secrets of organizations"), "ok");
    assert!(has_the_secret(&installation));

    installation.run(&["backup", "--out", "two.backup"]).ok();
    installation.run(&["backup", "keys", "--out", "two.keys"]).ok();
    installation.configure("");
    fs::remove_file(installation.path("vestibule.db")).unwrap();
    fs::remove_dir_all(installation.path("organization-keys")).unwrap();
    installation.run(&["restore", "two.backup"]).refused();
    installation.run(&["restore", "two.backup", "--keys", "two.keys"]).ok();
    assert!(has_the_secret(&installation) && installation.path("organization-keys").exists());
    assert_eq!(verdict(&installation, "secrets of organizations"), "ok");
}

/// Kills a restore between its beginning and its end.
async fn interrupt(installation: &Installation, words: &[&str], db: &Db) {
    for _ in 0..20 {
        let mut command = vestibule(installation.folder(), words);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut running = Running(child);
        while !running.has_ended() && !restoring::is_under_way(db).await.unwrap_or(false) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        drop(running); // which kills it
        if restoring::is_under_way(db).await.unwrap() {
            return;
        }
    }
    panic!("every restore was faster");
}

async fn nothing_uses_half_a_restore(installation: &Installation, url: &str) {
    let client = with_an_authenticator(installation).await;
    let name = name(installation);
    let words = ["restore", "one.backup", "--keys", "one.keys", "--replace", &name];
    let db = Db::open(&url.parse::<DatabaseUrl>().unwrap()).await.unwrap();
    interrupt(installation, &words, &db).await;
    drop(db);
    for refused in
        [&["serve"][..], &["backup", "--out", "half.backup"], &["migrate"], &["restore", "--void-only"]]
    {
        let refused = installation.run(refused).refused();
        assert!(refused.contains("has not ended") && refused.contains(&name), "{refused}");
    }
    assert_eq!(verdict(installation, "database"), "problem");
    assert!(installation.run(&words[..4]).refused().contains("not empty"));
    installation.run(&words).ok();
    assert!(has_the_secret(installation));
    let (server, url) = installation.serve().await;
    client.at(&url).get("/v1/b2b/organizations/acme").await.ok();
    server.stop().await.ok();
}

#[tokio::test]
async fn nothing_uses_half_a_restore_on_sqlite() {
    let installation = Installation::new();
    let url = installation.path("vestibule.db").display().to_string();
    nothing_uses_half_a_restore(&installation, &url).await;
}

#[tokio::test]
async fn nothing_uses_half_a_restore_on_postgres() {
    let Some(database) = testpg::fresh_database().await else { return };
    nothing_uses_half_a_restore(&Installation::on(&database.url()), &database.url()).await;
}
