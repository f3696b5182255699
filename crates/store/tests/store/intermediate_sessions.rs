use crate::fixtures::{Acme, NOON, acme, digest, minutes_later, registration, winners_of_64};
use domain::{
    Timestamp,
    factors::{Bag, Factor, Membership, Proven},
    id::MemberId,
    intermediate_sessions::{IntermediateSession, LIFETIME},
    time::Span,
};
use store::{Db, intermediate_sessions};

async fn begin(acme: &Acme, token: &str, now: Timestamp) {
    begin_for(acme, Some(acme.ada.clone()), token, now).await;
}

/// Without a member: of an address, before an organization is chosen.
async fn begin_for(acme: &Acme, member_id: Option<MemberId>, token: &str, now: Timestamp) {
    let it = IntermediateSession {
        token_digest: digest(token),
        project_id: acme.tenant.project_id().clone(),
        organization_id: member_id.as_ref().map(|_| acme.tenant.organization_id().clone()),
        member_id,
        email_address: "ada@acme.example".parse().unwrap(),
        bag: Bag::default(),
        created_at: now,
        expires_at: now.plus(LIFETIME),
    };
    acme.writes(async |tx| intermediate_sessions::create(tx, &it, now).await).await.unwrap();
}

async fn consume(acme: &Acme, token: &str, now: Timestamp) -> bool {
    let token = digest(token);
    acme.writes(async |tx| intermediate_sessions::consume(tx, acme.tenant.project_id(), &token, now).await)
        .await
        .unwrap()
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
    let member = Some(Membership { organization_id, member_id: acme.ada.clone() });
    Bag::default().and(Proven { factor, member, first_at: NOON, last_at: NOON })
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

    async fn the_twenty_first_of_an_address_ends_the_oldest_of_it(db: Db) {
        let acme = acme(&db).await;
        begin(&acme, "0", NOON.minus(Span::seconds(61))).await;
        for n in 1..=21 {
            begin_for(&acme, None, &n.to_string(), NOON.minus(Span::seconds(60 - n))).await;
        }
        assert_eq!(alive(&acme, 0..=21).await, [vec![0], (2..=21).collect()].concat(), "a member's is apart");
    }

    async fn one_of_an_address_can_become_a_members(db: Db) {
        let acme = acme(&db).await;
        begin_for(&acme, None, "ist", NOON).await;
        let (token, bag) = (digest("ist"), totp(&acme));
        let to = (&acme.ada, &token);
        acme.writes(async |tx| intermediate_sessions::fill(tx, &acme.tenant, to, &bag, NOON).await).await.unwrap();
        assert_eq!(find(&acme, "ist", NOON).await.unwrap().member_id, Some(acme.ada.clone()));
        let project = acme.tenant.project_id();
        let unclaimed = acme.writes(async |tx| {
            intermediate_sessions::fill_unclaimed(tx, project, &token, &Bag::default(), NOON).await
        });
        assert!(!unclaimed.await.unwrap(), "it is no longer the address's alone");
    }

    async fn what_rests_on_an_address_ends_with_it(db: Db) {
        let acme = acme(&db).await;
        begin_for(&acme, None, "1", NOON).await;
        begin(&acme, "2", NOON).await;
        let (project, address) = (acme.tenant.project_id(), "Ada@acme.example".parse().unwrap());
        acme.writes(async |tx| intermediate_sessions::end_all_of_address(tx, project, &address).await).await.unwrap();
        assert!(alive(&acme, 1..=2).await.is_empty());
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
            acme.writes(async |tx| intermediate_sessions::fill(tx, &acme.tenant, (&acme.ada, &token), &bag, now).await).await
        };
        assert!(fill(minutes_later(9)).await.unwrap());
        let filled = find(&acme, "ist", minutes_later(9)).await.unwrap();
        assert_eq!((filled.bag, filled.expires_at), (totp(&acme), minutes_later(10)));
        assert!(!fill(minutes_later(10)).await.unwrap());
    }
}
