use crate::fixtures::{acme, minutes_later};
use domain::{Timestamp, time::Span};
use store::{Db, janitor, sessions};

on_both_databases! {
    async fn what_expired_a_day_ago_is_swept_and_nothing_else(db: Db) {
        let acme = acme(&db).await;
        for (token, minute) in [("old", 0), ("fresh", 1)] {
            let session = acme.session(token, minutes_later(minute));
            acme.writes(async |tx| sessions::create(tx, &session).await).await.unwrap();
        }
        let next_day = minutes_later(1).plus(Span::days(1));
        assert_eq!(sweep(&db, next_day).await, 1);
        let mut conn = db.read().await.unwrap();
        let left = sessions::of_member(&mut conn, &acme.tenant, &acme.ada, minutes_later(-1)).await.unwrap();
        assert_eq!(left, [acme.session("fresh", minutes_later(1))]);
    }

    async fn many_rows_go_in_pieces(db: Db) {
        let acme = acme(&db).await;
        for number in 0..600 {
            let session = acme.session(&format!("old {number}"), minutes_later(0));
            acme.writes(async |tx| sessions::create(tx, &session).await).await.unwrap();
        }
        let of_sessions = janitor::kinds().into_iter().find(|it| it.table == "sessions").unwrap();
        let next_day = minutes_later(1).plus(Span::days(1));
        assert_eq!(janitor::sweep(&db, of_sessions, next_day).await.unwrap(), (500, true));
        assert_eq!(janitor::sweep(&db, of_sessions, next_day).await.unwrap(), (100, false));
    }
}

async fn sweep(db: &Db, now: Timestamp) -> u64 {
    let mut all = 0;
    for kind in janitor::kinds() {
        all += janitor::sweep(db, kind, now).await.unwrap().0;
    }
    all
}
