//! What was used, ended or erased after a backup stays so when it is put back.

use domain::{audit::Action, sealing::Sealed};
use serde_json::from_slice;
use store::{
    resealing::SEALED_COLUMNS,
    tables::{InBackup, OnErasure, TABLES, in_backup, is_in_backup},
};
use testkit::{NEW_PASSWORD, PROJECT_ID, TestApp, Value, code_of, json, on_both_databases};

/// A call that works once.
struct Once {
    name: &'static str,
    path: &'static str,
    body: Value,
}

fn once(name: &'static str, path: &'static str, body: Value) -> Once {
    Once { name, path, body }
}

/// Everything of a kind that works once, each somebody else's.
async fn everything_once(app: &TestApp) -> Vec<Once> {
    app.share_passwords(true).await;
    let open = app.organization(json!({})).await;
    let mut all = links(app, &open).await;
    all.extend(codes(app, &open).await);
    let acted = app.newcomer(&open, "acted@acme.example", json!({})).await;
    app.link_login(&acted).await.ok();
    let token = app.mint_impersonation(&acted).await;
    let body = json!({ "impersonation_token": token });
    all.push(once("impersonation", "/v1/b2b/impersonation/authenticate", body));
    let halfway = app.mail_discovery_code("half@acme.example").await;
    let between = app.spend_discovery_code("half@acme.example", &halfway).await.ok();
    let body = json!({ "intermediate_session_token": between["intermediate_session_token"] });
    all.push(once("intermediate session", "/v1/b2b/discovery/organizations", body));
    let session = app.link_login(&acted).await.ok().text("session_token");
    all.push(once("session", "/v1/b2b/sessions/authenticate", json!({ "session_token": session })));
    all
}

async fn links(app: &TestApp, open: &str) -> Vec<Once> {
    const SPEND: &str = "/v1/b2b/magic_links/authenticate";
    let body = |email: &str| json!({ "organization_id": open, "email_address": email });
    app.person(open, "link@acme.example").await;
    let link = app.mail_link(open, "link@acme.example", json!({})).await;
    let invite = "/v1/b2b/magic_links/email/invite";
    let invited = app.next_link("new@acme.example", invite, body("new@acme.example")).await;
    let moving = app.verified(open, "old@acme.example").await;
    let to = json!({ "email_address": "moved@acme.example" });
    let moved =
        app.next_link("moved@acme.example", &format!("{}/start_email_update", moving.path()), to).await;
    let discovery = "/v1/b2b/magic_links/email/discovery/send";
    let found = json!({ "email_address": "found@acme.example" });
    let found = app.next_link("found@acme.example", discovery, found).await;
    app.person(open, "reset@acme.example").await;
    let reset = app.mail_reset(open, "reset@acme.example", json!({})).await;
    app.person(open, "shared@acme.example").await;
    let shared = "/v1/b2b/passwords/discovery/email/reset/start";
    let shared =
        app.next_link("shared@acme.example", shared, json!({ "email_address": "shared@acme.example" })).await;
    let password = |token: &str| json!({ "password_reset_token": token, "password": NEW_PASSWORD });
    vec![
        once("magic link", SPEND, json!({ "magic_links_token": link })),
        once("invitation", SPEND, json!({ "magic_links_token": invited })),
        once("change of address", SPEND, json!({ "magic_links_token": moved })),
        once(
            "discovery link",
            "/v1/b2b/magic_links/discovery/authenticate",
            json!({ "discovery_magic_links_token": found }),
        ),
        once("password reset", "/v1/b2b/passwords/email/reset", password(&reset)),
        once("shared password reset", "/v1/b2b/passwords/discovery/email/reset", password(&shared)),
    ]
}

async fn codes(app: &TestApp, open: &str) -> Vec<Once> {
    const NUMBER: &str = "+12025550143";
    app.person(open, "code@acme.example").await;
    let mailed = app.mail_code(open, "code@acme.example", json!({})).await;
    let mailed = json!({ "organization_id": open, "email_address": "code@acme.example", "code": mailed });
    let discovered = app.mail_discovery_code("disc@acme.example").await;
    let discovered = json!({ "email_address": "disc@acme.example", "code": discovered });
    let strict = app.organization(json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await;
    let texted = app.person(&strict, "text@acme.example").await;
    let between = app.halfway(&texted).await;
    let number = json!({ "intermediate_session_token": between, "mfa_phone_number": NUMBER });
    app.send_sms(&texted, number).await.ok();
    let text = json!({ "organization_id": strict, "member_id": texted.member, "code": app.last_code(NUMBER).await,
                       "intermediate_session_token": between });
    vec![
        once("mail code", "/v1/b2b/otps/email/authenticate", mailed),
        once("discovery code", "/v1/b2b/otps/email/discovery/authenticate", discovered),
        once("text code", "/v1/b2b/otps/sms/authenticate", text),
    ]
}

/// Tables of what works once that hold nothing.
async fn empty_short_lived(app: &TestApp) -> Vec<String> {
    let snapshot = app.api.app.db.snapshot().await.unwrap();
    let shapes = snapshot.shapes(|it| in_backup(it) == Some(InBackup::TooShortLived)).await.unwrap();
    let mut empty = Vec::new();
    for shape in shapes {
        if snapshot.rows_after(&shape, None, 1).await.unwrap().is_empty() {
            empty.push(shape.name);
        }
    }
    empty
}

/// Each sealed value of a backup, with its table and column.
fn sealed(file: &[u8]) -> Vec<(String, String, Sealed)> {
    let (mut table, mut columns, mut found) = (String::new(), Vec::new(), Vec::new());
    for line in file.split(|it| *it == b'\n').skip(1).filter(|it| !it.is_empty()) {
        let line: Value = from_slice(line).unwrap();
        if let Some(name) = line["table"].as_str() {
            name.clone_into(&mut table);
            columns.clone_from(line["columns"].as_array().unwrap());
        }
        for (column, value) in columns.iter().zip(line.as_array().into_iter().flatten()) {
            let column = column.as_str().unwrap();
            if let (true, Some(text)) = (column.starts_with("sealed_"), value.as_str()) {
                found.push((table.clone(), column.to_owned(), text.parse().unwrap()));
            }
        }
    }
    found
}

fn is_an_organizations(table: &str) -> bool {
    TABLES.iter().any(|(name, _, rule)| *name == table && *rule != OnErasure::OfNone)
}

on_both_databases! {
    async fn whatever_works_once_and_was_used_since_is_void(app: TestApp) {
        let all = everything_once(&app).await;
        assert_eq!(empty_short_lived(&app).await, Vec::<String>::new(), "a kind that is not shown here");
        let file = app.backup().await;
        let restored = app.restored(testkit::sqlite().await, &file, false).await;
        assert_eq!(empty_short_lived(&restored).await.len(), 10);
        for Once { name, path, body } in all {
            let again = restored.post(path, body.clone()).await;
            assert!(again.status.is_client_error(), "{name}: {}", again.body);
            let first = app.post(path, body).await;
            assert_eq!(first.status, 200, "{name} works where it was made: {}", first.body);
        }
    }

    async fn an_authenticator_that_was_not_confirmed_begins_anew(app: TestApp) {
        let ada = app.ada().await;
        let between = app.between(&ada).await;
        let secret = app.create_totp(&ada, json!({ "intermediate_session_token": between })).await.ok().text("secret");
        let restored = app.restored(testkit::sqlite().await, &app.backup().await, false).await;
        app.advance(60);
        let between = restored.halfway(&ada).await;
        let evidence = json!({ "intermediate_session_token": between, "code": code_of(&secret, app.now()) });
        assert_ne!(restored.complete(&ada, "totp", evidence).await.status, 200);
    }

    async fn what_was_erased_after_the_backup_does_not_come_back(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let other = app.organization(json!({})).await;
        let bob = app.person(&other, "bob@other.example").await;
        let file = app.backup().await;
        crate::organization_data::erase(&app, &ada.organization).await;
        let restored = app.restored(testkit::sqlite().await, &file, false).await;
        let path = format!("/v1/b2b/organizations/{}", ada.organization);
        assert_eq!(restored.get(&path).await.status, 404);
        assert_ne!(restored.password_login(&ada).await.status, 200);
        let kept = String::from_utf8(restored.backup().await).unwrap();
        assert!(!kept.contains("ada@acme.example") && kept.contains("bob@other.example"));
        restored.password_login(&bob).await.ok();
        let conn = &mut restored.api.app.db.read().await.unwrap();
        let log = store::audit::of_the_project(conn, &PROJECT_ID.parse().unwrap(), 100).await.unwrap();
        let again = log.iter().find(|it| it.action == Action::OrganizationErased).unwrap();
        assert_eq!(again.details.0["after_restore"], json!(true));
    }

    async fn an_older_copy_of_the_keys_does_not_undo_an_erasure(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let node = &app.api.app;
        app.mark().await;
        flows::backup::write_keys(node, &mut before, (app.now(), "test")).await.unwrap();
        let file = app.backup().await;
        crate::organization_data::erase(&app, &ada.organization).await;
        flows::backup::write_keys(node, &mut after, (app.now(), "test")).await.unwrap();
        let restored = app.restored_without_keys(testkit::sqlite().await, &file, false).await;
        for keys in [&before, &after, &before] {
            flows::backup::load_keys(&restored.api.app, keys.as_slice()).await.unwrap();
        }
        let luck = (app.now(), &mut (app.api.entropy)());
        let erased = flows::organizations::erasure::again(&restored.api.app, luck).await.unwrap();
        assert_eq!(erased.len(), 1);
    }

    async fn what_is_sealed_of_an_organization_is_under_its_own_key(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        app.inbox.set_down(true);
        let login = json!({ "organization_id": ada.organization, "email_address": ada.email });
        app.post("/v1/b2b/magic_links/email/login_or_signup", login).await.ok();
        assert!(app.ledger().await.iter().any(|it| it.sealed_body.is_some()), "a mail waits, with its link");
        let found = sealed(&app.backup().await);
        for (table, column) in SEALED_COLUMNS.iter().filter(|(table, _)| is_an_organizations(table)) {
            let of_it = || found.iter().filter(|it| (it.0.as_str(), it.1.as_str()) == (*table, *column));
            assert_eq!(of_it().count() > 0, is_in_backup(table, column), "{table}.{column}");
            for (.., value) in of_it() {
                assert_eq!(value.server_version(), None, "{table}.{column}: an erasure would leave it readable");
            }
        }
    }
}
