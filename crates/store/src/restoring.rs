//! After a database was put back to an earlier moment: nothing that works once
//! may work again.

use crate::{
    db::{Db, Fault, Tx, statement::sql},
    tables::{InBackup, TABLES},
};
use domain::Timestamp;

/// The mark of a restore that was begun and has not ended: a table of its own,
/// because it is there before the schema is. No migration makes it.
const UNDER_WAY: &str = "restore_under_way";

/// Marks a database before anything is put into it or thrown away; again, nothing.
///
/// # Errors
/// When the database fails.
pub async fn begin(db: &Db) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    tx.sql("CREATE TABLE IF NOT EXISTS restore_under_way (name TEXT PRIMARY KEY)").execute().await?;
    tx.commit().await
}

/// Marks a database and throws away everything else it holds.
///
/// # Errors
/// When the database fails; then the mark is there, and what was not thrown away.
pub async fn make_room(db: &Db) -> Result<(), Fault> {
    begin(db).await?;
    db.drop_all_but(UNDER_WAY).await
}

/// Whether there is nothing in it, but for the mark.
///
/// # Errors
/// When the database fails.
pub async fn has_room(db: &Db) -> Result<bool, Fault> {
    Ok(db.tables().await?.iter().all(|it| it == UNDER_WAY))
}

/// Takes the mark away, the last of a restore.
///
/// # Errors
/// When the database fails, or has no mark.
pub async fn finish(db: &Db) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    tx.sql("DROP TABLE restore_under_way").execute().await?;
    tx.commit().await
}

/// Whether a restore was begun here and did not end: what is there may be half,
/// and what works once may work again.
///
/// # Errors
/// When the database fails.
pub async fn is_under_way(db: &Db) -> Result<bool, Fault> {
    Ok(db.tables().await?.iter().any(|it| it == UNDER_WAY))
}

/// Ends every session, and removes every code, link and token that works once.
///
/// # Errors
/// When the database fails.
pub async fn end_what_is_short_lived(tx: &mut Tx) -> Result<(), Fault> {
    for (table, rule, _) in TABLES {
        if *rule == InBackup::TooShortLived {
            tx.empty(table).await?;
        }
    }
    tx.sql(sql!("DELETE FROM totps WHERE is_active = FALSE")).execute().await?;
    tx.sql(sql!("UPDATE messages SET state = 'expired', sealed_body = NULL WHERE state = 'waiting'"))
        .execute()
        .await?;
    Ok(())
}

/// Takes no step of an authenticator app up to this one any more; how many were raised.
///
/// # Errors
/// When the database fails.
pub async fn raise_steps(tx: &mut Tx, step: i64) -> Result<u64, Fault> {
    tx.sql(sql!("UPDATE totps SET last_step = $1 WHERE last_step < $1")).bind(&step).execute().await
}

/// Spends every recovery code; how many were left.
///
/// # Errors
/// When the database fails.
pub async fn spend_recovery_codes(tx: &mut Tx, now: Timestamp) -> Result<u64, Fault> {
    tx.sql(sql!("UPDATE recovery_codes SET spent_at = $1, sealed_code = NULL WHERE spent_at IS NULL"))
        .bind(&now)
        .execute()
        .await
}

/// Remembers when the database was put back.
///
/// # Errors
/// When the database fails.
pub async fn mark(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    tx.sql(sql!("UPDATE installation SET restored_at = $1 WHERE name = 'this'")).bind(&now).execute().await?;
    Ok(())
}
