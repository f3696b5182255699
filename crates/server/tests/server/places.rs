//! What the server writes, where it may, and what is said where it may not.

use crate::{
    installation::Installation,
    process::{Ended, run, vestibule},
};
use std::{
    fs,
    os::unix::fs::{MetadataExt, chown},
    process::Command,
};
use tempfile::TempDir;

/// Nobody: permissions bind this user, and root they do not.
const NOBODY: u32 = 65_534;

/// Runs as a user whom permissions bind; none where this machine does not let us.
fn as_nobody(command: &mut Command) -> Option<Ended> {
    use std::os::unix::process::CommandExt;
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    is_root.then(|| run(command.uid(NOBODY).gid(NOBODY)))
}

/// A folder for the configuration and one for data, as a package lays them out.
fn packaged() -> (TempDir, TempDir) {
    let (etc, data) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let words = ["init", "--dir", etc.path().to_str().unwrap(), "--data", data.path().to_str().unwrap()];
    run(&mut vestibule(etc.path(), &words)).ok();
    (etc, data)
}

fn give_to_nobody(folder: &TempDir) {
    let entries = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().path());
    for path in entries.chain([folder.path().to_owned()]) {
        chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    }
}

#[test]
fn with_a_data_folder_nothing_is_written_beside_the_configuration() {
    let (etc, data) = packaged();
    let config = fs::metadata(etc.path().join("vestibule.toml")).unwrap();
    assert_eq!(config.mode() & 0o777, 0o600, "it may come to hold a password");
    let shown = run(&mut vestibule(etc.path(), &["check-config"])).ok();
    let keys = data.path().join("organization-keys");
    assert!(shown.contains(&format!("organization_keys_dir = \"{}\"", keys.display())), "{shown}");
    run(&mut vestibule(etc.path(), &["project", "create", "--name", "A", "--env", "test"])).ok();
    let names: Vec<_> = fs::read_dir(etc.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(data.path().join("vestibule.db").exists());
}

#[test]
fn a_folder_that_cannot_be_written_is_named_by_its_key_before_anybody_needs_it() {
    for (key, line) in [
        ("database", "database = \"/proc/vestibule.db\"\n"),
        ("organization_keys_dir", "organization_keys_dir = \"/proc/organization-keys\"\n"),
        ("audit.heads_file", "audit.heads_file = \"nowhere/heads.jsonl\"\n"),
    ] {
        let installation = Installation::new();
        installation.add(line);
        for words in [&["check-config"][..], &["serve"]] {
            let complaint = installation.run(words).refused();
            assert!(complaint.contains(&format!("{key}: ")), "{words:?}: {complaint}");
        }
    }
}

#[test]
fn a_read_only_folder_of_the_key_is_told_unless_the_keys_of_organizations_are_elsewhere() {
    let (etc, data) = packaged();
    give_to_nobody(&etc);
    give_to_nobody(&data);
    chown(etc.path(), Some(0), Some(0)).unwrap_or(()); // not theirs to write
    fs::set_permissions(etc.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let Some(ended) = as_nobody(&mut vestibule(etc.path(), &["check-config"])) else { return };
    ended.ok();
    let config = etc.path().join("vestibule.toml");
    let text = fs::read_to_string(&config).unwrap();
    let lines = text.lines().filter(|it| !it.starts_with("organization_keys_dir"));
    fs::write(&config, lines.collect::<Vec<_>>().join("\n")).unwrap();
    let complaint = as_nobody(&mut vestibule(etc.path(), &["check-config"])).unwrap().refused();
    assert!(complaint.contains("organization_keys_dir") && complaint.contains("enrol"), "{complaint}");
    let ended = run(&mut vestibule(etc.path(), &["check-config"]));
    assert!(ended.err.contains("warning: run by user 0"), "root is told whom it is not: {ended:?}");
}

#[test]
fn another_folder_than_the_one_with_the_keys_is_refused() {
    let installation = Installation::new();
    fs::create_dir_all(installation.path("organization-keys/00")).unwrap();
    installation.add("organization_keys_dir = \"elsewhere\"\n");
    let complaint = installation.run(&["check-config"]).refused();
    assert!(complaint.contains("elsewhere") && complaint.contains("move them"), "{complaint}");
    fs::rename(installation.path("organization-keys"), installation.path("elsewhere")).unwrap();
    installation.run(&["check-config"]).ok();
}
