use crate::{
    databases::Place,
    fixtures::{NOON, sealed},
};
use store::{
    Db, Tx,
    installation::{self, Mode},
};

async fn mark(db: &Db, mode: Mode) -> bool {
    let mut tx = db.write().await.unwrap();
    let marked = installation::mark(&mut tx, mode, &sealed("check"), NOON).await.unwrap();
    tx.commit().await.unwrap();
    marked
}

async fn set_clock(db: &Db, offset: i64) -> i64 {
    let mut tx = db.write().await.unwrap();
    installation::set_clock_offset(&mut tx, offset).await.unwrap();
    tx.commit().await.unwrap();
    installation::find(&mut db.read().await.unwrap()).await.unwrap().unwrap().clock_offset
}

/// A history that refuses every entry.
async fn refuse_history(tx: &mut Tx) {
    tx.sql(
        "CREATE TABLE refinery_schema_history
             (version INTEGER PRIMARY KEY, name VARCHAR(255), applied_on VARCHAR(255),
              checksum VARCHAR(255) CHECK (checksum = 'never'))",
    )
    .execute()
    .await
    .unwrap();
}

async fn a_migration_that_cannot_be_recorded_leaves_nothing_behind(place: Place) {
    let db = place.open().await;
    let mut tx = db.write().await.unwrap();
    refuse_history(&mut tx).await;
    tx.commit().await.unwrap();
    assert!(db.migrate().await.is_err());
    assert_eq!(db.tables().await.unwrap(), ["refinery_schema_history"]);
}

async fn many_servers_may_migrate_at_a_time(place: Place) {
    let mut servers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let db = place.open().await;
        servers.spawn(async move { db.migrate().await });
    }
    for migrated in servers.join_all().await {
        migrated.unwrap();
    }
    assert!(mark(&place.open().await, Mode::Serve).await);
}

async fn everything_dropped_can_be_migrated_again(place: Place) {
    let db = place.migrated().await;
    mark(&db, Mode::Dev).await;
    db.drop_everything().await.unwrap();
    assert_eq!(db.tables().await.unwrap(), [""; 0]);
    db.migrate().await.unwrap();
    assert!(mark(&db, Mode::Dev).await);
}

macro_rules! in_both_places {
    ($($name:ident)*) => {$(
        mod $name {
            use super::Place;

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                super::$name(Place::sqlite()).await;
            }
            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                if let Some(empty) = testpg::fresh_database().await {
                    super::$name(Place::Postgres(empty)).await;
                }
            }
        }
    )*};
}

in_both_places! {
    a_migration_that_cannot_be_recorded_leaves_nothing_behind
    many_servers_may_migrate_at_a_time
    everything_dropped_can_be_migrated_again
}

on_both_databases! {
    async fn a_database_is_marked_once(db: Db) {
        assert!(mark(&db, Mode::Serve).await);
        assert!(!mark(&db, Mode::Dev).await);
        let installation = installation::find(&mut db.read().await.unwrap()).await.unwrap().unwrap();
        assert_eq!((installation.mode, installation.key_check), (Mode::Serve, sealed("check")));
    }

    async fn the_clock_of_a_real_database_does_not_move(db: Db) {
        mark(&db, Mode::Serve).await;
        assert_eq!(set_clock(&db, 1000).await, 0);
    }

    async fn the_clock_of_a_development_database_moves(db: Db) {
        mark(&db, Mode::Dev).await;
        assert_eq!(set_clock(&db, 1000).await, 1000);
    }

    async fn migrating_twice_changes_nothing(db: Db) {
        mark(&db, Mode::Serve).await;
        db.migrate().await.unwrap();
        assert!(!mark(&db, Mode::Serve).await);
    }
}
