//! The audit log at the command line.

use crate::installation::{Installation, value};
use serde_json::{Value, json};
use std::fs;
use store::{Db, db::DatabaseUrl};

async fn tamper(url: &str) {
    let db = Db::open(&url.parse::<DatabaseUrl>().unwrap()).await.unwrap();
    let on = if db.is_postgres() { " ON audit_events" } else { "" };
    let guard: &'static str = format!("DROP TRIGGER audit_events_update{on}").leak();
    let mut tx = db.write().await.unwrap();
    tx.sql(guard).execute().await.unwrap();
    let edit = "UPDATE audit_events SET actor = 'member' WHERE action = 'member.created'";
    assert_eq!(tx.sql(edit).execute().await.unwrap(), 1);
    tx.commit().await.unwrap();
}

async fn is_verified_exported_and_found_out(installation: &Installation, url: &str) {
    let (server, client) = installation.open().await;
    let audit = |words: &[&str]| installation.run(&[&["audit"], words].concat());
    let acme = client.post("/v1/b2b/organizations", json!({ "organization_name": "Acme" })).await.ok();
    let id = acme["organization"]["organization_id"].as_str().unwrap().to_owned();
    let ada = json!({ "email_address": "ada@acme.example" });
    client.post(&format!("/v1/b2b/organizations/{id}/members"), ada).await.ok();
    let good = audit(&["verify", "--chains"]).ok();
    assert!(good.contains("as it was written") && good.contains(&format!("{id}: 2 rows")), "{good}");
    let export = ["export", "--to", "events.jsonl", "--cursor-file", "cursor"];
    audit(&export).ok();
    let events = fs::read_to_string(installation.path("events.jsonl")).unwrap();
    let events: Vec<Value> = events.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    assert!(events.iter().any(|it| it["type_uid"] == 300_401 && it["metadata"]["tenant_uid"] == *id));
    assert!(audit(&export).err.contains("0 events"), "the cursor remembers");
    let key = audit(&["key"]).ok();
    let offline =
        ["verify", "--export", "events.jsonl", "--public-key", key.trim(), "--config", "nowhere.toml"];
    assert!(audit(&offline).ok().contains("as it was written"));
    assert!(audit(&["verify", "--project", "nothing"]).refused().contains("project id"));
    assert!(audit(&["export", "--to", "http://siem.example.com"]).refused().contains("https"));
    let gone = audit(&["export", "--to", "http://127.0.0.1:1/ingest", "--cursor-file", "none"]).refused();
    assert!(
        gone.contains("destination could not be reached; 0 events are handed over; run it again"),
        "{gone}"
    );
    tamper(url).await;
    let found = audit(&["verify", "--project", &client.project_id(), "--organization", &id]);
    assert_eq!(found.code, Some(1));
    assert!(found.out.contains(&format!("{id}: row 2")) && found.out.contains("edited"), "{found:?}");
    server.stop().await.ok();
}

#[tokio::test]
async fn the_log_is_verified_exported_and_found_out_on_sqlite() {
    let installation = Installation::new();
    let url = installation.path("vestibule.db").display().to_string();
    is_verified_exported_and_found_out(&installation, &url).await;
}

#[tokio::test]
async fn the_log_is_verified_exported_and_found_out_on_postgres() {
    let Some(database) = testpg::fresh_database().await else { return };
    let installation = Installation::on(&database.url());
    is_verified_exported_and_found_out(&installation, &database.url()).await;
}

#[tokio::test]
async fn the_audit_key_outlives_the_version_of_the_server_key_it_was_made_under() {
    let installation = Installation::new();
    let (server, _client) = installation.open().await;
    let key = installation.run(&["audit", "key"]).ok();
    installation.run(&["secrets", "rotate", "--wait", "6s"]).ok();
    installation.run(&["secrets", "retire", "1", "--force"]).ok();
    server.stop().await.ok();
    assert_eq!(installation.run(&["audit", "key"]).ok(), key);
    assert!(installation.run(&["audit", "verify"]).ok().contains("as it was written"));
    assert!(!value(&format!("key {key}"), "key").is_empty());
}
