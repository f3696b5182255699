//! What can be asked without a database.

use crate::process::{run, vestibule};
use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, Stdio},
};

const OPERATIONS: [&str; 31] = [
    "DELETE /v1/b2b/organizations/{organization_id}",
    "DELETE /v1/b2b/organizations/{organization_id}/members/mfa_phone_numbers/{member_id}",
    "DELETE /v1/b2b/organizations/{organization_id}/members/passwords/{member_password_id}",
    "DELETE /v1/b2b/organizations/{organization_id}/members/{member_id}",
    "DELETE /v1/b2b/organizations/{organization_id}/members/{member_id}/totp",
    "GET /v1/b2b/organizations/members/dangerously_get/{member_id}",
    "GET /v1/b2b/organizations/{organization_id}",
    "GET /v1/b2b/organizations/{organization_id}/member",
    "GET /v1/b2b/recovery_codes/{organization_id}/{member_id}",
    "GET /v1/b2b/sessions",
    "GET /v1/b2b/sessions/jwks/{project_id}",
    "GET /v1/debug/whoami",
    "POST /v1/b2b/magic_links/authenticate",
    "POST /v1/b2b/magic_links/email/login_or_signup",
    "POST /v1/b2b/organizations",
    "POST /v1/b2b/organizations/{organization_id}/members",
    "POST /v1/b2b/otps/sms/authenticate",
    "POST /v1/b2b/otps/sms/send",
    "POST /v1/b2b/passwords/authenticate",
    "POST /v1/b2b/passwords/migrate",
    "POST /v1/b2b/passwords/strength_check",
    "POST /v1/b2b/recovery_codes/recover",
    "POST /v1/b2b/recovery_codes/rotate",
    "POST /v1/b2b/sessions/authenticate",
    "POST /v1/b2b/sessions/revoke",
    "POST /v1/b2b/totp",
    "POST /v1/b2b/totp/authenticate",
    "POST /v1/b2b/totp/migrate",
    "PUT /v1/b2b/organizations/{organization_id}",
    "PUT /v1/b2b/organizations/{organization_id}/members/{member_id}",
    "PUT /v1/b2b/organizations/{organization_id}/members/{member_id}/reactivate",
];

fn here(words: &[&str]) -> Command {
    vestibule(Path::new("."), words)
}

#[test]
fn routes_prints_each_operation_on_a_line() {
    let printed = run(&mut here(&["routes"])).ok();
    assert_eq!(printed.lines().count(), OPERATIONS.len());
    let printed: BTreeSet<&str> = printed.lines().collect();
    assert_eq!(printed, BTreeSet::from(OPERATIONS));
}

#[test]
fn whoever_reads_the_routes_may_stop_after_the_first() {
    let mut child = here(&["routes"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(!String::from_utf8(ended.stderr).unwrap().contains("panicked"));
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
