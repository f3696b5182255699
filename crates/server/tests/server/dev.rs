//! `dev`: what it prints, keeps, and refuses.

use crate::{
    databases::{is_untouched, make_foreign},
    installation::Installation,
    process::{run, vestibule},
    server::Dev,
};
use serde_json::{Value, json};
use std::{fs, net::TcpListener, path::Path, process::Command};
use tempfile::TempDir;

const PROJECT_ID: &str = "project-test-11111111-1111-4111-8111-111111111111";
const SECRET: &str = "secret-test-vestibule-development-only";
const PUBLIC_TOKEN: &str = "public-token-test-11111111-1111-4111-8111-111111111111";

#[tokio::test]
async fn the_printed_commands_log_in_with_a_second_factor() {
    log_in_as_printed(&[]).await;
}

#[tokio::test]
async fn the_printed_commands_log_in_on_postgres() {
    let Some(database) = testpg::fresh_database().await else { return };
    log_in_as_printed(&["--database", &database.url()]).await;
}

async fn log_in_as_printed(more: &[&str]) {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path(), more).await;
    let printed = dev.server.out();
    let commands = &printed[printed.find("# 1.").unwrap()..];
    // Twice: who copies them copies them again.
    for _ in 0..2 {
        let answers = run(Command::new("bash").args(["-euo", "pipefail", "-c", commands])).ok();
        let last: Value = serde_json::from_str(answers.lines().last().unwrap()).unwrap();
        let session = dev.client.session(last["session_token"].as_str().unwrap()).await.ok();
        assert_eq!(session["member"]["member_id"], dev.of("ADMIN_MEMBER_ID"));
        let factors = session["member_session"]["authentication_factors"].as_array().unwrap();
        let kinds: Vec<&str> = factors.iter().filter_map(|it| it["type"].as_str()).collect();
        assert_eq!(kinds, ["password", "otp"]);
    }
    assert!(!dev.server.err().contains("ERROR"), "{}", dev.server.err());
}

#[tokio::test]
async fn the_credentials_are_the_documented_ones_and_hold() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path(), &[]).await;
    let names: Vec<&str> = dev.variables.keys().map(|it| it.strip_prefix("VESTIBULE_").unwrap()).collect();
    assert_eq!(
        names,
        [
            "ADMIN_EMAIL",
            "ADMIN_MEMBER_ID",
            "ADMIN_PASSWORD",
            "ORGANIZATION_ID",
            "PROJECT_ID",
            "PUBLIC_TOKEN",
            "SECRET",
            "URL"
        ]
    );
    assert_eq!(
        (dev.of("PROJECT_ID"), dev.of("SECRET"), dev.of("PUBLIC_TOKEN")),
        (PROJECT_ID, SECRET, PUBLIC_TOKEN)
    );
    for told in dev.variables.values() {
        assert!(dev.server.out().contains(told), "{told} is not printed");
    }
    assert_eq!(dev.client.get("/v1/debug/whoami").await.ok()["project_id"], PROJECT_ID);
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap();
    for documented in [PROJECT_ID, SECRET, dev.of("ADMIN_EMAIL"), dev.of("ADMIN_PASSWORD")] {
        assert!(readme.contains(documented), "{documented}");
    }
}

#[tokio::test]
async fn acme_needs_a_second_factor_which_the_admin_has_and_the_member_has_not() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path(), &[]).await;
    let path = format!("/v1/b2b/organizations/{}", dev.of("ORGANIZATION_ID"));
    let acme = &dev.client.get(&path).await.ok()["organization"];
    assert_eq!(
        (&acme["organization_name"], &acme["mfa_policy"]),
        (&json!("Acme"), &json!("REQUIRED_FOR_ALL"))
    );
    let member = async |email: &str| {
        let found = dev.client.get(&format!("{path}/member?email_address={email}")).await.ok();
        found["member"].clone()
    };
    let admin = member(dev.of("ADMIN_EMAIL")).await;
    assert_eq!(admin["member_id"], dev.of("ADMIN_MEMBER_ID"));
    assert_eq!((&admin["is_admin"], &admin["mfa_phone_number_verified"]), (&json!(true), &json!(true)));
    let other = member("member@acme.example").await;
    assert_eq!((&other["mfa_phone_number"], &other["totp_registration_id"]), (&json!(""), &json!("")));
}

#[tokio::test]
async fn a_second_start_keeps_the_data_and_reset_starts_afresh() {
    keep_and_reset(&[]).await;
}

#[tokio::test]
async fn a_second_start_keeps_the_data_and_reset_starts_afresh_on_postgres() {
    let Some(database) = testpg::fresh_database().await else { return };
    keep_and_reset(&["--database", &database.url()]).await;
}

async fn keep_and_reset(more: &[&str]) {
    let folder = TempDir::new().unwrap();
    let kept = json!({ "organization_name": "Kept", "organization_slug": "kept" });
    let first = Dev::start(folder.path(), more).await;
    first.client.post("/v1/b2b/organizations", kept).await.ok();
    let acme = first.of("ORGANIZATION_ID").to_owned();
    first.server.stop().await.ok();

    let second = Dev::start(folder.path(), more).await;
    assert_eq!(second.of("ORGANIZATION_ID"), acme);
    second.client.get("/v1/b2b/organizations/kept").await.ok();
    second.client.post("/dev/clock", json!({ "advance": "1h" })).await.ok();
    second.server.stop().await.ok();

    let third = Dev::start(folder.path(), &[more, &["--reset"]].concat()).await;
    assert_ne!(third.of("ORGANIZATION_ID"), acme);
    let gone = third.client.get("/v1/b2b/organizations/kept").await;
    assert_eq!(gone.refusal(), (404, "organization_not_found"));
    assert_eq!(third.client.get("/dev/clock").await.ok()["offset_seconds"], 0);
}

#[test]
fn dev_listens_on_loopback_only() {
    let folder = TempDir::new().unwrap();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::ffff:127.0.0.1]:0"] {
        let complaint = run(&mut vestibule(folder.path(), &["dev", "--listen", address])).refused();
        assert!(complaint.contains("loopback"), "{complaint}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
}

#[test]
fn a_taken_port_is_named_and_an_old_environment_file_is_gone() {
    let (folder, taken) = (TempDir::new().unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
    let (address, env_file) = (taken.local_addr().unwrap().to_string(), folder.path().join("env"));
    fs::write(&env_file, "VESTIBULE_URL=http://127.0.0.1:1\n").unwrap();
    let mut dev = vestibule(folder.path(), &["dev", "--listen", &address, "--env-file", "env"]);
    let complaint = run(&mut dev).refused();
    assert!(complaint.contains(&address) && complaint.lines().count() == 1, "{complaint}");
    assert!(!env_file.exists());
}

#[tokio::test]
async fn dev_refuses_a_database_of_somebody_else() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("foreign.db").display().to_string();
    refuses_foreign(folder.path(), &file).await;
    if let Some(database) = testpg::fresh_database().await {
        refuses_foreign(folder.path(), &database.url()).await;
    }
}

async fn refuses_foreign(folder: &Path, url: &str) {
    make_foreign(url).await;
    for more in [&[][..], &["--reset"]] {
        let words = [&["dev", "--listen", "127.0.0.1:0", "--database", url], more].concat();
        let complaint = run(&mut vestibule(folder, &words)).refused();
        assert!(complaint.contains("not Vestibule's"), "{complaint}");
        assert!(is_untouched(url).await, "{words:?}");
    }
}

#[tokio::test]
async fn dev_refuses_a_database_in_real_use() {
    refuses_real(&Installation::new(), "vestibule.db");
    if let Some(database) = testpg::fresh_database().await {
        refuses_real(&Installation::on(&database.url()), &database.url());
    }
}

fn refuses_real(installation: &Installation, url: &str) {
    let project = installation.create_project().project_id;
    for more in [&[][..], &["--reset"]] {
        let words = [&["dev", "--listen", "127.0.0.1:0", "--database", url], more].concat();
        let complaint = run(&mut vestibule(installation.folder(), &words)).refused();
        assert!(complaint.contains("real use"), "{complaint}");
        assert!(installation.run(&["project", "show"]).ok().contains(&project), "it was touched");
    }
}

#[tokio::test]
async fn a_key_of_other_data_is_refused_with_advice_that_helps() {
    let folder = TempDir::new().unwrap();
    Dev::start(folder.path(), &[]).await.server.stop().await.ok();
    fs::remove_file(folder.path().join("data/server.key")).unwrap();
    let words = ["dev", "--listen", "127.0.0.1:0", "--data", "data"];
    let complaint = run(&mut vestibule(folder.path(), &words)).refused();
    assert!(complaint.contains("server key") && complaint.contains("--reset"), "{complaint}");
    Dev::start(folder.path(), &["--reset"]).await;
}

#[tokio::test]
async fn a_second_dev_on_the_same_data_is_refused() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::start(folder.path(), &[]).await;
    for more in [&[][..], &["--reset"]] {
        let words = [&["dev", "--listen", "127.0.0.1:0", "--data", "data"], more].concat();
        let complaint = run(&mut vestibule(folder.path(), &words)).refused();
        assert!(complaint.contains("another process"), "{complaint}");
    }
    dev.client.get("/v1/b2b/organizations/acme").await.ok();
}
