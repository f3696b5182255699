//! Signed heads, one document after the other.

use crate::db::{Conn, Fault, FromRow, RowReader, Tx, statement::sql};
use domain::{Timestamp, audit::heads::SignedHeads};

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
        Ok(Self { number, signed: SignedHeads { document, key_version, signature: row.take()? } })
    }
}

/// The documents after a number, in order.
///
/// # Errors
/// When the database fails.
pub async fn after(conn: &mut Conn, number: i64, limit: i64) -> Result<Vec<StoredHeads>, Fault> {
    conn.sql(sql!(
        "SELECT number, document, key_version, signature FROM audit_heads
          WHERE number > $1 ORDER BY number LIMIT $2"
    ))
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
    conn.sql(sql!(
        "SELECT number, document, key_version, signature FROM audit_heads ORDER BY number DESC LIMIT 1"
    ))
    .optional()
    .await
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
