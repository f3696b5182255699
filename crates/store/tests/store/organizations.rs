use crate::fixtures::{Acme, NOON, a_member, a_project, acme, an_organization, email, join, minutes_later};
use domain::{
    metadata::Metadata,
    organizations::{
        Organization,
        settings::{MfaPolicy, Settings},
    },
};
use serde_json::json;
use store::{Db, Tenant, email_claims, members, organizations, projects, sessions, tenant};

async fn create(acme: &Acme, it: &Organization) -> Option<Tenant> {
    acme.writes(async |tx| organizations::create(tx, it).await).await.unwrap()
}

async fn delete(acme: &Acme) -> bool {
    acme.writes(async |tx| organizations::delete(tx, &acme.tenant, NOON).await).await.unwrap()
}

fn claiming(domains: &[&str], organization: &Organization) -> Organization {
    let claimed_email_domains = domains.iter().map(|it| (*it).to_owned()).collect();
    let settings = Settings { claimed_email_domains, ..organization.settings.clone() };
    Organization { settings, ..organization.clone() }
}

async fn is_claimed_elsewhere(acme: &Acme, tenant: &Tenant, domain: &str) -> bool {
    let mut conn = acme.db.read().await.unwrap();
    organizations::domain_is_claimed_elsewhere(&mut conn, tenant, domain).await.unwrap()
}

on_both_databases! {
    async fn an_organization_is_read_as_it_was_saved(db: Db) {
        let acme = acme(&db).await;
        let changed = Organization {
            name: "Acme, Inc.".to_owned(),
            slug: "Acme-2".parse().unwrap(),
            external_id: Some("crm-1".parse().unwrap()),
            logo_url: "https://acme.example/logo.png".to_owned(),
            settings: Settings { mfa_policy: MfaPolicy::RequiredForAll, ..Settings::default() },
            trusted_metadata: Metadata::default().merged(json!({"plan": "pro"})).unwrap(),
            ..acme.tenant.organization().clone()
        };
        acme.writes(async |tx| organizations::save(tx, &acme.tenant, &changed).await).await.unwrap().unwrap();
        let mut conn = db.read().await.unwrap();
        let found = tenant::resolve(&mut conn, acme.tenant.project_id(), "ACME-2").await.unwrap().unwrap();
        assert_eq!(found.organization(), &changed);
    }

    async fn a_slug_is_taken_in_every_spelling(db: Db) {
        let acme = acme(&db).await;
        assert_eq!(create(&acme, &an_organization(&acme.project, "ACME")).await, None);
        let rival = Organization { slug: "Acme".parse().unwrap(), ..an_organization(&acme.project, "rival") };
        assert!(organizations::slug_is_taken(&mut db.read().await.unwrap(), &acme.project.project_id, &rival).await.unwrap());
    }

    async fn a_slug_and_an_external_id_are_free_again_after_a_deletion(db: Db) {
        let acme = acme(&db).await;
        let heir = Organization { slug: "acme".parse().unwrap(), ..an_organization(&acme.project, "heir") };
        assert_eq!(create(&acme, &heir).await, None);
        assert!(delete(&acme).await);
        assert!(!delete(&acme).await, "once");
        assert!(create(&acme, &heir).await.is_some());
    }

    async fn another_project_has_its_own_slugs(db: Db) {
        let acme = acme(&db).await;
        let other = a_project("other");
        acme.writes(async |tx| projects::create(tx, &other).await).await.unwrap();
        assert!(create(&acme, &an_organization(&other, "acme")).await.is_some());
    }

    async fn saving_a_taken_slug_or_external_id_is_a_conflict(db: Db) {
        let acme = acme(&db).await;
        let taken = Organization { external_id: Some("crm-1".parse().unwrap()), ..an_organization(&acme.project, "rival") };
        create(&acme, &taken).await.unwrap();
        let own = acme.tenant.organization();
        let slug = Organization { slug: "RIVAL".parse().unwrap(), ..own.clone() };
        let external_id = Organization { external_id: taken.external_id, ..own.clone() };
        for changed in [slug, external_id] {
            let saved = acme.writes(async |tx| organizations::save(tx, &acme.tenant, &changed).await).await.unwrap();
            assert!(saved.is_err(), "{changed:?}");
        }
    }

    async fn a_deleted_organization_cannot_be_locked(db: Db) {
        let acme = acme(&db).await;
        let lock = async || {
            acme.writes(async |tx| organizations::lock(tx, &acme.tenant, minutes_later(1)).await).await.unwrap()
        };
        assert_eq!(lock().await.unwrap().organization().updated_at, minutes_later(1));
        delete(&acme).await;
        assert_eq!(lock().await, None);
    }

    async fn a_domain_is_claimed_elsewhere_unless_one_claims_it_too(db: Db) {
        let acme = acme(&db).await;
        let rival = create(&acme, &claiming(&["acme.example"], &an_organization(&acme.project, "rival"))).await.unwrap();
        assert!(is_claimed_elsewhere(&acme, &acme.tenant, "acme.example").await);
        assert!(!is_claimed_elsewhere(&acme, &rival, "acme.example").await);
        let claimed = claiming(&["acme.example"], acme.tenant.organization());
        acme.writes(async |tx| organizations::save(tx, &acme.tenant, &claimed).await).await.unwrap().unwrap();
        assert!(!is_claimed_elsewhere(&acme, &acme.tenant, "acme.example").await);
    }

    async fn a_deleted_or_changed_organization_claims_nothing(db: Db) {
        let acme = acme(&db).await;
        let rival = create(&acme, &claiming(&["one.example", "two.example"], &an_organization(&acme.project, "rival"))).await.unwrap();
        let less = claiming(&["two.example"], rival.organization());
        acme.writes(async |tx| organizations::save(tx, &rival, &less).await).await.unwrap().unwrap();
        assert!(!is_claimed_elsewhere(&acme, &acme.tenant, "one.example").await);
        acme.writes(async |tx| organizations::delete(tx, &rival, NOON).await).await.unwrap();
        assert!(!is_claimed_elsewhere(&acme, &acme.tenant, "two.example").await);
    }

    async fn everything_ends_in_one_organization_and_not_next_door(db: Db) {
        let acme = acme(&db).await;
        let next_door = acme.neighbour("neighbour").await;
        let (eve, session) = (a_member(&next_door, "eve"), acme.session("token", minutes_later(60)));
        acme.writes(async |tx| join(tx, &next_door, &eve).await).await;
        acme.writes(async |tx| sessions::create(tx, &session).await).await.unwrap();
        acme.writes(async |tx| organizations::end_everything_in(tx, &acme.tenant).await).await.unwrap();
        let mut conn = db.read().await.unwrap();
        assert!(acme.ada_now().await.is_deleted());
        assert_eq!(sessions::of_member(&mut conn, &acme.tenant, &acme.ada, NOON).await.unwrap(), []);
        assert_eq!(email_claims::find(&mut conn, &acme.tenant, &email("ada@acme.example")).await.unwrap(), None);
        assert_eq!(members::by_email(&mut conn, &next_door, &eve.email_address).await.unwrap(), Some(eve));
    }
}
