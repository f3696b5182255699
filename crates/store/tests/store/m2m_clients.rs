//! Clients: what guards the rotation of their secrets, and what searches know of them.

use crate::fixtures::{Acme, NOON, acme, digest, minutes_later, winners_of_64};
use domain::{
    digest::Digest,
    m2m::{Client, Status, client_id::ClientId},
    metadata::Metadata,
    search::{Operator, Query, clients::ClientFilter},
};
use store::{Db, m2m_client_search, m2m_clients};

fn id() -> ClientId {
    "billing".parse().unwrap()
}

/// The client `billing` with the secret `one`.
async fn client(acme: &Acme, scopes: &str) {
    let client = Client {
        project_id: acme.tenant.project_id().clone(),
        client_id: id(),
        name: String::new(),
        description: String::new(),
        status: Status::Active,
        scopes: scopes.parse().unwrap(),
        trusted_metadata: Metadata::default(),
        secret_digest: digest("one"),
        secret_last_four: "-one".to_owned(),
        secret_is_imported: true,
        next_secret_digest: None,
        next_secret_last_four: None,
        created_at: NOON,
        updated_at: NOON,
    };
    assert!(acme.writes(async |tx| m2m_clients::create(tx, &client).await).await.unwrap());
}

async fn start(acme: &Acme, next: &str) -> Option<Client> {
    let (id, kept) = (id(), (digest(next), next.to_owned()));
    let project = acme.tenant.project_id();
    let kept = (&kept.0, &kept.1);
    acme.writes(async |tx| m2m_clients::start_rotation(tx, (project, &id), kept, minutes_later(1)).await)
        .await
        .unwrap()
}

async fn rotate(acme: &Acme) -> Option<Client> {
    let (id, project) = (id(), acme.tenant.project_id());
    acme.writes(async |tx| m2m_clients::rotate(tx, project, &id, minutes_later(2)).await).await.unwrap()
}

async fn cancel(acme: &Acme) -> Option<Client> {
    let (id, project) = (id(), acme.tenant.project_id());
    acme.writes(async |tx| m2m_clients::cancel_rotation(tx, project, &id, minutes_later(2)).await)
        .await
        .unwrap()
}

async fn rekey(acme: &Acme, before: &str, after: &str) -> bool {
    let (id, project) = (id(), acme.tenant.project_id());
    let digests = (&digest(before), &digest(after));
    acme.writes(async |tx| m2m_clients::rekey(tx, (project, &id), digests).await).await.unwrap()
}

async fn secrets(acme: &Acme) -> (Digest, Option<Digest>) {
    let mut conn = acme.db.read().await.unwrap();
    let kept = m2m_clients::find(&mut conn, acme.tenant.project_id(), &id()).await.unwrap().unwrap();
    (kept.secret_digest, kept.next_secret_digest)
}

async fn holders(acme: &Acme, scope: &str) -> i64 {
    let filters = vec![ClientFilter::Scopes(vec![scope.to_owned()])];
    let query = Query { operator: Operator::And, filters };
    let mut conn = acme.db.survey().await.unwrap();
    m2m_client_search::total(&mut conn, acme.tenant.project_id(), &query).await.unwrap()
}

on_both_databases! {
    async fn of_many_rotations_that_are_started_at_a_time_one_is(db: Db) {
        let acme = acme(&db).await;
        client(&acme, "").await;
        assert_eq!(winners_of_64(&acme, |it| async move { start(&it, "two").await.is_some() }).await, 1);
        assert_eq!(secrets(&acme).await, (digest("one"), Some(digest("two"))));
        assert_eq!(start(&acme, "three").await, None);
        assert_eq!(secrets(&acme).await.1, Some(digest("two")), "what was told stays good");
    }

    async fn of_many_that_finish_a_rotation_one_does(db: Db) {
        let acme = acme(&db).await;
        client(&acme, "").await;
        start(&acme, "two").await.unwrap();
        assert_eq!(winners_of_64(&acme, |it| async move { rotate(&it).await.is_some() }).await, 1);
        assert_eq!(secrets(&acme).await, (digest("two"), None));
    }

    async fn a_rotation_is_finished_or_cancelled_but_not_both(db: Db) {
        let acme = acme(&db).await;
        client(&acme, "").await;
        start(&acme, "two").await.unwrap();
        let (finished, cancelled) = tokio::join!(rotate(&acme), cancel(&acme));
        assert!(finished.is_some() != cancelled.is_some());
        assert_eq!(secrets(&acme).await.0, digest(if finished.is_some() { "two" } else { "one" }));
    }

    async fn nothing_ends_where_nothing_was_started(db: Db) {
        let acme = acme(&db).await;
        client(&acme, "").await;
        assert_eq!((rotate(&acme).await, cancel(&acme).await), (None, None));
        assert_eq!(secrets(&acme).await, (digest("one"), None));
    }

    async fn the_second_secret_takes_everything_of_the_first(db: Db) {
        let acme = acme(&db).await;
        client(&acme, "").await;
        start(&acme, "two").await.unwrap();
        let rotated = rotate(&acme).await.unwrap();
        assert_eq!((rotated.secret_digest, rotated.secret_last_four), (digest("two"), "two".to_owned()));
        assert_eq!((rotated.next_secret_digest, rotated.next_secret_last_four), (None, None));
        assert!(!rotated.secret_is_imported);
    }

    async fn a_secret_is_put_under_another_key_wherever_it_stands(db: Db) {
        let acme = acme(&db).await;
        client(&acme, "").await;
        start(&acme, "two").await.unwrap();
        assert!(rekey(&acme, "two", "two anew").await);
        assert_eq!(secrets(&acme).await, (digest("one"), Some(digest("two anew"))));
        rotate(&acme).await.unwrap();
        assert!(rekey(&acme, "two anew", "two again").await);
        assert!(!rekey(&acme, "one", "one anew").await, "a secret that ended stays ended");
        assert_eq!(secrets(&acme).await, (digest("two again"), None));
    }

    async fn scopes_from_before_there_were_searches_are_listed(db: Db) {
        let acme = acme(&db).await;
        client(&acme, "read:users write:users x").await;
        acme.writes(async |tx| tx.sql("DELETE FROM m2m_client_scopes").execute().await).await.unwrap();
        assert_eq!(holders(&acme, "x").await, 0);
        let migration = include_str!("../../migrations/V13__m2m_search.sql");
        let (_, listing) = migration.split_once("INSERT INTO").unwrap();
        let listing: &'static str = format!("INSERT INTO{}", listing.trim_end().trim_end_matches(';')).leak();
        acme.writes(async |tx| tx.sql(listing).execute().await).await.unwrap();
        for (scope, count) in [("read:users", 1), ("write:users", 1), ("x", 1), ("read", 0), ("", 0)] {
            assert_eq!(holders(&acme, scope).await, count, "{scope}");
        }
    }

    async fn a_deleted_client_leaves_no_scope_behind(db: Db) {
        let acme = acme(&db).await;
        client(&acme, "a b").await;
        let (id, project) = (id(), acme.tenant.project_id());
        assert!(acme.writes(async |tx| m2m_clients::delete(tx, project, &id).await).await.unwrap());
        client(&acme, "b").await;
        assert_eq!((holders(&acme, "a").await, holders(&acme, "b").await), (0, 1));
    }
}
