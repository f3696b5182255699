use crate::fixtures::{Acme, NOON, acme, digest, luck, registration, sealed, winners_of_64};
use domain::{id::RecoveryCodeId, projects::Environment};
use store::{
    Db,
    recovery_codes::{self, StoredCode},
};

fn id(code: &str) -> RecoveryCodeId {
    RecoveryCodeId::random(Environment::Test, &mut luck(code))
}

async fn hand_out(acme: &Acme, codes: &[&str]) {
    let keep = |code: &&str| StoredCode {
        digest: digest(code),
        id: id(code),
        registration: registration("phone"),
        sealed: Some(sealed(code)),
    };
    let codes: Vec<StoredCode> = codes.iter().map(keep).collect();
    acme.writes(async |tx| recovery_codes::replace(tx, &acme.tenant, &acme.ada, &codes).await).await.unwrap();
}

async fn spend(acme: &Acme, code: &str) -> Option<RecoveryCodeId> {
    let code = digest(code);
    acme.writes(async |tx| recovery_codes::spend(tx, &acme.tenant, &acme.ada, &code, NOON).await)
        .await
        .unwrap()
}

async fn unspent(acme: &Acme) -> Vec<RecoveryCodeId> {
    let mut conn = acme.db.read().await.unwrap();
    let codes = recovery_codes::unspent(&mut conn, &acme.tenant, &acme.ada).await.unwrap();
    codes.into_iter().map(|(id, _)| id).collect()
}

on_both_databases! {
    async fn a_recovery_code_is_spent_once_however_many_try(db: Db) {
        let acme = acme(&db).await;
        hand_out(&acme, &["one", "two"]).await;
        assert_eq!(winners_of_64(&acme, |it| async move { spend(&it, "one").await.is_some() }).await, 1);
        assert_eq!(spend(&acme, "two").await, Some(id("two")), "the others live");
    }

    async fn the_unspent_codes_keep_their_order(db: Db) {
        let acme = acme(&db).await;
        hand_out(&acme, &["one", "two", "three", "four"]).await;
        spend(&acme, "two").await;
        assert_eq!(unspent(&acme).await, ["one", "three", "four"].map(id));
        let mut conn = db.read().await.unwrap();
        assert_eq!(recovery_codes::count(&mut conn, &acme.tenant, &acme.ada).await.unwrap(), 4);
    }

    async fn a_new_set_kills_the_old_one(db: Db) {
        let acme = acme(&db).await;
        hand_out(&acme, &["old"]).await;
        hand_out(&acme, &["new"]).await;
        assert_eq!(spend(&acme, "old").await, None);
        assert_eq!(unspent(&acme).await, [id("new")]);
    }

    async fn a_code_is_no_use_to_another_member(db: Db) {
        let acme = acme(&db).await;
        hand_out(&acme, &["one"]).await;
        let eve = Acme { ada: acme.joined_by("eve").await, ..acme.clone() };
        assert_eq!(spend(&eve, "one").await, None);
        assert_eq!(spend(&acme, "one").await, Some(id("one")));
    }
}
