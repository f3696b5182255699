use crate::fixtures::{Acme, NOON, acme, digest, minutes_later, registration, sealed, winners_of_64};
use domain::id::TotpRegistrationId;
use store::{
    Db,
    totps::{self, Totp},
};

fn pending(acme: &Acme, app: &str) -> Totp {
    Totp {
        organization_id: acme.tenant.organization_id().clone(),
        member_id: acme.ada.clone(),
        project_id: acme.tenant.project_id().clone(),
        totp_registration_id: registration(app),
        sealed_secret: sealed(app),
        is_active: false,
        made_with_intermediate: Some(digest("intermediate")),
        made_with_session: None,
        expires_at: minutes_later(60),
        last_step: 0,
        created_at: NOON,
    }
}

async fn register(acme: &Acme, app: &str) -> bool {
    let it = pending(acme, app);
    acme.writes(async |tx| totps::replace_pending(tx, &acme.tenant, &it).await).await.unwrap()
}

async fn spend(acme: &Acme, app: &str, step: i64) -> bool {
    let id = registration(app);
    acme.writes(async |tx| totps::spend_step(tx, &acme.tenant, &acme.ada, (&id, step)).await).await.unwrap()
}

async fn kept(acme: &Acme) -> Option<Totp> {
    totps::find(&mut acme.db.read().await.unwrap(), &acme.tenant, &acme.ada).await.unwrap()
}

async fn registered(acme: &Acme) -> Option<(TotpRegistrationId, bool)> {
    kept(acme).await.map(|it| (it.totp_registration_id, it.is_active))
}

on_both_databases! {
    async fn a_step_is_spent_once_however_many_try(db: Db) {
        let acme = acme(&db).await;
        register(&acme, "phone").await;
        assert_eq!(winners_of_64(&acme, |it| async move { spend(&it, "phone", 7).await }).await, 1);
    }

    async fn a_step_and_all_before_it_are_dead_once_spent(db: Db) {
        let acme = acme(&db).await;
        register(&acme, "phone").await;
        assert!(spend(&acme, "phone", 7).await);
        assert!(!spend(&acme, "phone", 7).await);
        assert!(!spend(&acme, "phone", 6).await);
        assert!(spend(&acme, "phone", 8).await);
    }

    async fn the_first_step_spent_makes_a_registration_active(db: Db) {
        let acme = acme(&db).await;
        register(&acme, "phone").await;
        assert_eq!(registered(&acme).await, Some((registration("phone"), false)));
        spend(&acme, "phone", 7).await;
        assert_eq!(registered(&acme).await, Some((registration("phone"), true)));
    }

    async fn a_pending_registration_is_replaced_with_all_that_belongs_to_it(db: Db) {
        let acme = acme(&db).await;
        register(&acme, "phone").await;
        assert!(register(&acme, "tablet").await);
        assert!(!spend(&acme, "phone", 7).await, "the replaced one is nobody's");
        let kept = kept(&acme).await.unwrap();
        assert_eq!(kept.sealed_secret, sealed("tablet"));
        assert_eq!(kept.made_with_intermediate, Some(digest("intermediate")));
    }

    async fn an_active_registration_is_not_replaced(db: Db) {
        let acme = acme(&db).await;
        register(&acme, "phone").await;
        spend(&acme, "phone", 7).await;
        assert!(!register(&acme, "tablet").await);
        assert_eq!(registered(&acme).await, Some((registration("phone"), true)));
    }

    async fn only_a_pending_registration_ends_unconfirmed(db: Db) {
        let acme = acme(&db).await;
        let end = async || acme.writes(async |tx| totps::delete_pending(tx, &acme.tenant, &acme.ada).await).await;
        register(&acme, "phone").await;
        assert!(end().await.unwrap());
        register(&acme, "phone").await;
        spend(&acme, "phone", 7).await;
        assert!(!end().await.unwrap());
        assert_eq!(registered(&acme).await, Some((registration("phone"), true)));
    }
}
