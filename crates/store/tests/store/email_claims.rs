use crate::fixtures::{Acme, a_member, acme, email, join};
use domain::id::MemberId;
use store::{
    Db,
    email_claims::{self, Claim},
    members,
};

async fn take(acme: &Acme, address: &str, member: &MemberId) -> bool {
    let address = email(address);
    acme.writes(async |tx| email_claims::take(tx, &acme.tenant, &address, member).await).await.unwrap()
}

async fn retire(acme: &Acme, address: &str, member: &MemberId) {
    let address = email(address);
    acme.writes(async |tx| email_claims::retire(tx, &acme.tenant, &address, member).await).await.unwrap();
}

async fn claim(acme: &Acme, address: &str) -> Option<Claim> {
    email_claims::find(&mut acme.db.read().await.unwrap(), &acme.tenant, &email(address)).await.unwrap()
}

async fn primary_of(acme: &Acme, address: &str) -> Option<MemberId> {
    let mut conn = acme.db.read().await.unwrap();
    let found = members::by_email(&mut conn, &acme.tenant, &email(address)).await.unwrap();
    found.map(|it| it.member_id)
}

on_both_databases! {
    async fn one_address_has_one_member(db: Db) {
        let acme = acme(&db).await;
        let eve = acme.joined_by("eve").await;
        assert!(!take(&acme, "ADA@acme.example", &eve).await);
        assert!(take(&acme, "ada@acme.example", &acme.ada).await, "her own");
        assert_eq!(primary_of(&acme, "Ada@Acme.example").await, Some(acme.ada.clone()));
    }

    async fn a_retired_address_stays_closed_to_others(db: Db) {
        let acme = acme(&db).await;
        let eve = acme.joined_by("eve").await;
        retire(&acme, "ada@acme.example", &acme.ada).await;
        assert!(!take(&acme, "ada@acme.example", &eve).await);
        assert_eq!(primary_of(&acme, "ada@acme.example").await, None);
        let closed = Claim { member_id: acme.ada.clone(), is_retired: true };
        assert_eq!(claim(&acme, "ada@acme.example").await, Some(closed));
    }

    async fn a_retired_address_is_taken_back(db: Db) {
        let acme = acme(&db).await;
        retire(&acme, "ada@acme.example", &acme.ada).await;
        assert!(take(&acme, "ada@acme.example", &acme.ada).await);
        assert_eq!(primary_of(&acme, "ada@acme.example").await, Some(acme.ada.clone()));
    }

    async fn nobody_retires_or_releases_what_is_another_members(db: Db) {
        let acme = acme(&db).await;
        let eve = acme.joined_by("eve").await;
        retire(&acme, "ada@acme.example", &eve).await;
        let address = email("ada@acme.example");
        acme.writes(async |tx| email_claims::release(tx, &acme.tenant, &address, &eve).await).await.unwrap();
        assert_eq!(primary_of(&acme, "ada@acme.example").await, Some(acme.ada.clone()));
    }

    async fn a_released_address_is_open_to_others(db: Db) {
        let acme = acme(&db).await;
        let eve = acme.joined_by("eve").await;
        take(&acme, "lovelace@acme.example", &acme.ada).await;
        acme.writes(async |tx| email_claims::release_all_of(tx, &acme.tenant, &acme.ada).await).await.unwrap();
        assert!(take(&acme, "ada@acme.example", &eve).await);
        assert!(take(&acme, "lovelace@acme.example", &eve).await);
    }

    async fn the_same_address_is_another_members_next_door(db: Db) {
        let acme = acme(&db).await;
        let next_door = acme.neighbour("neighbour").await;
        let ada = a_member(&next_door, "ada");
        let id = acme.writes(async |tx| join(tx, &next_door, &ada).await).await;
        assert_ne!(id, acme.ada);
        assert_eq!(primary_of(&acme, "ada@acme.example").await, Some(acme.ada.clone()));
    }
}
