use crate::fixtures::{acme, minutes_later};
use domain::time::Span;
use store::{Db, janitor, sessions};

on_both_databases! {
    async fn what_expired_a_day_ago_is_swept_and_nothing_else(db: Db) {
        let acme = acme(&db).await;
        for (token, minute) in [("old", 0), ("fresh", 1)] {
            let session = acme.session(token, minutes_later(minute));
            acme.writes(async |tx| sessions::create(tx, &session).await).await.unwrap();
        }
        let next_day = minutes_later(1).plus(Span::days(1));
        assert_eq!(acme.writes(async |tx| janitor::sweep(tx, next_day).await).await.unwrap(), 1);
        let mut conn = db.read().await.unwrap();
        let left = sessions::of_member(&mut conn, &acme.tenant, &acme.ada, minutes_later(-1)).await.unwrap();
        assert_eq!(left, [acme.session("fresh", minutes_later(1))]);
    }
}
