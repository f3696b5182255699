use crate::fixtures::{Acme, NOON, acme, minutes_later, winners_of_64};
use domain::{
    Timestamp,
    send_limits::{Counted, Limit, Subject, Window},
};
use store::{Db, send_counters};

fn hourly(counted: &str, most: i64) -> Counted {
    of(counted, most, Window::HOUR)
}

fn of(counted: &str, most: i64, window: Window) -> Counted {
    let limit = Limit { most, window };
    Counted { subject: Subject::Organization, key: counted.to_owned(), limit, weight: 1 }
}

fn priced(counted: &str, most: i64, weight: i64) -> Counted {
    Counted { weight, ..of(counted, most, Window::DAY) }
}

async fn take(acme: &Acme, counted: &[Counted], now: Timestamp) -> bool {
    let project = acme.tenant.project_id();
    acme.writes(async |tx| send_counters::take(tx, project, counted, now).await).await.unwrap().is_ok()
}

async fn warnings(acme: &Acme, it: &Counted) -> usize {
    let (project, it) = (acme.tenant.project_id(), std::slice::from_ref(it));
    let taken = acme.writes(async |tx| send_counters::take(tx, project, it, NOON).await).await.unwrap();
    taken.unwrap().len()
}

async fn used(acme: &Acme, it: &Counted) -> i64 {
    let project = acme.tenant.project_id();
    acme.writes(async |tx| send_counters::used(tx, project, it, NOON).await).await.unwrap()
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
        let daily = of("ada", 2, Window::DAY);
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

    async fn a_refusal_by_a_wide_limit_uses_up_no_narrow_one(db: Db) {
        let acme = acme(&db).await;
        let (number, project) = (hourly("number", 2), hourly("project", 1));
        assert!(take(&acme, &[number.clone(), project.clone()], NOON).await);
        for _ in 0..3 {
            assert!(!take(&acme, &[number.clone(), project.clone()], NOON).await);
        }
        assert_eq!(used(&acme, &number).await, 1);
        assert!(take(&acme, &[number], NOON).await);
    }

    async fn money_is_exact_however_many_spend(db: Db) {
        let acme = acme(&db).await;
        let won = winners_of_64(&acme, |it| async move { take(&it, &[priced("bill", 1_000, 130)], NOON).await }).await;
        assert_eq!(won, 7, "910 of 1,000; an eighth would be 1,040");
        assert_eq!(used(&acme, &priced("bill", 1_000, 1)).await, 910);
        assert!(take(&acme, &[priced("bill", 1_000, 90)], NOON).await, "to the last millionth");
        assert!(!take(&acme, &[priced("dear", 100, 101)], NOON).await, "the first alone is too dear");
    }

    async fn what_is_given_back_can_be_spent_again(db: Db) {
        let acme = acme(&db).await;
        let it = [priced("bill", 100, 100)];
        assert!(take(&acme, &it, NOON).await);
        let project = acme.tenant.project_id();
        acme.writes(async |tx| send_counters::give_back(tx, project, &it, NOON).await).await.unwrap();
        assert!(take(&acme, &it, NOON).await);
    }

    async fn the_operator_is_warned_once_a_window(db: Db) {
        let acme = acme(&db).await;
        let told = [79, 1, 5, 10].map(|weight| priced("bill", 100, weight));
        let mut warned = Vec::new();
        for it in &told {
            warned.push(warnings(&acme, it).await);
        }
        assert_eq!(warned, [0, 1, 0, 0], "at 80 of 100");
    }

    async fn a_month_is_counted_until_its_end(db: Db) {
        let acme = acme(&db).await;
        let monthly = of("bill", 1, Window::Month);
        assert!(take(&acme, std::slice::from_ref(&monthly), NOON).await);
        for kind in store::janitor::kinds() {
            store::janitor::sweep(&db, kind, minutes_later(5 * 24 * 60)).await.unwrap();
        }
        assert!(!take(&acme, std::slice::from_ref(&monthly), minutes_later(5 * 24 * 60)).await);
        assert!(take(&acme, &[monthly], minutes_later(20 * 24 * 60)).await, "in December");
    }
}
