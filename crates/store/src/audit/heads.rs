//! Signed heads, one document after the other.

use crate::db::{Conn, Fault, FromRow, RowReader, Tx, statement::sql};
use domain::{
    Timestamp,
    audit::heads::{Bridge, SignedHeads},
};

const COLUMNS: &str = "number, document, key_version, signature, bridge";

/// A document with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredHeads {
    pub number: i64,
    pub signed: SignedHeads,
}

impl FromRow for StoredHeads {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        let (number, document, version): (i64, String, i64) = (row.take()?, row.take()?, row.take()?);
        let key_version = u32::try_from(version)
            .map_err(|_| Fault::Unreadable("the version of an audit key".to_owned()))?;
        let (signature, bridge): (String, Option<String>) = (row.take()?, row.take()?);
        // One that cannot be read bridges nothing, and `verify` names the gap.
        let bridge = bridge.and_then(|it| serde_json::from_str(&it).ok());
        Ok(Self { number, signed: SignedHeads { document, key_version, signature, bridge } })
    }
}

/// The documents after a number, in order.
///
/// # Errors
/// When the database fails.
pub async fn after(conn: &mut Conn, number: i64, limit: i64) -> Result<Vec<StoredHeads>, Fault> {
    conn.sql(sql!("SELECT ", COLUMNS, " FROM audit_heads WHERE number > $1 ORDER BY number LIMIT $2"))
        .bind(&number)
        .bind(&limit)
        .all()
        .await
}

/// The last document.
///
/// # Errors
/// When the database fails.
pub async fn last(conn: &mut Conn) -> Result<Option<StoredHeads>, Fault> {
    conn.sql(sql!("SELECT ", COLUMNS, " FROM audit_heads ORDER BY number DESC LIMIT 1")).optional().await
}

/// One document.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Conn, number: i64) -> Result<Option<StoredHeads>, Fault> {
    conn.sql(sql!("SELECT ", COLUMNS, " FROM audit_heads WHERE number = $1")).bind(&number).optional().await
}

/// What thinning out asks of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signing {
    pub number: i64,
    pub signed_at: Timestamp,
    /// Whether it is the newest of some chain, or introduces a key.
    pub is_needed: bool,
}

impl FromRow for Signing {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        let (number, signed_at, uses): (i64, Timestamp, i64) = (row.take()?, row.take()?, row.take()?);
        Ok(Self { number, signed_at, is_needed: uses > 0 })
    }
}

/// When the documents after a number were signed, in order.
///
/// # Errors
/// When the database fails.
pub async fn signings_after(conn: &mut Conn, number: i64, limit: i64) -> Result<Vec<Signing>, Fault> {
    conn.sql(sql!(
        "SELECT number, signed_at,
                (SELECT CAST(count(*) AS BIGINT) FROM audit_chains WHERE signed_in = audit_heads.number)
                  + CAST(CASE WHEN document LIKE '%\"keys\":%' THEN 1 ELSE 0 END AS BIGINT)
           FROM audit_heads WHERE number > $1 ORDER BY number LIMIT $2"
    ))
    .bind(&number)
    .bind(&limit)
    .all()
    .await
}

/// Deletes the documents between two, of which the later one says so from now
/// on; how many. None when one of the two is gone: another node was faster.
///
/// # Errors
/// When the database fails.
pub async fn bridge(tx: &mut Tx, bridge: &Bridge, to: i64) -> Result<Option<u64>, Fault> {
    // One node at a time, so that neither bridges from what the other deletes.
    tx.sql(sql!("UPDATE audit_heads SET bridge = bridge WHERE number = 1")).execute().await?;
    let text = serde_json::to_string(bridge).map_err(|error| Fault::Unreadable(error.to_string()))?;
    let bridged = tx
        .sql(sql!(
            "UPDATE audit_heads SET bridged_from = $2, bridge = $3
              WHERE number = $1 AND EXISTS (SELECT 1 FROM audit_heads WHERE number = $2)"
        ))
        .bind(&to)
        .bind(&bridge.from)
        .bind(&text)
        .execute()
        .await?;
    if bridged == 0 {
        return Ok(None);
    }
    let deleted = tx.sql(sql!("DELETE FROM audit_heads WHERE number > $1 AND number < $2"));
    Ok(Some(deleted.bind(&bridge.from).bind(&to).execute().await?))
}

/// Adds a document; `false` when another node was faster.
///
/// # Errors
/// When the database fails.
pub async fn add(tx: &mut Tx, heads: &StoredHeads, now: Timestamp) -> Result<bool, Fault> {
    let added = tx
        .sql(sql!(
            "INSERT INTO audit_heads (number, signed_at, document, key_version, signature)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"
        ))
        .bind(&heads.number)
        .bind(&now)
        .bind(&heads.signed.document)
        .bind(&i64::from(heads.signed.key_version))
        .bind(&heads.signed.signature)
        .execute()
        .await?;
    Ok(added == 1)
}
