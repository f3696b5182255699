//! That events are chained with their transaction, and what can be seen in it.

use super::{event, guards};
use crate::{
    databases::audit_key,
    fixtures::{Acme, acme},
};
use domain::audit::{
    AuditEvent,
    chain::{ChainId, Record},
    verification::Follower,
};
use store::{
    Db, audit,
    audit::{chaining, chains, records},
};

fn chain(acme: &Acme) -> ChainId {
    ChainId {
        project_id: acme.tenant.project_id().to_string(),
        organization_id: Some(acme.tenant.organization_id().to_string()),
    }
}

async fn rows(acme: &Acme, chain: &ChainId) -> Vec<Record> {
    records::of_chain(&mut acme.db.read().await.unwrap(), chain, (1, 1000)).await.unwrap()
}

/// Where the rows say that the chain ends, when each is as it was written.
async fn followed(acme: &Acme, chain: &ChainId) -> i64 {
    let (key, mut conn) = (audit_key(), acme.db.read().await.unwrap());
    let mut follower = Follower::new(Some(&key));
    rows(acme, chain).await.iter().for_each(|it| follower.follow(it).unwrap());
    let stored = chains::find(&mut conn, chain).await.unwrap().unwrap();
    assert_eq!(&stored.end, follower.end());
    assert!(key.chain_mac_holds(&stored.mac, chain, &stored.end));
    stored.end.length
}

on_both_databases! {
    async fn the_events_of_a_transaction_are_chained_in_the_order_they_happened(db: Db) {
        let acme = acme(&db).await;
        for names in [vec!["1"], vec!["2", "3"], (4..=13).map(|_| "").collect()] {
            acme.writes(async |tx| {
                for (at, name) in names.iter().enumerate() {
                    audit::append(tx, &event(&acme, &format!("{name}{at}{}", names.len()), 1)).await.unwrap();
                }
            }).await;
        }
        assert_eq!(followed(&acme, &chain(&acme)).await, 13);
    }

    async fn a_project_has_a_chain_of_its_own(db: Db) {
        let acme = acme(&db).await;
        let own = AuditEvent { organization_id: None, member_id: None, ..event(&acme, "own", 1) };
        acme.writes(async |tx| {
            audit::append(tx, &own).await.unwrap();
            audit::append(tx, &event(&acme, "organization's", 2)).await.unwrap();
        }).await;
        let of_the_project = ChainId { organization_id: None, ..chain(&acme) };
        assert_eq!((followed(&acme, &of_the_project).await, followed(&acme, &chain(&acme)).await), (1, 1));
        let mut conn = db.read().await.unwrap();
        assert_eq!(chains::after(&mut conn, ("", ""), 10).await.unwrap().len(), 2);
        assert_eq!(chains::with_rows_after(&mut conn, None).await.unwrap(), Some(of_the_project.clone()));
        assert_eq!(chains::with_rows_after(&mut conn, Some(&of_the_project)).await.unwrap(), Some(chain(&acme)));
        assert_eq!(chains::with_rows_after(&mut conn, Some(&chain(&acme))).await.unwrap(), None);
    }

    async fn transactions_that_extend_the_same_chains_wait_and_do_not_fail(db: Db) {
        let acme = acme(&db).await;
        let mut writing = tokio::task::JoinSet::new();
        for at in 0..20 {
            let (db, one) = (db.clone(), event(&acme, &format!("one {at}"), at));
            let own = AuditEvent { organization_id: None, member_id: None, ..event(&acme, &format!("own {at}"), at) };
            writing.spawn(async move {
                let mut tx = db.write().await.unwrap();
                for event in if at % 2 == 0 { [&one, &own] } else { [&own, &one] } {
                    audit::append(&mut tx, event).await.unwrap();
                }
                tx.commit().await.unwrap();
            });
        }
        while let Some(done) = writing.join_next().await {
            done.unwrap();
        }
        assert_eq!(followed(&acme, &chain(&acme)).await, 20);
    }

    async fn rows_from_before_there_were_chains_are_chained_once(db: Db) {
        let acme = acme(&db).await;
        for at in 0..3 {
            acme.writes(async |tx| audit::append(tx, &event(&acme, &format!("{at}"), 3 - at)).await).await.unwrap();
        }
        guards::take_away(&db).await;
        acme.writes(async |tx| {
            tx.sql("DELETE FROM audit_chains").execute().await.unwrap();
            tx.sql("UPDATE audit_events SET sequence = NULL, hash = NULL, mac = NULL").execute().await.unwrap();
        }).await;
        for chained in [3, 0] {
            let found = acme.writes(async |tx| chaining::chain_earlier(tx, &audit_key()).await).await;
            assert_eq!(found.unwrap(), chained);
        }
        assert_eq!(followed(&acme, &chain(&acme)).await, 3);
        let times: Vec<i64> = rows(&acme, &chain(&acme)).await.iter().map(|it| it.entry.at).collect();
        assert!(times.is_sorted());
    }

    async fn an_altered_end_is_extended_and_never_proved_again(db: Db) {
        let acme = acme(&db).await;
        for at in 0..3 {
            acme.writes(async |tx| audit::append(tx, &event(&acme, &format!("{at}"), at)).await).await.unwrap();
            if at == 1 {
                acme.writes(async |tx| tx.sql("UPDATE audit_chains SET length = 7").execute().await).await.unwrap();
            }
        }
        let stored = chains::find(&mut db.read().await.unwrap(), &chain(&acme)).await.unwrap().unwrap();
        assert_eq!(stored.end.length, 8);
        assert!(!audit_key().chain_mac_holds(&stored.mac, &chain(&acme), &stored.end));
    }
}
