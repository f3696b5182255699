//! Backups at the command line: beside a running server, proved, and put back.

use crate::{
    installation::Installation,
    process::{Running, run},
};
use serde_json::json;
use std::{fs, os::unix::fs::PermissionsExt, process::Stdio};

fn backup(installation: &Installation, name: &str) -> Vec<u8> {
    installation.run(&["backup", "--out", name]).ok();
    fs::read(installation.path(name)).unwrap()
}

/// One byte of each kind of line, and where lines end.
fn a_byte_of_every_kind(file: &[u8]) -> Vec<usize> {
    let mut found = vec![0, file.len() - 1];
    let mut start = 0;
    for line in file.split_inclusive(|it| *it == b'\n').take(40) {
        found.extend([start + line.len() / 2, start + line.len() - 1]);
        start += line.len();
    }
    found
}

#[tokio::test]
async fn a_backup_is_made_beside_a_running_server_proved_and_put_back() {
    let installation = Installation::new();
    let (server, client) = installation.open().await;
    client.post("/v1/b2b/organizations", json!({ "organization_name": "Acme" })).await.ok();
    let file = backup(&installation, "one.backup");
    let mode = fs::metadata(installation.path("one.backup")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(installation.run(&["backup", "verify", "one.backup"]).ok().contains("can be put back"));
    assert!(installation.run(&["backup", "--out", "one.backup"]).refused().contains("there already"));
    assert!(installation.run(&["restore", "one.backup"]).refused().contains("served by another process"));
    server.stop().await.ok();
    let not_empty = installation.run(&["restore", "one.backup"]).refused();
    assert!(not_empty.contains("not empty"), "{not_empty}");
    let name = not_empty.split("--replace \"").nth(1).unwrap().split('"').next().unwrap();
    let printed = installation.run(&["restore", "one.backup", "--replace", name]).ok();
    assert!(printed.contains("project secret") && printed.contains("Every session"), "{printed}");
    let (server, url) = installation.serve().await;
    let client = client.at(&url);
    client.post("/v1/b2b/organizations", json!({ "organization_name": "Acme" })).await.ok();
    server.stop().await.ok();
    assert!(file.starts_with(b"{\"vestibule_backup\":1,"));
}

#[test]
fn a_flipped_byte_anywhere_is_refused_by_its_place() {
    let installation = Installation::new();
    installation.create_project();
    let file = backup(&installation, "one.backup");
    for at in a_byte_of_every_kind(&file).into_iter().step_by(3) {
        let mut damaged = file.clone();
        damaged[at] ^= 1;
        fs::write(installation.path("damaged.backup"), damaged).unwrap();
        let refused = installation.run(&["backup", "verify", "damaged.backup"]).refused();
        assert!(refused.contains("damaged") || refused.contains("seal"), "byte {at}: {refused}");
    }
    let mut damaged = file.clone();
    damaged[file.len() / 2] ^= 1;
    fs::write(installation.path("damaged.backup"), damaged).unwrap();
    fs::remove_file(installation.path("vestibule.db")).unwrap();
    assert!(installation.run(&["restore", "damaged.backup"]).refused().contains("damaged"));
    assert!(!installation.path("vestibule.db").exists(), "nothing was begun");
}

#[test]
fn another_server_key_and_a_newer_schema_are_refused_with_words() {
    let (one, other) = (Installation::new(), Installation::new());
    one.create_project();
    fs::write(other.path("one.backup"), backup(&one, "one.backup")).unwrap();
    let refused = other.run(&["backup", "verify", "one.backup"]).refused();
    assert!(refused.contains("another key file"), "{refused}");
    assert!(other.run(&["restore", "one.backup"]).refused().contains("another key file"));
    assert!(one.run(&["backup", "verify", "nothing.backup"]).refused().contains("nothing.backup"));
    assert!(other.run(&["backup", "--out", "two.backup"]).refused().contains("no such file"));
}

#[tokio::test]
async fn a_killed_backup_leaves_no_half_file_under_its_name() {
    let installation = Installation::new();
    installation.create_project();
    for pause in [0, 2, 5, 10, 20, 40] {
        let mut command = installation.command(&["backup", "--out", "killed.backup"]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut running = Running(child);
        tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
        running.signal("KILL");
        running.end();
        if installation.path("killed.backup").exists() {
            installation.run(&["backup", "verify", "killed.backup"]).ok();
            fs::remove_file(installation.path("killed.backup")).unwrap();
        }
    }
    backup(&installation, "killed.backup");
}

#[tokio::test]
async fn an_installation_moves_from_sqlite_to_postgres() {
    let Some(database) = testpg::fresh_database().await else { return };
    let old = Installation::new();
    let project = old.create_project();
    backup(&old, "one.backup");
    let new = old.another_node();
    new.configure(&format!("database = \"{}\"\n", database.url()));
    run(&mut new.command(&["restore", "one.backup"])).ok();
    let shown = new.run(&["project", "show", &project.project_id]).ok();
    assert_eq!(shown, old.run(&["project", "show", &project.project_id]).ok());
    new.run(&["restore", "--void-only"]).ok();
}
