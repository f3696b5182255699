//! `doctor`, `health`: whether all is well, for people and for scripts.

use crate::{
    gateway::Gateway,
    installation::Installation,
    login::{TWILIO_TOKEN, WEBHOOK_SECRET, with_twilio, with_webhook},
    post_office::PostOffice,
};
use axum::http::StatusCode;
use serde_json::Value;
use std::fs;

fn report(installation: &Installation) -> (Option<i32>, Value) {
    let ended = installation.run(&["doctor", "--json"]);
    (ended.code, serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("{ended:?}")))
}

fn verdict<'a>(report: &'a Value, check: &str) -> &'a str {
    let findings = report["findings"].as_array().unwrap();
    let found = findings.iter().find(|it| it["check"] == check);
    found.unwrap_or_else(|| panic!("no {check} in {report:#}"))["verdict"].as_str().unwrap()
}

#[test]
fn a_database_that_is_not_there_is_a_problem_and_is_not_made() {
    let installation = Installation::new();
    let (code, report) = report(&installation);
    assert_eq!((code, verdict(&report, "database")), (Some(2), "problem"));
    assert!(!installation.path("vestibule.db").exists());
}

#[test]
fn what_is_missing_is_named_with_what_to_do() {
    let installation = Installation::new();
    installation.create_project();
    let (code, report) = report(&installation);
    assert_eq!(code, Some(1), "{report:#}");
    for check in [
        "server key file",
        "keys of organizations",
        "server key",
        "database schema",
        "clock",
        "administrators",
        "texts and mails",
        "webhook outbox",
    ] {
        assert_eq!(verdict(&report, check), "ok", "{report:#}");
    }
    for check in ["public URL", "SMS provider", "mail provider", "heads of the audit log"] {
        assert_eq!(verdict(&report, check), "warning", "{report:#}");
    }
    let printed = installation.run(&["doctor"]).out;
    assert!(printed.contains("WARNING  mail provider: none\n         -> configure [mail]"), "{printed}");
}

#[test]
fn a_backup_is_known_of_and_an_admin_token_that_ends_soon_is_named() {
    let installation = Installation::new();
    installation.create_project();
    assert_eq!(verdict(&report(&installation).1, "backup"), "warning");
    installation.run(&["backup", "--out", "one.backup"]).ok();
    let (_, now) = report(&installation);
    assert_eq!((verdict(&now, "backup"), verdict(&now, "admin tokens")), ("ok", "ok"), "{now:#}");
    installation.run(&["admin-token", "create", "--name", "ops", "--lasts", "3d"]).ok();
    assert_eq!(verdict(&report(&installation).1, "admin tokens"), "warning");
}

#[test]
fn a_key_that_others_may_read_is_a_problem() {
    let installation = Installation::new();
    installation.create_project();
    installation.permit("server.key", 0o644);
    let (code, report) = report(&installation);
    assert_eq!((code, verdict(&report, "server key file")), (Some(2), "problem"));
}

#[test]
fn a_configuration_that_cannot_be_read_is_the_only_finding() {
    let installation = Installation::new();
    installation.configure("lissten = 1\n");
    let (code, report) = report(&installation);
    assert_eq!((code, verdict(&report, "configuration")), (Some(2), "problem"));
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn health_tells_by_its_exit_code() {
    let installation = Installation::new();
    let (server, client) = installation.open().await;
    installation.run(&["health", "--url", &format!("{}/ready", client.url)]).ok();
    server.stop().await.ok();
    installation.run(&["health", "--url", &format!("{}/ready", client.url)]).refused();
}

#[tokio::test(flavor = "multi_thread")]
async fn providers_are_asked_whether_they_let_us_in() {
    let office = PostOffice::open().await;
    for (status, expected) in [(StatusCode::OK, "ok"), (StatusCode::UNAUTHORIZED, "problem")] {
        let gateway = Gateway::answering(status).await;
        let (_, report) = report(&with_twilio(&gateway, &office));
        assert_eq!(verdict(&report, "SMS provider answers"), expected, "{report:#}");
        assert_eq!(verdict(&report, "mail provider answers"), "ok", "{report:#}");
        assert!(gateway.calls().iter().all(|it| it.body.is_empty()), "nothing is sent");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_report_repeats_a_secret() {
    let office = PostOffice::open().await;
    for status in [StatusCode::OK, StatusCode::UNAUTHORIZED] {
        let gateway = Gateway::answering(status).await;
        for installation in [with_twilio(&gateway, &office), with_webhook(&gateway, &office)] {
            let secret = installation.create_project().secret;
            let key = fs::read_to_string(installation.path("server.key")).unwrap();
            let key = key.split_whitespace().last().unwrap();
            for words in [&["doctor"][..], &["doctor", "--json"]] {
                let told = installation.run(words);
                let bare = WEBHOOK_SECRET.trim_start_matches("whsec_");
                for hidden in [TWILIO_TOKEN, bare, secret.as_str(), key] {
                    assert!(!told.out.contains(hidden) && !told.err.contains(hidden), "{told:?}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_not_there_is_a_problem() {
    let gateway = Gateway::answering(StatusCode::OK).await;
    let mut office = PostOffice::open().await;
    office.port = 1;
    let (code, report) = report(&with_twilio(&gateway, &office));
    assert_eq!((code, verdict(&report, "mail provider answers")), (Some(2), "problem"));
}

/// What the server signs at its end is in the file then.
async fn with_heads() -> Installation {
    let installation = Installation::new();
    installation.add("audit.heads_file = \"heads.jsonl\"\n");
    let (server, _) = installation.open().await;
    server.stop().await.ok();
    installation
}

fn heads(installation: &Installation) -> (String, String) {
    let report = report(installation).1;
    let findings = report["findings"].as_array().unwrap();
    let found = findings.iter().find(|it| it["check"] == "heads of the audit log").unwrap();
    (found["verdict"].as_str().unwrap().to_owned(), found["found"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn heads_are_signed_and_kept_when_a_server_stops() {
    let installation = with_heads().await;
    assert!(fs::read_to_string(installation.path("heads.jsonl")).unwrap().contains("document"));
    let (verdict, found) = heads(&installation);
    assert!(verdict == "ok" && found.contains("up to document"), "{found}");
}

#[tokio::test]
async fn heads_of_a_database_that_was_put_back_are_a_problem() {
    let installation = with_heads().await;
    for file in ["vestibule.db", "vestibule.db-wal", "vestibule.db-shm"] {
        let _ = fs::remove_file(installation.path(file));
    }
    installation.create_project();
    let (verdict, found) = heads(&installation);
    assert!(verdict == "problem" && found.contains("rolled back or restored"), "{found}");
    let (server, _) = installation.serve().await;
    server.stop().await.ok(); // signs another document of the same number
    let (verdict, found) = heads(&installation);
    assert!(verdict == "problem" && found.contains("rolled back or restored"), "{found}");
}

#[test]
fn heads_that_cannot_be_kept_are_a_problem() {
    let installation = Installation::new();
    installation.create_project();
    installation.add("audit.heads_file = \"nowhere/heads.jsonl\"\n");
    let (verdict, found) = heads(&installation);
    assert!(verdict == "problem" && found.contains("audit.heads_file"), "{found}");
}

#[test]
fn heads_outside_the_database_and_an_export_that_keeps_up_are_well() {
    let installation = Installation::new();
    installation.add("audit.heads_file = \"heads.jsonl\"\naudit.export.destination = \"events.jsonl\"\n");
    installation.create_project();
    let (_, report) = report(&installation);
    assert_eq!(verdict(&report, "heads of the audit log"), "ok", "{report:#}");
    assert_eq!(verdict(&report, "export of the audit log"), "ok", "{report:#}");
}
