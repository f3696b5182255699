//! What the operator does at the command line, and what it does to a running server.

use crate::{
    client::{Answer, Client},
    databases::{is_untouched, make_foreign},
    gateway::Gateway,
    installation::{Installation, value},
    login::{Ada, PASSWORD, with_webhook},
    post_office::PostOffice,
    process::{run, vestibule},
    server::Dev,
};
use axum::http::StatusCode;
use serde_json::json;
use std::fs;
use tempfile::TempDir;

const NOBODY: &str = "project-test-00000000-0000-4000-8000-000000000000";

#[test]
fn a_project_need_not_be_named_where_there_is_only_one() {
    let installation = Installation::new();
    assert!(installation.run(&["keys", "list"]).refused().contains("project create"));
    installation.create_project();
    installation.run(&["keys", "list"]).ok();
    let complaint = installation.run(&["trace", "+41446681800"]).refused();
    assert!(complaint.contains("nothing was sent"), "{complaint}");
    installation.create_project();
    let complaint = installation.run(&["trace", "+41446681800"]).refused();
    assert!(complaint.contains("--project") && complaint.contains("2 there are"), "{complaint}");
}

#[test]
fn migrate_makes_the_schema_and_is_harmless_again() {
    let installation = Installation::new();
    for _ in 0..2 {
        assert!(installation.run(&["migrate"]).ok().contains("up to date"));
    }
    assert!(installation.path("vestibule.db").exists());
}

#[tokio::test]
async fn migrate_refuses_a_database_of_somebody_else() {
    let installation = Installation::new();
    let file = installation.path("vestibule.db").display().to_string();
    make_foreign(&file).await;
    assert!(installation.run(&["migrate"]).refused().contains("not Vestibule's"));
    assert!(is_untouched(&file).await);
}

#[test]
fn a_project_is_told_its_secret_once_and_only_its_digest_is_kept() {
    let installation = Installation::new();
    let printed = installation.run(&["project", "create", "--name", "Acme App", "--env", "live"]).ok();
    let of = |name: &str| value(&printed, name);
    assert!(of("project_id").starts_with("project-live-"), "{printed}");
    assert!(of("public_token").starts_with("public-token-live-"), "{printed}");
    assert!(of("secret").starts_with("secret-live-") && of("secret").len() >= 50, "{printed}");
    let shown = installation.run(&["project", "show", &of("project_id")]).ok();
    assert_eq!(
        (value(&shown, "name"), value(&shown, "public_token")),
        ("Acme App".to_owned(), of("public_token"))
    );
    assert!(!shown.contains(&of("secret")));
    for file in fs::read_dir(installation.folder()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains(&of("secret")));
    }
    let all = installation.run(&["project", "show"]).ok();
    assert!(all.contains(&of("project_id")) && all.contains("Acme App") && all.lines().count() == 1, "{all}");
}

#[test]
fn every_setting_can_be_changed_and_shown() {
    let installation = Installation::new();
    let project = installation.create_project().project_id;
    let settings = [
        ("redirect_urls.login", "https://app.acme.com/a,http://localhost:3000/b"),
        ("redirect_urls.signup", "https://app.acme.com/signup"),
        ("sms.countries", "CH,US"),
        ("password.policy", "luds"),
        ("password.luds.minimum_length", "12"),
        ("password.luds.minimum_complexity", "4"),
        ("lock.threshold", "3"),
        ("lock.minutes", "10"),
        ("recovery_codes.readable", "false"),
        ("sessions.longest_minutes", "600"),
        ("sessions.limit_per_member", "7"),
        ("sessions.migration_userinfo_url", "https://old.acme.com/userinfo"),
        ("impersonation.allowed", "false"),
        ("impersonation.notice", "false"),
    ];
    let mut set = installation.command(&["project", "set", &project]);
    run(set.args(settings.map(|(key, value)| format!("{key}={value}")))).ok();
    let shown = installation.run(&["project", "show", &project]).ok();
    for (key, expected) in settings {
        assert_eq!(value(&shown, key), expected);
    }
}

#[test]
fn a_setting_that_cannot_be_changes_nothing_and_is_named() {
    let installation = Installation::new();
    let project = installation.create_project().project_id;
    let before = installation.run(&["project", "show", &project]).ok();
    for (wrong, named) in [
        ("lock.threshold=0", "lock.threshold"),
        ("lock.minutes=soon", "lock.minutes"),
        ("lock.treshold=3", "lock.threshold"),
        ("sms.countries=USA", "sms.countries"),
        ("password.policy=strong", "zxcvbn or luds"),
        ("redirect_urls.login=javascript:alert(1)", "redirect_urls.login"),
        ("recovery_codes.readable", "KEY=VALUE"),
    ] {
        let complaint = installation.run(&["project", "set", &project, "lock.minutes=99", wrong]).refused();
        assert!(complaint.contains(named), "{complaint}");
    }
    assert_eq!(installation.run(&["project", "show", &project]).ok(), before);
}

#[test]
fn whoever_does_not_exist_is_said_not_to() {
    let installation = Installation::new();
    let project = installation.create_project().project_id;
    for words in [
        &["project", "show", NOBODY][..],
        &["project", "set", NOBODY, "lock.minutes=10"],
        &["project", "show", "acme"],
        &["member", "unlock", "--project", NOBODY, "--organization", "acme", "--member", "ada@acme.example"],
        &[
            "member",
            "unlock",
            "--project",
            &project,
            "--organization",
            "acme",
            "--member",
            "ada@acme.example",
        ],
    ] {
        installation.run(words).refused();
    }
}

#[tokio::test]
async fn a_member_is_locked_by_a_setting_and_unlocked_by_hand_while_the_server_runs() {
    let (gateway, office) = (Gateway::answering(StatusCode::OK).await, PostOffice::open().await);
    let installation = with_webhook(&gateway, &office);
    let (_server, client) = installation.open().await;
    let (ada, project) = (Ada::of(&client).await, client.project_id());
    installation.run(&["project", "set", &project, "lock.threshold=1"]).ok();
    ada.give_password("wrong").await;
    assert_eq!(ada.give_password(PASSWORD).await.refusal(), (429, "user_lock_limit_reached"));
    let unlock = ["member", "unlock", "--project", &project, "--organization", "acme", "--member"];
    installation.run(&[&unlock[..], &["nobody@acme.example"]].concat()).refused();
    installation.run(&[&unlock[..], &["ada@acme.example"]].concat()).ok();
    ada.give_password(PASSWORD).await.ok();
}

#[tokio::test]
async fn the_operator_can_work_on_postgres() {
    let Some(database) = testpg::fresh_database().await else { return };
    let installation = Installation::on(&database.url());
    installation.run(&["migrate"]).ok();
    let project = installation.create_project().project_id;
    installation.run(&["project", "set", &project, "lock.minutes=10"]).ok();
    assert_eq!(value(&installation.run(&["project", "show", &project]).ok(), "lock.minutes"), "10");
}

#[tokio::test]
async fn a_project_knows_its_own_secret_only() {
    let installation = Installation::new();
    let (server, client) = installation.open().await;
    assert_eq!(client.get("/v1/debug/whoami").await.ok()["name"], "Test");
    let other = installation.create_project();
    let mut mixed = other.clone();
    mixed.project_id = client.project_id();
    let answer = Client::new(&client.url, &mixed).get("/v1/debug/whoami").await;
    assert_eq!(answer.refusal(), (401, "unauthorized_credentials"));
    Client::new(&client.url, &other).get("/v1/debug/whoami").await.ok();
    server.stop().await.ok();
}

#[tokio::test]
async fn no_command_for_real_use_touches_development_data() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path(), &[]).await;
    let before = Answer::to(dev.client.request("GET", "/v1/b2b/organizations/acme")).await.ok();
    dev.server.stop().await.ok();
    let config =
        "listen = \"127.0.0.1:0\"\ndatabase = \"data/vestibule.db\"\nserver_key_file = \"data/server.key\"\n";
    fs::write(folder.path().join("vestibule.toml"), config).unwrap();
    for words in [
        &["serve"][..],
        &["migrate"],
        &["project", "create", "--name", "A", "--env", "live"],
        &["project", "show"],
    ] {
        let complaint = run(&mut vestibule(folder.path(), words)).refused();
        assert!(complaint.contains("development database"), "{complaint}");
    }
    let dev = Dev::start(folder.path(), &[]).await;
    let after = dev.client.get("/v1/b2b/organizations/acme").await.ok();
    assert_eq!(before["organization"], after["organization"]);
    let body = json!({ "organization_id": "acme", "member_id": dev.of("ADMIN_MEMBER_ID") });
    assert_ne!(dev.client.post("/v1/b2b/otps/sms/send", body).await.status, 500);
}
