//! After a database was put back to an earlier moment: nothing that works once
//! may work again.

use crate::{
    db::{Fault, Tx, statement::sql},
    tables::{InBackup, TABLES},
};
use domain::Timestamp;

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
