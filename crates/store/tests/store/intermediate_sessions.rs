use crate::fixtures::{Acme, NOON, acme, digest, minutes_later, registration, winners_of_64};
use domain::{
    Timestamp,
    factors::{Bag, Factor, Proven},
    intermediate_sessions::{IntermediateSession, LIFETIME},
    time::Span,
};
use store::{Db, intermediate_sessions};

async fn begin(acme: &Acme, token: &str, now: Timestamp) {
    let it = IntermediateSession {
        token_digest: digest(token),
        project_id: acme.tenant.project_id().clone(),
        organization_id: acme.tenant.organization_id().clone(),
        member_id: acme.ada.clone(),
        bag: Bag::default(),
        created_at: now,
        expires_at: now.plus(LIFETIME),
    };
    acme.writes(async |tx| intermediate_sessions::create(tx, &acme.tenant, &it, now).await).await.unwrap();
}

async fn consume(acme: &Acme, token: &str, now: Timestamp) -> bool {
    let token = digest(token);
    acme.writes(async |tx| intermediate_sessions::consume(tx, &acme.tenant, &token, now).await).await.unwrap()
}

async fn find(acme: &Acme, token: &str, now: Timestamp) -> Option<IntermediateSession> {
    let mut conn = acme.db.read().await.unwrap();
    intermediate_sessions::find(&mut conn, acme.tenant.project_id(), &digest(token), now).await.unwrap()
}

async fn alive(acme: &Acme, tokens: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut alive = Vec::new();
    for n in tokens {
        if find(acme, &n.to_string(), NOON).await.is_some() {
            alive.push(n);
        }
    }
    alive
}

fn totp(acme: &Acme) -> Bag {
    let factor = Factor::Totp { totp_registration_id: registration("phone") };
    let organization_id = acme.tenant.organization_id().clone();
    Bag::default().and(Proven { factor, organization_id, first_at: NOON, last_at: NOON })
}

on_both_databases! {
    async fn an_intermediate_session_is_consumed_once_however_many_try(db: Db) {
        let acme = acme(&db).await;
        begin(&acme, "ist", NOON).await;
        assert_eq!(winners_of_64(&acme, |it| async move { consume(&it, "ist", NOON).await }).await, 1);
    }

    async fn a_consumed_one_is_not_found(db: Db) {
        let acme = acme(&db).await;
        begin(&acme, "ist", NOON).await;
        assert!(find(&acme, "ist", NOON).await.is_some());
        consume(&acme, "ist", NOON).await;
        assert!(find(&acme, "ist", NOON).await.is_none());
    }

    async fn it_is_over_after_ten_minutes(db: Db) {
        let acme = acme(&db).await;
        begin(&acme, "ist", NOON).await;
        assert!(find(&acme, "ist", minutes_later(9)).await.is_some());
        assert!(find(&acme, "ist", minutes_later(10)).await.is_none());
        assert!(!consume(&acme, "ist", minutes_later(10)).await);
    }

    async fn the_twenty_first_ends_the_oldest(db: Db) {
        let acme = acme(&db).await;
        for n in 1..=21 {
            begin(&acme, &n.to_string(), NOON.minus(Span::seconds(60 - n))).await;
        }
        assert_eq!(alive(&acme, 1..=21).await, (2..=21).collect::<Vec<_>>());
    }

    async fn of_many_begun_in_one_moment_twenty_live_the_newest_among_them(db: Db) {
        let acme = acme(&db).await;
        for n in 1..=30 {
            begin(&acme, &n.to_string(), NOON).await;
            assert!(find(&acme, &n.to_string(), NOON).await.is_some(), "the {n}th");
        }
        assert_eq!(alive(&acme, 1..=30).await.len(), 20);
    }

    async fn consumed_ones_make_no_live_one_end(db: Db) {
        let acme = acme(&db).await;
        begin(&acme, "1", NOON).await;
        for n in 2..=40 {
            begin(&acme, &n.to_string(), NOON).await;
            consume(&acme, &n.to_string(), NOON).await;
        }
        assert_eq!(alive(&acme, 1..=40).await, [1]);
    }

    async fn factors_go_into_a_live_one_only_and_do_not_renew_it(db: Db) {
        let acme = acme(&db).await;
        begin(&acme, "ist", NOON).await;
        let fill = async |now| {
            let (token, bag) = (digest("ist"), totp(&acme));
            acme.writes(async |tx| intermediate_sessions::fill(tx, &acme.tenant, &token, &bag, now).await).await
        };
        assert!(fill(minutes_later(9)).await.unwrap());
        let filled = find(&acme, "ist", minutes_later(9)).await.unwrap();
        assert_eq!((filled.bag, filled.expires_at), (totp(&acme), minutes_later(10)));
        assert!(!fill(minutes_later(10)).await.unwrap());
    }
}
