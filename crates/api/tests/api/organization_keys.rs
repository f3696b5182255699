//! Secrets of an organization are under its own key; erased, nobody reads them.

use domain::{audit::Action, id::ProjectId, sealing::Sealed};
use flows::{
    Error, backup,
    organization_keys::{Kept, OrganizationKeys},
    organizations::{
        erasure::{self, Certificate, SIGNED_AS},
        export::{self, Wanted},
    },
    projects::document::Administrator,
    secrets,
};
use store::{organization_keys::folder::Folder, resealing};
use testkit::{PROJECT_ID, Person, TestApp, Value, code_of, json, on_both_databases};

fn project() -> ProjectId {
    PROJECT_ID.parse().unwrap()
}

async fn log_in(app: &TestApp, who: &Person, secret: &str) -> u16 {
    let between = app.halfway(who).await;
    let evidence = json!({ "intermediate_session_token": between, "code": code_of(secret, app.now()) });
    app.complete(who, "totp", evidence).await.status.as_u16()
}

async fn erase(app: &TestApp, organization: &str, confirm: &str) -> Result<Certificate, Error> {
    let luck = (app.now(), &mut (app.api.entropy)());
    let wanted = (&project(), organization, confirm);
    erasure::erase(&app.api.app, wanted, Administrator::Operator, luck).await
}

async fn slug(app: &TestApp, organization: &str) -> String {
    let answer = app.get(&format!("/v1/b2b/organizations/{organization}")).await.ok();
    answer.body["organization"]["organization_slug"].as_str().unwrap().to_owned()
}

async fn exported(app: &TestApp, organization: &str, with_secrets: bool) -> String {
    let mut out = Vec::new();
    let wanted = Wanted { project: &project(), organization, with_secrets };
    let luck = (app.now(), &mut (app.api.entropy)());
    export::export(&app.api.app, wanted, &mut out, Administrator::Operator, luck).await.unwrap();
    String::from_utf8(out).unwrap()
}

on_both_databases! {
    async fn what_was_sealed_under_the_server_key_opens_and_moves(app: TestApp) {
        let who = app.ada().await;
        let secret = app.import_totp(&who).await;
        let codes = app.recovery_codes(&who).await;
        let node = &app.api.app;
        let totp = &resealing::totps(&mut node.db.read().await.unwrap(), ("", ""), 9).await.unwrap()[0];
        assert_eq!(totp.sealed_secret.server_version(), None);
        let place = ["totps", PROJECT_ID, &who.organization, &who.member, totp.totp_registration_id.as_str()];
        let bytes = domain::factors::totp::TotpSecret::parse(&secret).unwrap();
        let luck = &mut (app.api.entropy)();
        let old = Sealed::seal(&node.server_key, &place, bytes.expose_bytes(), luck).unwrap();
        let mut tx = node.db.write().await.unwrap();
        assert!(resealing::renew_totp(&mut tx, totp, &old).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(log_in(&app, &who, &secret).await, 200);
        secrets::renew(node, (app.now(), 2), luck, &mut |_| Ok(())).await.unwrap();
        let totp = &resealing::totps(&mut node.db.read().await.unwrap(), ("", ""), 9).await.unwrap()[0];
        assert_eq!(totp.sealed_secret.server_version(), None);
        app.advance(60);
        assert_eq!(log_in(&app, &who, &secret).await, 200);
        assert_eq!(app.recovery_codes(&who).await, codes);
    }

    async fn an_erased_organization_is_unreadable_in_old_backups_and_others_are_not(app: TestApp) {
        let (ada, other) = (app.ada().await, app.organization(json!({ "mfa_policy": "REQUIRED_FOR_ALL" })).await);
        let bob = app.person(&other, "bob@other.example").await;
        let (of_ada, of_bob) = (app.import_totp(&ada).await, app.import_totp(&bob).await);
        let file = app.backup().await;
        let slug = slug(&app, &ada.organization).await;
        assert!(erase(&app, &ada.organization, "another-slug").await.is_err());
        erase(&app, &ada.organization, &slug).await.unwrap();
        let keys = backup::carried(&app.api.app.db).await.unwrap();
        let restored = app.restored_without_keys(testkit::sqlite().await, &file, true).await;
        backup::put_back(&restored.api.app, keys).await.unwrap();
        app.advance(60);
        let between = restored.halfway(&ada).await;
        let evidence = json!({ "intermediate_session_token": between, "code": code_of(&of_ada, app.now()) });
        assert_ne!(restored.complete(&ada, "totp", evidence).await.status, 200, "never a login");
        assert_eq!(log_in(&restored, &bob, &of_bob).await, 200, "everything else is intact");
        let opened = secrets::open_all(&restored.api.app, app.now()).await.unwrap();
        assert!(opened.iter().any(|it| it.kind == secrets::Kind::AuthenticatorApps && it.keyless == 1));
        assert!(opened.iter().all(|it| it.closed == 0));
    }

    async fn nothing_of_an_erased_organization_is_left_but_the_record(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        app.change(&ada, json!({ "name": "Ada Lovelace" })).await.ok();
        let before = app.audit_log(&ada.organization).await.len();
        let slug = slug(&app, &ada.organization).await;
        let certificate = erase(&app, &ada.organization, &slug).await.unwrap();
        let document: Value = serde_json::from_str(&certificate.document).unwrap();
        assert_eq!(document["organization_id"], ada.organization);
        assert_eq!(document["rows"]["members"], 1);
        let signed = app.api.app.db.audit_key().unwrap().prover_after(0).sign(&format!("{SIGNED_AS}{}", certificate.document));
        assert_eq!(signed.text, certificate.signature);
        assert_eq!(app.get(&format!("/v1/b2b/organizations/{}", ada.organization)).await.status, 404);
        assert_eq!(app.audit_log(&ada.organization).await.len(), before, "the chain has no hole");
        let conn = &mut app.api.app.db.read().await.unwrap();
        let log = store::audit::of_the_project(conn, &project(), 100).await.unwrap();
        assert!(log.iter().any(|it| it.action == Action::OrganizationErased));
        let file = String::from_utf8(app.backup().await).unwrap();
        assert!(!file.contains("ada@acme.example") && !file.contains("Lovelace") && !file.contains("Acme"));
    }

    async fn an_export_holds_everything_and_secrets_only_where_asked(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let code = &app.recovery_codes(&ada).await[0];
        let between = app.halfway(&ada).await;
        let evidence = json!({ "intermediate_session_token": between, "code": code_of(&secret, app.now()) });
        let session = app.complete(&ada, "totp", evidence).await.ok().text("session_token");
        let stranger = app.organization(json!({})).await;
        app.person(&stranger, "eve@other.example").await;
        let (without, with) =
            (exported(&app, &ada.organization, false).await, exported(&app, &ada.organization, true).await);
        for table in ["organizations", "members", "totps", "passwords", "sessions", "audit_events"] {
            assert!(without.contains(&format!("{{\"table\":\"{table}\"")), "{table}");
        }
        for hidden in [secret.as_str(), code.as_str(), session.as_str(), "\"hash\"", "sealed_", "eve@other"] {
            assert!(!without.contains(hidden), "{hidden}");
        }
        assert!(with.contains(&secret) && with.contains(code.as_str()) && with.contains("\"hash\""));
        assert!(!with.contains(&session) && !with.contains("token_seed") && !with.contains("eve@other"));
    }

    async fn keys_in_a_folder_are_not_in_the_database(app: TestApp) {
        let folder = std::env::temp_dir().join(format!("vestibule-keys-{}-{}", std::process::id(), app.api.app.db.is_postgres()));
        let _ = std::fs::remove_dir_all(&folder);
        let keys = OrganizationKeys::kept(Kept::InFolder(Folder::at(folder.clone())));
        let (rng, now) = (&mut (app.api.entropy)(), app.now());
        let ada = app.ada().await;
        let organization = ada.organization.parse().unwrap();
        let whose = (&project(), &organization);
        keys.ensure(&app.api.app, whose, (now, rng)).await.unwrap();
        assert!(backup::carried(&app.api.app.db).await.unwrap().is_empty());
        let again = OrganizationKeys::kept(Kept::InFolder(Folder::at(folder.clone())));
        let conn = &mut app.api.app.db.read().await.unwrap();
        assert!(again.find(&app.api.app, conn, whose).await.unwrap().is_some());
        keys.destroy(&app.api.app, whose, now).await.unwrap();
        let after = OrganizationKeys::kept(Kept::InFolder(Folder::at(folder.clone())));
        assert!(after.find(&app.api.app, conn, whose).await.unwrap().is_none());
        assert!(after.ensure(&app.api.app, whose, (now, rng)).await.is_err(), "it does not come back");
        std::fs::remove_dir_all(folder).unwrap();
    }

    async fn a_server_that_was_restored_takes_an_authenticator_from_before(app: TestApp) {
        let (ada, other) = (app.ada().await, app.organization(json!({})).await);
        let secret = app.import_totp(&ada).await;
        app.import_totp(&app.person(&other, "bob@other.example").await).await;
        let (file, mut keys) = (app.backup().await, Vec::new());
        backup::write_keys(&app.api.app, &mut keys, (app.now(), "test")).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::InFolder(Folder::at(folder.path().join("organization-keys")));
        let restored = app.restored_without_keys(testkit::sqlite().await, &file, true).await.keeping_keys(kept.clone());
        let db = &restored.api.app.db;
        assert_eq!(kept.lacking(db).await.unwrap().len(), 2);
        assert_eq!(backup::load_keys(&restored.api.app, keys.as_slice()).await.unwrap(), 2);
        assert!(backup::carried(db).await.unwrap().is_empty(), "nothing looks into the table");
        assert_eq!(kept.lacking(db).await.unwrap(), []);
        assert_eq!(backup::load_keys(&restored.api.app, keys.as_slice()).await.unwrap(), 0, "there already");
        app.advance(60);
        assert_eq!(log_in(&restored, &ada, &secret).await, 200);
        let mut again = Vec::new();
        assert_eq!(backup::write_keys(&restored.api.app, &mut again, (app.now(), "test")).await.unwrap(), 2);
    }

    async fn an_erasure_that_a_file_of_keys_tells_of_holds_in_a_folder_too(app: TestApp) {
        let ada = app.ada().await;
        app.import_totp(&ada).await;
        let living = backup::carried(&app.api.app.db).await.unwrap();
        let slug = slug(&app, &ada.organization).await;
        erase(&app, &ada.organization, &slug).await.unwrap();
        let destroyed = backup::carried(&app.api.app.db).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::InFolder(Folder::at(folder.path().to_owned()));
        let node = app.keeping_keys(kept.clone());
        for keys in [&living, &destroyed, &living] {
            backup::put_back(&node.api.app, keys.clone()).await.unwrap();
        }
        assert!(kept.all(&node.api.app.db).await.unwrap()[0].sealed_key.is_none());
    }

    async fn keys_are_backed_up_by_themselves(app: TestApp) {
        let ada = app.ada().await;
        let secret = app.import_totp(&ada).await;
        let (file, mut keys) = (app.backup().await, Vec::new());
        assert!(!String::from_utf8(file.clone()).unwrap().contains("organization_keys"));
        backup::write_keys(&app.api.app, &mut keys, (app.now(), "test")).await.unwrap();
        let restored = app.restored_without_keys(testkit::sqlite().await, &file, true).await;
        assert_eq!(backup::load_keys(&restored.api.app, keys.as_slice()).await.unwrap(), 1);
        app.advance(60);
        assert_eq!(log_in(&restored, &ada, &secret).await, 200);
        assert!(backup::load_keys(&restored.api.app, file.as_slice()).await.is_err());
    }
}
