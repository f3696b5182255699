use crate::fixtures::{Acme, NOON, a_project, acme, an_organization};
use domain::{id::ProjectId, organizations::Organization};
use store::{Db, organizations, projects, tenant};

async fn found(acme: &Acme, project: &ProjectId, reference: &str) -> Option<String> {
    let mut conn = acme.db.read().await.unwrap();
    let found = tenant::resolve(&mut conn, project, reference).await.unwrap();
    found.map(|it| it.organization().name.clone())
}

/// An organization with an external id, and how it may be called.
async fn initech(acme: &Acme) -> [String; 4] {
    let external_id = Some("crm-1".parse().unwrap());
    let it = Organization { external_id, ..an_organization(&acme.project, "initech") };
    acme.writes(async |tx| organizations::create(tx, &it).await).await.unwrap().unwrap();
    [it.organization_id.to_string(), "initech".to_owned(), "InItech".to_owned(), "crm-1".to_owned()]
}

on_both_databases! {
    async fn an_organization_is_found_by_id_slug_and_external_id(db: Db) {
        let acme = acme(&db).await;
        for reference in initech(&acme).await {
            assert_eq!(found(&acme, &acme.project.project_id, &reference).await.as_deref(), Some("initech"));
        }
        assert_eq!(found(&acme, &acme.project.project_id, "CRM-1").await, None, "an external id has one spelling");
    }

    async fn another_projects_organization_is_not_found(db: Db) {
        let acme = acme(&db).await;
        let other = a_project("other");
        acme.writes(async |tx| projects::create(tx, &other).await).await.unwrap();
        for reference in initech(&acme).await {
            assert_eq!(found(&acme, &other.project_id, &reference).await, None, "{reference}");
        }
    }

    async fn a_slug_goes_before_an_external_id(db: Db) {
        let acme = acme(&db).await;
        let sly = Organization { external_id: Some("acme".parse().unwrap()), ..an_organization(&acme.project, "sly") };
        acme.writes(async |tx| organizations::create(tx, &sly).await).await.unwrap().unwrap();
        assert_eq!(found(&acme, &acme.project.project_id, "acme").await.as_deref(), Some("acme"));
    }

    async fn a_deleted_organization_is_not_found(db: Db) {
        let acme = acme(&db).await;
        acme.writes(async |tx| organizations::delete(tx, &acme.tenant, NOON).await).await.unwrap();
        let id = acme.tenant.organization_id().to_string();
        for reference in [id.as_str(), "acme"] {
            assert_eq!(found(&acme, &acme.project.project_id, reference).await, None);
        }
    }
}
