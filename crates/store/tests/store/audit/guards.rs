//! That the database itself refuses to change what was written.

use super::event;
use crate::fixtures::{Acme, acme};
use store::{Db, audit};

/// What no statement of ours does, each against a log with a chain, two signed
/// heads and a key.
const REFUSED: &[&str] = &[
    "UPDATE audit_events SET actor = 'server'",
    "UPDATE audit_events SET sequence = sequence + 1",
    "UPDATE audit_events SET sequence = NULL, hash = NULL, mac = NULL",
    "UPDATE audit_events SET hash = mac",
    "UPDATE audit_events SET organization_id = NULL",
    "DELETE FROM audit_events",
    "DELETE FROM audit_events WHERE sequence = 1",
    "UPDATE audit_chains SET length = 0",
    "UPDATE audit_chains SET signed_length = -1",
    "UPDATE audit_chains SET organization_id = 'another'",
    "DELETE FROM audit_chains",
    "UPDATE audit_heads SET document = '{}'",
    "UPDATE audit_heads SET number = 7 WHERE number = 2",
    "DELETE FROM audit_heads",
    "DELETE FROM audit_heads WHERE number = 2",
    "UPDATE audit_keys SET version = 7",
    "DELETE FROM audit_keys",
];

const ON_POSTGRES: &[&str] =
    &["TRUNCATE audit_events", "TRUNCATE audit_chains", "TRUNCATE audit_heads", "TRUNCATE audit_keys"];

/// Takes the place of a row in SQLite, without a DELETE.
const ON_SQLITE: &[&str] = &[
    "INSERT OR REPLACE INTO audit_events SELECT audit_event_id, project_id, organization_id, member_id, action, 'server',
       at, details, sequence, hash, mac FROM audit_events",
    "REPLACE INTO audit_heads (number, signed_at, document, key_version, signature) VALUES (2, 9, '{}', 1, '')",
    "REPLACE INTO audit_keys (version, sealed_root, created_at) VALUES (1, 'v1.00', 9)",
];

/// Takes the triggers away, as somebody can who may change the schema.
pub async fn take_away(db: &Db) {
    let triggers: &[&str] = if db.is_postgres() {
        &[
            "DROP TRIGGER audit_events_update ON audit_events",
            "DROP TRIGGER audit_events_delete ON audit_events",
            "DROP TRIGGER audit_chains_delete ON audit_chains",
        ]
    } else {
        &[
            "DROP TRIGGER audit_events_update",
            "DROP TRIGGER audit_events_delete",
            "DROP TRIGGER audit_chains_delete",
        ]
    };
    for text in triggers {
        let mut tx = db.write().await.unwrap();
        tx.sql(text).execute().await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn written(db: &Db) -> Acme {
    let acme = acme(db).await;
    acme.writes(async |tx| {
        for at in 1..=2 {
            audit::append(tx, &event(&acme, &format!("{at}"), at)).await.unwrap();
        }
        for text in [
            "INSERT INTO audit_heads (number, signed_at, document, key_version, signature) VALUES (1, 1, '1', 1, '')",
            "INSERT INTO audit_heads (number, signed_at, document, key_version, signature) VALUES (2, 2, '2', 1, '')",
            "INSERT INTO audit_heads (number, signed_at, document, key_version, signature) VALUES (3, 3, '3', 1, '')",
            "INSERT INTO audit_keys (version, sealed_root, created_at) VALUES (1, 'v1.00', 1)",
        ] {
            tx.sql(text).execute().await.unwrap();
        }
    })
    .await;
    acme
}

async fn run(db: &Db, text: &'static str) -> Result<u64, store::Fault> {
    let mut tx = db.write().await.unwrap();
    let done = tx.sql(text).execute().await?;
    tx.commit().await?;
    Ok(done)
}

on_both_databases! {
    async fn what_was_written_can_neither_be_changed_nor_deleted(db: Db) {
        written(&db).await;
        for text in REFUSED {
            assert!(run(&db, text).await.is_err(), "{text}");
        }
        for text in if db.is_postgres() { ON_POSTGRES } else { &[] } {
            assert!(run(&db, text).await.is_err(), "{text}");
        }
        for text in if db.is_postgres() { &[] } else { ON_SQLITE } {
            assert_eq!(run(&db, text).await.unwrap(), 0, "{text}");
        }
    }

    async fn heads_go_where_a_later_one_bridges_them_and_keys_are_sealed_anew(db: Db) {
        written(&db).await;
        assert_eq!(run(&db, "UPDATE audit_heads SET bridged_from = 1, bridge = '' WHERE number = 3").await.unwrap(), 1);
        assert!(run(&db, "DELETE FROM audit_heads WHERE number IN (1, 3)").await.is_err());
        assert_eq!(run(&db, "DELETE FROM audit_heads WHERE number = 2").await.unwrap(), 1);
        assert_eq!(run(&db, "UPDATE audit_keys SET sealed_root = 'v2.00'").await.unwrap(), 1);
    }

    async fn rows_from_before_are_chained_until_there_is_a_key_and_nothing_else_of_them_changes(db: Db) {
        let acme = acme(&db).await;
        acme.writes(async |tx| audit::append(tx, &event(&acme, "one", 1)).await).await.unwrap();
        let before = "INSERT INTO audit_events SELECT 'earlier', project_id, organization_id, member_id, action, actor,
                        at, details, NULL, NULL, NULL FROM audit_events";
        run(&db, before).await.unwrap();
        let changed = "UPDATE audit_events SET sequence = 2, at = 9 WHERE sequence IS NULL";
        assert!(run(&db, changed).await.is_err());
        run(&db, "INSERT INTO audit_keys (version, sealed_root, created_at) VALUES (1, 'v1.00', 1)").await.unwrap();
        let chained = "UPDATE audit_events SET sequence = 2 WHERE sequence IS NULL";
        assert!(run(&db, chained).await.is_err());
    }
}
