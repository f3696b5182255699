use crate::fixtures::{NOON, a_project, acme, digest, sealed};
use domain::{
    Timestamp,
    id::ProjectId,
    projects::{Project, ProjectSettings, SmsCountries},
};
use store::{
    Db,
    project_secrets::{self, ProjectSecret},
    projects,
    signing_keys::{self, SigningKey},
};

fn a_secret(project: &ProjectId, secret: &str) -> ProjectSecret {
    let (secret_digest, project_id) = (digest(secret), project.clone());
    ProjectSecret { secret_digest, project_id, created_at: NOON, last_four: String::new(), expires_at: None }
}

on_both_databases! {
    async fn a_secret_opens_its_own_project_only(db: Db) {
        let acme = acme(&db).await;
        let (own, other) = (&acme.project.project_id, a_project("other"));
        acme.writes(async |tx| projects::create(tx, &other).await).await.unwrap();
        acme.writes(async |tx| project_secrets::add(tx, &a_secret(own, "secret")).await).await.unwrap();
        let mut conn = db.read().await.unwrap();
        let opened = projects::authenticate(&mut conn, own, &digest("secret"), NOON).await.unwrap();
        assert_eq!(opened.as_ref(), Some(&*acme.project));
        assert_eq!(projects::authenticate(&mut conn, &other.project_id, &digest("secret"), NOON).await.unwrap(), None);
        assert_eq!(projects::authenticate(&mut conn, own, &digest("Secret"), NOON).await.unwrap(), None);
    }

    async fn two_secrets_open_a_project_so_that_one_can_follow_the_other(db: Db) {
        let acme = acme(&db).await;
        let project = &acme.project.project_id;
        for secret in ["old", "new"] {
            acme.writes(async |tx| project_secrets::add(tx, &a_secret(project, secret)).await).await.unwrap();
            let mut conn = db.read().await.unwrap();
            assert!(projects::authenticate(&mut conn, project, &digest("old"), NOON).await.unwrap().is_some());
        }
    }

    async fn projects_are_listed_oldest_first_and_saved_settings_read_back(db: Db) {
        let acme = acme(&db).await;
        let older = Project { created_at: Timestamp::from_milliseconds(1), ..a_project("older") };
        acme.writes(async |tx| projects::create(tx, &older).await).await.unwrap();
        assert!(!acme.writes(async |tx| projects::create(tx, &older).await).await.unwrap(), "once");
        let settings = ProjectSettings { sms_countries: SmsCountries::Everywhere, ..ProjectSettings::default() };
        acme.writes(async |tx| projects::save_settings(tx, &older.project_id, &settings).await).await.unwrap();
        let listed = projects::all(&mut db.read().await.unwrap()).await.unwrap();
        assert_eq!(listed, [Project { settings, ..older }, (*acme.project).clone()]);
    }

    async fn the_signing_key_whose_time_came_last_comes_first(db: Db) {
        let acme = acme(&db).await;
        let key = |id: &str, at| SigningKey {
            project_id: acme.project.project_id.clone(),
            key_id: id.to_owned(),
            sealed_private: sealed(id),
            modulus: "modulus".to_owned(),
            exponent: "AQAB".to_owned(),
            created_at: NOON,
            activates_at: Timestamp::from_milliseconds(at),
            retires_at: None,
        };
        for key in [key("old", 1), key("new", 3), key("middle", 2)] {
            assert!(acme.writes(async |tx| signing_keys::add(tx, &key).await).await.unwrap());
        }
        let keys = signing_keys::of_project(&mut db.read().await.unwrap(), &acme.project.project_id).await.unwrap();
        assert_eq!(keys.iter().map(|it| it.key_id.as_str()).collect::<Vec<_>>(), ["new", "middle", "old"]);
    }
}
