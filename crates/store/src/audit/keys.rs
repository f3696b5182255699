//! The key that proves the audit log, as it is kept.

use crate::db::{Conn, Fault, FromRow, RowReader, Tx, statement::sql};
use domain::{Timestamp, sealing::Sealed};

#[derive(Debug, Clone)]
pub struct StoredKey {
    pub version: i64,
    pub sealed_root: Sealed,
    pub created_at: Timestamp,
}

impl FromRow for StoredKey {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        Ok(Self { version: row.take()?, sealed_root: row.take()?, created_at: row.take()? })
    }
}

/// Every version, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all(conn: &mut Conn) -> Result<Vec<StoredKey>, Fault> {
    conn.sql(sql!("SELECT version, sealed_root, created_at FROM audit_keys ORDER BY version")).all().await
}

/// When the newest version was made.
///
/// # Errors
/// When the database fails.
pub async fn newest_since(conn: &mut Conn) -> Result<Option<Timestamp>, Fault> {
    conn.sql(sql!("SELECT created_at FROM audit_keys ORDER BY version DESC LIMIT 1")).optional().await
}

/// Adds a version; `false` when another was faster.
///
/// # Errors
/// When the database fails.
pub async fn add(tx: &mut Tx, key: &StoredKey) -> Result<bool, Fault> {
    let added = tx
        .sql(sql!(
            "INSERT INTO audit_keys (version, sealed_root, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
        ))
        .bind(&key.version)
        .bind(&key.sealed_root)
        .bind(&key.created_at)
        .execute()
        .await?;
    Ok(added == 1)
}

/// Whether there is a version, which this process may not have taken up yet.
///
/// # Errors
/// When the database fails.
pub(super) async fn is_there(conn: &mut Conn, version: i64) -> Result<bool, Fault> {
    let found: Option<i64> =
        conn.sql(sql!("SELECT version FROM audit_keys WHERE version = $1")).bind(&version).optional().await?;
    Ok(found.is_some())
}

/// Puts a version under another server key; `false` when somebody else did.
///
/// # Errors
/// When the database fails.
pub async fn renew(tx: &mut Tx, before: &StoredKey, sealed: &Sealed) -> Result<bool, Fault> {
    let renewed = tx
        .sql(sql!("UPDATE audit_keys SET sealed_root = $3 WHERE version = $1 AND sealed_root = $2"))
        .bind(&before.version)
        .bind(&before.sealed_root)
        .bind(sealed)
        .execute()
        .await?;
    Ok(renewed == 1)
}
