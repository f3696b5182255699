use crate::fixtures::{Acme, acme, digest, minutes_later, winners_of_64};
use domain::Timestamp;
use store::{
    Db, Tenant,
    magic_links::{self, MagicLink},
};

async fn mail(acme: &Acme, token: &str) {
    let link = MagicLink {
        organization_id: acme.tenant.organization_id().clone(),
        member_id: acme.ada.clone(),
        email_id: acme.ada_now().await.email_id,
        pkce_challenge: None,
        expires_at: minutes_later(60),
        spent_at: None,
    };
    let (token, now) = (digest(token), minutes_later(0));
    acme.writes(async |tx| magic_links::create(tx, &acme.tenant, &token, &link, now).await).await.unwrap();
}

async fn spend_in(acme: &Acme, tenant: &Tenant, token: &str, now: Timestamp) -> bool {
    let token = digest(token);
    acme.writes(async |tx| magic_links::spend(tx, tenant, &token, now).await).await.unwrap()
}

async fn spend(acme: &Acme, token: &str, now: Timestamp) -> bool {
    spend_in(acme, &acme.tenant, token, now).await
}

on_both_databases! {
    async fn a_link_is_spent_once_however_many_try(db: Db) {
        let acme = acme(&db).await;
        mail(&acme, "link").await;
        let won = winners_of_64(&acme, |it| async move { spend(&it, "link", minutes_later(1)).await }).await;
        assert_eq!(won, 1);
    }

    async fn a_link_is_dead_when_its_time_is_up(db: Db) {
        let acme = acme(&db).await;
        mail(&acme, "link").await;
        assert!(!spend(&acme, "link", minutes_later(60)).await);
        assert!(spend(&acme, "link", minutes_later(59)).await);
    }

    async fn a_link_is_no_use_in_another_organization(db: Db) {
        let acme = acme(&db).await;
        let neighbour = acme.neighbour("neighbour").await;
        mail(&acme, "link").await;
        assert!(!spend_in(&acme, &neighbour, "link", minutes_later(1)).await);
    }

    async fn every_open_link_of_a_member_ends_at_a_time(db: Db) {
        let acme = acme(&db).await;
        mail(&acme, "first").await;
        mail(&acme, "second").await;
        let now = minutes_later(1);
        acme.writes(async |tx| magic_links::end_all_of(tx, &acme.tenant, &acme.ada, now).await).await.unwrap();
        assert!(!spend(&acme, "first", now).await);
        assert!(!spend(&acme, "second", now).await);
    }

    async fn a_spent_link_is_found_with_the_time_of_its_use(db: Db) {
        let acme = acme(&db).await;
        mail(&acme, "link").await;
        spend(&acme, "link", minutes_later(1)).await;
        let mut conn = db.read().await.unwrap();
        let project = acme.tenant.project_id();
        let link = magic_links::find(&mut conn, project, &digest("link")).await.unwrap().unwrap();
        assert_eq!((link.member_id, link.spent_at), (acme.ada.clone(), Some(minutes_later(1))));
    }
}
