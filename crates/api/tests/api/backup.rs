//! What a backup holds, and what does not come back with it.

use domain::{audit::Action, server_key::ServerKey};
use flows::backup;
use serde_json::from_slice;
use std::collections::BTreeMap;
use store::restoring;
use testkit::{Person, TestApp, Value, code_of, json, on_both_databases};

/// Everybody with everything that can be used once, at the time of the backup.
struct Ada {
    who: Person,
    secret: String,
    codes: Vec<String>,
    session: Value,
    jwt: Value,
    link: String,
}

async fn ada(app: &TestApp) -> Ada {
    let who = app.ada().await;
    let secret = app.import_totp(&who).await;
    let codes = app.recovery_codes(&who).await;
    let between = app.halfway(&who).await;
    let evidence = json!({ "intermediate_session_token": between, "code": code_of(&secret, app.now()) });
    let session = app.complete(&who, "totp", evidence).await.ok().body;
    let link = app.mail_link(&who.organization, &who.email, json!({})).await;
    let (session, jwt) = (session["session_token"].clone(), session["session_jwt"].clone());
    Ada { who, secret, codes, session, jwt, link }
}

/// The lines of a backup's tables, without those that name moments and seals.
fn rows(file: &[u8]) -> BTreeMap<String, Vec<Value>> {
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let mut table = String::new();
    for line in file.split(|it| *it == b'\n').skip(1).filter(|it| !it.is_empty()) {
        let line: Value = from_slice(line).unwrap();
        if let Some(name) = line["table"].as_str() {
            name.clone_into(&mut table);
        } else if line.is_array() {
            found.entry(table.clone()).or_default().push(line);
        }
    }
    for rows in found.values_mut() {
        rows.sort_by_key(Value::to_string); // the databases sort texts each in their way
    }
    found
}

async fn there_and_back(app: &TestApp, other: testkit::Setup, own: testkit::Setup) {
    ada(app).await;
    let first = app.backup().await;
    let there = put(app, other, &first).await;
    let second = write(app, &there).await;
    assert_eq!(rows(&second), rows(&first));
    let back = put(app, own, &second).await;
    assert_eq!(rows(&write(app, &back).await), rows(&first));
    assert!(rows(&first).values().map(Vec::len).sum::<usize>() > 20);
}

async fn put(app: &TestApp, setup: testkit::Setup, file: &[u8]) -> testkit::Setup {
    setup.db().drop_everything().await.unwrap();
    backup::load(setup.db(), &app.api.app.server_key, file).await.unwrap();
    setup
}

async fn write(app: &TestApp, setup: &testkit::Setup) -> Vec<u8> {
    let mut out = Vec::new();
    backup::write(setup.db(), &app.api.app.server_key, &mut out, (app.now(), "test")).await.unwrap();
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_goes_from_sqlite_to_postgres_and_back() {
    let (Some(other), Some(_)) = (testkit::postgres().await, testkit::postgres().await) else { return };
    let app = TestApp::on(testkit::sqlite().await).await;
    there_and_back(&app, other, testkit::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_goes_from_postgres_to_sqlite_and_back() {
    let (Some(own), Some(back)) = (testkit::postgres().await, testkit::postgres().await) else { return };
    let app = TestApp::on(own).await;
    there_and_back(&app, testkit::sqlite().await, back).await;
}

on_both_databases! {
    async fn nothing_that_works_once_comes_back(app: TestApp) {
        let ada = ada(&app).await;
        let file = app.backup().await;
        let restored = app.restored(testkit::sqlite().await, &file, false).await;
        assert_eq!(restored.check(ada.session.as_str().unwrap()).await.refusal(), (404, "session_not_found"));
        let jwt = restored.post("/v1/b2b/sessions/authenticate", json!({ "session_jwt": ada.jwt })).await;
        assert_eq!(jwt.refusal().0, 404);
        assert_eq!(restored.spend_link(&ada.link, json!({})).await.refusal().0, 404);
        let between = restored.halfway(&ada.who).await;
        for skew in [-30, 0, 30] {
            let moment = domain::Timestamp::from_milliseconds(app.now().milliseconds() + skew * 1000);
            let evidence = json!({ "intermediate_session_token": between, "code": code_of(&ada.secret, moment) });
            assert_ne!(restored.complete(&ada.who, "totp", evidence).await.status, 200, "{skew}");
        }
        let evidence = json!({ "intermediate_session_token": between, "recovery_code": ada.codes[0] });
        assert_ne!(restored.complete(&ada.who, "recovery_codes", evidence).await.status, 200);
        app.advance(60);
        let between = restored.halfway(&ada.who).await;
        let evidence = json!({ "intermediate_session_token": between, "code": code_of(&ada.secret, app.now()) });
        restored.complete(&ada.who, "totp", evidence).await.ok();
    }

    async fn a_text_code_from_before_is_refused(app: TestApp) {
        let who = app.ada().await;
        let between = app.halfway(&who).await;
        let number = "+12025550143";
        app.send_sms(&who, json!({ "intermediate_session_token": between, "mfa_phone_number": number })).await.ok();
        let code = app.last_code(number).await;
        let restored = app.restored(testkit::sqlite().await, &app.backup().await, false).await;
        let again = restored.halfway(&who).await;
        let evidence = json!({ "intermediate_session_token": again, "code": code });
        assert_ne!(restored.complete(&who, "otps/sms", evidence).await.status, 200);
    }

    async fn recovery_codes_come_back_where_the_operator_says_so(app: TestApp) {
        let ada = ada(&app).await;
        let restored = app.restored(testkit::sqlite().await, &app.backup().await, true).await;
        assert_eq!(restored.recovery_codes(&ada.who).await, ada.codes);
    }

    async fn a_restore_that_breaks_off_is_marked_until_it_ends(app: TestApp) {
        ada(&app).await;
        let file = app.backup().await;
        let (db, key) = (&app.api.app.db, &app.api.app.server_key);
        db.drop_everything().await.unwrap();
        assert!(backup::load(db, key, &file[..file.len() / 2]).await.is_err());
        assert!(restoring::is_under_way(db).await.unwrap());
        assert!(backup::load(db, key, file.as_slice()).await.unwrap_err().to_string().contains("empty"));
        backup::make_room(db).await.unwrap();
        backup::load(db, key, file.as_slice()).await.unwrap();
        assert!(restoring::is_under_way(db).await.unwrap(), "what works once is not void yet");
        backup::finish(db).await.unwrap();
        assert!(!restoring::is_under_way(db).await.unwrap());
    }

    async fn a_restore_is_on_the_record(app: TestApp) {
        let restored = app.restored(testkit::sqlite().await, &app.backup().await, false).await;
        let conn = &mut restored.api.app.db.read().await.unwrap();
        let project = testkit::PROJECT_ID.parse().unwrap();
        let log = store::audit::of_the_project(conn, &project, 100).await.unwrap();
        assert!(log.iter().any(|it| it.action == Action::DatabaseRestored));
    }

    async fn a_backup_under_load_is_of_one_moment(app: TestApp) {
        let organization = app.organization(json!({})).await;
        let writing = tokio::spawn({
            let (app, organization) = (app.clone(), organization.clone());
            async move {
                for n in 0..60 {
                    app.newcomer(&organization, &format!("m{n}@acme.example"), json!({})).await;
                }
            }
        });
        let mut seen = Vec::new();
        while !writing.is_finished() {
            let rows = rows(&app.backup().await);
            let of = |table: &str| rows.get(table).map_or(0, Vec::len);
            assert_eq!(of("members"), of("email_claims"), "a member and their address are one transaction");
            seen.push(of("members"));
        }
        writing.await.unwrap();
        assert!(seen.iter().any(|it| (1..60).contains(it)), "no backup fell between: {seen:?}");
    }

    async fn a_backup_opens_with_its_own_server_key_only(app: TestApp) {
        let file = app.backup().await;
        let other = ServerKey::parse(&ServerKey::generate(&mut (app.api.entropy)())).unwrap();
        let refused = backup::check(&other, file.as_slice()).unwrap_err().to_string();
        assert!(refused.contains("another key file"), "{refused}");
    }
}
