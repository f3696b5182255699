use crate::fixtures::{Acme, NOON, acme, minutes_later, winners_of_64};
use domain::{Timestamp, locks::LockPolicy, members::Member};
use store::{Db, members, second_factor_guard};

/// Ten failures lock for an hour.
async fn reserve(acme: &Acme, now: Timestamp) -> Option<Member> {
    acme.writes(async |tx| {
        second_factor_guard::reserve(tx, &acme.tenant, &acme.ada, LockPolicy::default(), now).await
    })
    .await
    .unwrap()
}

async fn reserve_many(acme: &Acme, count: usize, now: Timestamp) -> usize {
    let mut reserved = 0;
    for _ in 0..count {
        reserved += usize::from(reserve(acme, now).await.is_some());
    }
    reserved
}

async fn clear(acme: &Acme) {
    acme.writes(async |tx| second_factor_guard::clear(tx, &acme.tenant, &acme.ada).await).await.unwrap();
}

on_both_databases! {
    async fn of_many_guesses_at_a_time_ten_are_compared(db: Db) {
        let acme = acme(&db).await;
        assert_eq!(winners_of_64(&acme, |it| async move { reserve(&it, NOON).await.is_some() }).await, 10);
        assert!(acme.ada_now().await.second_factor_lock().holds(NOON));
    }

    async fn a_guess_shows_the_member_with_itself_counted(db: Db) {
        let acme = acme(&db).await;
        assert_eq!(reserve(&acme, NOON).await.unwrap().second_factor_failures, 1);
        assert_eq!(reserve(&acme, NOON).await.unwrap(), acme.ada_now().await);
    }

    async fn the_tenth_guess_locks_for_an_hour(db: Db) {
        let acme = acme(&db).await;
        assert_eq!(reserve_many(&acme, 9, NOON).await, 9);
        assert_eq!(acme.ada_now().await.second_factor_locked_until, None);
        let tenth = reserve(&acme, NOON).await.unwrap();
        assert_eq!(tenth.second_factor_locked_at, Some(NOON));
        assert_eq!(tenth.second_factor_locked_until, Some(minutes_later(60)));
    }

    async fn the_end_of_a_lock_restarts_the_ten_and_not_the_hundred(db: Db) {
        let acme = acme(&db).await;
        assert_eq!(reserve_many(&acme, 11, NOON).await, 10);
        assert_eq!(reserve_many(&acme, 1, minutes_later(59)).await, 0);
        assert_eq!(reserve_many(&acme, 11, minutes_later(60)).await, 10);
        let ada = acme.ada_now().await;
        assert_eq!((ada.second_factor_failures, ada.second_factor_failures_total), (10, 20));
    }

    async fn a_hundred_failures_disable_for_good(db: Db) {
        let acme = acme(&db).await;
        for hour in 0..10 {
            assert_eq!(reserve_many(&acme, 11, minutes_later(60 * hour)).await, 10);
        }
        let ada = acme.ada_now().await;
        assert_eq!(ada.second_factor_failures_total, 100);
        assert!(ada.second_factor_lock().holds(minutes_later(1_000_000)));
        assert_eq!(reserve_many(&acme, 1, minutes_later(1_000_000)).await, 0);
    }

    async fn many_guesses_at_a_time_cannot_pass_the_hundred(db: Db) {
        let acme = acme(&db).await;
        for hour in 0..9 {
            reserve_many(&acme, 10, minutes_later(60 * hour)).await;
        }
        reserve_many(&acme, 5, minutes_later(60 * 9)).await;
        let now = minutes_later(60 * 9);
        assert_eq!(winners_of_64(&acme, move |it| async move { reserve(&it, now).await.is_some() }).await, 5);
        assert_eq!(acme.ada_now().await.second_factor_failures_total, 100);
    }

    async fn clearing_opens_the_lock_and_forgets_the_failures(db: Db) {
        let acme = acme(&db).await;
        reserve_many(&acme, 10, NOON).await;
        clear(&acme).await;
        let ada = acme.ada_now().await;
        assert_eq!((ada.second_factor_failures, ada.second_factor_failures_total), (0, 0));
        assert_eq!(reserve_many(&acme, 11, NOON).await, 10);
    }

    async fn nobody_guesses_for_a_deleted_member(db: Db) {
        let acme = acme(&db).await;
        acme.writes(async |tx| members::delete(tx, &acme.tenant, &acme.ada).await).await.unwrap();
        assert_eq!(reserve(&acme, NOON).await, None);
    }
}
