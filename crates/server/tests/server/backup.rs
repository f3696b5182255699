//! Backups at the command line: beside a running server, proved, and put back.

use crate::{
    installation::Installation,
    process::{Running, run},
};
use serde_json::json;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    process::{Command, Stdio},
};
use store::{Db, db::DatabaseUrl};

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
    // And over the whole file, whatever stands there, to the last bytes of the seal.
    found.extend((0..file.len()).step_by(file.len() / 12 + 1));
    found.extend([file.len() - 2, file.len() - 40, file.len() - 80]);
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

#[tokio::test]
async fn an_audit_log_that_was_changed_before_the_backup_is_found_in_it() {
    let installation = Installation::new();
    installation.create_project();
    backup(&installation, "good.backup");
    let told = installation.run(&["backup", "verify", "good.backup"]).ok();
    assert!(told.contains("0 hours ago") && told.contains("1 chains"), "{told}");
    let url = installation.path("vestibule.db").display().to_string();
    let db = Db::open(&url.parse::<DatabaseUrl>().unwrap()).await.unwrap();
    let mut tx = db.write().await.unwrap();
    tx.sql("DROP TRIGGER audit_events_update").execute().await.unwrap();
    let edit = "UPDATE audit_events SET actor = 'member' WHERE sequence = 1";
    assert_eq!(tx.sql(edit).execute().await.unwrap(), 1);
    tx.commit().await.unwrap();
    drop(db);
    backup(&installation, "bad.backup");
    let refused = installation.run(&["backup", "verify", "bad.backup"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.out.contains("row 1") && refused.out.contains("edited"), "{refused:?}");
    let not_empty = installation.run(&["restore", "bad.backup"]);
    assert!(
        not_empty.out.contains("BAD") && not_empty.err.contains("not empty"),
        "told, and no reason to refuse"
    );
}

#[tokio::test]
async fn a_backup_onto_a_full_disk_leaves_no_half_file() {
    let installation = Installation::new();
    let (server, client) = installation.open().await;
    for number in 0..20 {
        let acme = json!({ "organization_name": "Acme", "organization_slug": format!("acme-{number}"),
                           "trusted_metadata": { "padding": "x".repeat(3000) } });
        client.post("/v1/b2b/organizations", acme).await.ok();
    }
    // Files grow to 40 KiB and no further; a write beyond that is to fail, not to kill.
    let words = r#"trap '' XFSZ; ulimit -f 80; exec "$@""#;
    let mut command = Command::new("sh");
    command.args(["-c", words, "sh", env!("CARGO_BIN_EXE_vestibule"), "backup", "--out", "full.backup"]);
    let refused = run(command.current_dir(installation.folder())).refused();
    assert!(refused.contains("the backup's file"), "{refused}");
    let names = fs::read_dir(installation.folder()).unwrap().map(|it| it.unwrap().file_name());
    let names: Vec<String> = names.map(|it| it.into_string().unwrap()).collect();
    assert!(!names.iter().any(|it| it.ends_with(".partial") || it == "full.backup"), "{names:?}");
    backup(&installation, "full.backup");
    server.stop().await.ok();
}

#[tokio::test]
async fn an_organization_that_was_erased_after_a_backup_is_erased_again() {
    let installation = Installation::new();
    let (server, client) = installation.open().await;
    for (name, slug) in [("Acme", "acme"), ("Other", "other")] {
        let body = json!({ "organization_name": name, "organization_slug": slug });
        client.post("/v1/b2b/organizations", body).await.ok();
    }
    backup(&installation, "one.backup");
    let project = client.project_id();
    let of = ["--project", project.as_str(), "--organization", "acme"];
    installation.run(&[&["organization", "erase", "--confirm", "acme"][..], &of].concat()).ok();
    server.stop().await.ok();
    assert!(installation.run(&["backup", "verify", "one.backup"]).ok().contains("erased "));
    let not_empty = installation.run(&["restore", "one.backup"]).refused();
    let name = not_empty.split("--replace \"").nth(1).unwrap().split('"').next().unwrap();
    let printed = installation.run(&["restore", "one.backup", "--replace", name]).ok();
    assert!(printed.contains("Erased again: organization-"), "{printed}");
    let (server, url) = installation.serve().await;
    let client = client.at(&url);
    assert_eq!(client.get("/v1/b2b/organizations/acme").await.status, 404);
    client.get("/v1/b2b/organizations/other").await.ok();
    server.stop().await.ok();
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
