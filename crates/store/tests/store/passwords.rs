use crate::fixtures::{Acme, NOON, acme, luck, minutes_later, winners_of_64};
use domain::{
    Timestamp, id::MemberPasswordId, locks::LockPolicy, passwords::PasswordHash, projects::Environment,
};
use store::{Db, members, passwords};

fn hash(first: char) -> PasswordHash {
    format!("$2b$12${first}9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW").parse().unwrap()
}

async fn set(acme: &Acme, hash: &PasswordHash) -> bool {
    let id = MemberPasswordId::random(Environment::Test, &mut luck("password"));
    acme.writes(async |tx| passwords::create(tx, &acme.tenant, &acme.ada, (&id, hash), NOON).await)
        .await
        .unwrap()
}

async fn rehash(acme: &Acme, verified: &PasswordHash, better: &PasswordHash) -> bool {
    acme.writes(async |tx| passwords::rehash(tx, &acme.tenant, &acme.ada, (verified, better)).await)
        .await
        .unwrap()
}

async fn kept(acme: &Acme) -> Option<PasswordHash> {
    let mut conn = acme.db.read().await.unwrap();
    passwords::find_with_id(&mut conn, &acme.tenant, &acme.ada).await.unwrap().map(|(_, hash)| hash)
}

/// Ten wrong ones lock for an hour.
async fn reserve(acme: &Acme, now: Timestamp) -> bool {
    let policy = LockPolicy::default();
    acme.writes(async |tx| passwords::reserve_guess(tx, &acme.tenant, &acme.ada, policy, now).await)
        .await
        .unwrap()
}

async fn reserve_many(acme: &Acme, count: usize, now: Timestamp) -> usize {
    let mut reserved = 0;
    for _ in 0..count {
        reserved += usize::from(reserve(acme, now).await);
    }
    reserved
}

on_both_databases! {
    async fn of_many_guesses_at_a_time_ten_are_compared(db: Db) {
        let acme = acme(&db).await;
        assert_eq!(winners_of_64(&acme, |it| async move { reserve(&it, NOON).await }).await, 10);
        assert!(acme.ada_now().await.password_lock().holds(NOON));
    }

    async fn the_end_of_a_lock_restarts_the_ten(db: Db) {
        let acme = acme(&db).await;
        assert_eq!(reserve_many(&acme, 11, NOON).await, 10);
        assert_eq!(reserve_many(&acme, 1, minutes_later(59)).await, 0);
        assert_eq!(reserve_many(&acme, 11, minutes_later(60)).await, 10);
    }

    async fn wrong_passwords_never_touch_the_second_factors(db: Db) {
        let acme = acme(&db).await;
        reserve_many(&acme, 10, NOON).await;
        let ada = acme.ada_now().await;
        assert_eq!((ada.password_failures, ada.second_factor_failures_total), (10, 0));
        assert_eq!(ada.password_locked_until, Some(minutes_later(60)));
    }

    async fn a_right_password_forgets_the_wrong_ones(db: Db) {
        let acme = acme(&db).await;
        reserve_many(&acme, 10, NOON).await;
        acme.writes(async |tx| passwords::clear_guesses(tx, &acme.tenant, &acme.ada).await).await.unwrap();
        assert_eq!(acme.ada_now().await.password_failures, 0);
        assert_eq!(reserve_many(&acme, 11, NOON).await, 10);
    }

    async fn nobody_guesses_for_a_deleted_member(db: Db) {
        let acme = acme(&db).await;
        acme.writes(async |tx| members::delete(tx, &acme.tenant, &acme.ada).await).await.unwrap();
        assert!(!reserve(&acme, NOON).await);
    }

    async fn a_member_has_one_password(db: Db) {
        let acme = acme(&db).await;
        assert!(set(&acme, &hash('A')).await);
        assert!(!set(&acme, &hash('B')).await);
        assert_eq!(kept(&acme).await, Some(hash('A')));
        assert!(acme.writes(async |tx| passwords::delete(tx, &acme.tenant, &acme.ada).await).await.unwrap());
        assert_eq!(kept(&acme).await, None);
    }

    async fn a_better_hash_never_takes_the_place_of_a_newer_password(db: Db) {
        let acme = acme(&db).await;
        set(&acme, &hash('A')).await;
        assert!(rehash(&acme, &hash('A'), &hash('B')).await);
        assert!(!rehash(&acme, &hash('A'), &hash('C')).await);
        assert_eq!(kept(&acme).await, Some(hash('B')));
    }
}
