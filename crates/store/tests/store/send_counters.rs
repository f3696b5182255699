use crate::fixtures::{Acme, NOON, acme, minutes_later, winners_of_64};
use domain::{
    Timestamp,
    send_limits::{Counted, Limit},
    time::Span,
};
use store::{Db, send_counters};

fn hourly(counted: &str, most: i64) -> Counted {
    (counted.to_owned(), Limit { most, window: Span::hours(1) })
}

async fn take(acme: &Acme, counted: &[Counted], now: Timestamp) -> bool {
    let project = acme.tenant.project_id();
    acme.writes(async |tx| send_counters::take(tx, project, counted, now).await).await.unwrap()
}

on_both_databases! {
    async fn a_limit_is_exact_however_many_send(db: Db) {
        let acme = acme(&db).await;
        let won = winners_of_64(&acme, |it| async move { take(&it, &[hourly("ada", 5)], NOON).await }).await;
        assert_eq!(won, 5);
    }

    async fn the_next_window_begins_at_zero(db: Db) {
        let acme = acme(&db).await;
        assert!(take(&acme, &[hourly("ada", 1)], NOON).await);
        assert!(!take(&acme, &[hourly("ada", 1)], NOON).await);
        assert!(take(&acme, &[hourly("ada", 1)], minutes_later(60)).await);
    }

    async fn one_limit_reached_is_enough(db: Db) {
        let acme = acme(&db).await;
        let (ada, project) = (hourly("ada", 10), hourly("project", 1));
        assert!(take(&acme, &[ada.clone(), project.clone()], NOON).await);
        assert!(!take(&acme, &[ada, project], NOON).await);
    }

    async fn windows_of_two_lengths_and_two_people_are_counted_apart(db: Db) {
        let acme = acme(&db).await;
        let daily = ("ada".to_owned(), Limit { most: 2, window: Span::days(1) });
        let ada = [hourly("ada", 1), daily];
        assert!(take(&acme, &ada, NOON).await);
        assert!(take(&acme, &[hourly("eve", 1)], NOON).await);
        assert!(take(&acme, &ada, minutes_later(60)).await);
        assert!(!take(&acme, &ada, minutes_later(120)).await, "the third of a day");
    }

    async fn a_refused_message_uses_up_no_wider_limit(db: Db) {
        let acme = acme(&db).await;
        let (number, project) = (hourly("number", 1), hourly("project", 2));
        assert!(take(&acme, &[number.clone(), project.clone()], NOON).await);
        for _ in 0..3 {
            assert!(!take(&acme, &[number.clone(), project.clone()], NOON).await);
        }
        assert!(take(&acme, &[project], NOON).await);
    }
}
