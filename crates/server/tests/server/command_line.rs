//! What can be asked without a database.

use crate::process::{run, vestibule};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, Stdio},
};

fn here(words: &[&str]) -> Command {
    vestibule(Path::new("."), words)
}

#[test]
fn routes_prints_each_operation_of_the_openapi_document_on_a_line() {
    let printed = run(&mut here(&["routes"])).ok();
    let lines: BTreeSet<String> = printed.lines().map(str::to_owned).collect();
    assert_eq!(printed.lines().count(), lines.len(), "each once");
    let alias = "POST /v1/oauth2/introspect"; // where one client asks
    assert_eq!(lines, operations().into_iter().chain([alias.to_owned()]).collect());
}

/// `METHOD path` of each.
fn operations() -> BTreeSet<String> {
    let document: Value = serde_json::from_str(include_str!("../../../../docs/openapi.json")).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, methods): (&String, &Value)| {
        let methods = methods.as_object().unwrap().keys();
        methods.map(|method| format!("{} {path}", method.to_uppercase())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

#[test]
fn whoever_reads_the_routes_may_stop_after_the_first() {
    let mut child = here(&["routes"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(!String::from_utf8(ended.stderr).unwrap().contains("panicked"));
}

#[test]
fn whoever_reads_the_configuration_may_stop_after_the_first_line() {
    let folder = tempfile::TempDir::new().unwrap();
    run(&mut vestibule(folder.path(), &["init"])).ok();
    let mut command = vestibule(folder.path(), &["check-config"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1), "what nobody read was not said");
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "", "and there is nothing to say about it");
}

#[test]
fn one_rust_version_is_named_everywhere() {
    let wanted = |text: &str, before: &str| -> String {
        let rest = text.split_once(before).unwrap_or_else(|| panic!("no {before}")).1;
        rest.chars().take_while(|it| it.is_ascii_digit() || *it == '.').collect()
    };
    let cargo = wanted(include_str!("../../../../Cargo.toml"), "rust-version = \"");
    assert_eq!(wanted(include_str!("../../../../README.md"), "Rust "), cargo);
    assert_eq!(wanted(include_str!("../../../../packaging/Dockerfile"), "FROM rust:"), cargo);
}

#[test]
fn a_probe_says_whom_it_asked_and_what_for() {
    let complaint = run(&mut here(&["health", "--url", "http://127.0.0.1:1/ready"])).refused();
    assert!(
        complaint.contains("http://127.0.0.1:1/ready") && complaint.contains("[operations]"),
        "{complaint}"
    );
    let complaint = run(&mut here(&["health", "--url", "https://127.0.0.1/ready"])).refused();
    assert!(complaint.contains("https://127.0.0.1/ready") && complaint.contains("no TLS"), "{complaint}");
}

#[test]
fn every_command_has_help() {
    let commands: [&[&str]; 23] = [
        &[],
        &["dev"],
        &["serve"],
        &["init"],
        &["migrate"],
        &["check-config"],
        &["project"],
        &["project", "create"],
        &["project", "show"],
        &["project", "set"],
        &["member"],
        &["member", "unlock"],
        &["keys"],
        &["keys", "list"],
        &["keys", "rotate"],
        &["keys", "revoke"],
        &["secrets", "rotate"],
        &["secrets", "retire"],
        &["project", "secret", "list"],
        &["project", "secret", "add"],
        &["project", "secret", "rotate"],
        &["project", "secret", "remove"],
        &["routes"],
    ];
    for words in commands {
        let help = run(here(words).arg("--help")).ok();
        let usage = [&["Usage: vestibule"], words].concat().join(" ");
        assert!(help.contains(&usage), "{help}");
    }
    let help = run(&mut here(&["--help"])).ok();
    for command in
        ["dev", "serve", "init", "migrate", "check-config", "project", "member", "keys", "secrets", "routes"]
    {
        assert!(
            help.lines().any(|line| line.trim_start().starts_with(&format!("{command} "))),
            "{command}: {help}"
        );
    }
}

#[test]
fn words_that_mean_nothing_are_answered_with_usage() {
    for words in [
        &["serv"][..],
        &[],
        &["dev", "--listen", "here"],
        &["project", "create", "--name", "A", "--env", "prod"],
    ] {
        let ended = run(&mut here(words));
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{words:?}");
        assert!(ended.err.contains("--help"), "{}", ended.err);
    }
}
