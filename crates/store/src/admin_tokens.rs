//! The tokens of the admin API: digests, and as much as tells one from another.

use crate::{
    columns::table,
    db::{Column, Conn, Fault, FromRow, RowReader, Table, Tx, Value, statement::sql},
};
use domain::{Timestamp, digest::Digest};

/// What is kept of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminToken {
    pub token_digest: Digest,
    /// Whose it is, or what for.
    pub name: String,
    /// Its last characters, for people.
    pub last_four: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

table!(AdminToken = "admin_tokens" { token_digest, name, last_four, created_at, expires_at });

/// The token with this digest, while it lasts.
///
/// # Errors
/// When the database fails.
pub async fn live(conn: &mut Conn, token: &Digest, now: Timestamp) -> Result<Option<AdminToken>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        AdminToken::COLUMNS,
        " FROM admin_tokens WHERE token_digest = $1 AND expires_at > $2"
    ))
    .bind(token)
    .bind(&now)
    .optional()
    .await
}

/// Every token, also those that have ended, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all(conn: &mut Conn) -> Result<Vec<AdminToken>, Fault> {
    conn.sql(sql!("SELECT ", AdminToken::COLUMNS, " FROM admin_tokens ORDER BY created_at, token_digest"))
        .all()
        .await
}

/// # Errors
/// When the database fails.
pub async fn add(tx: &mut Tx, token: &AdminToken) -> Result<bool, Fault> {
    tx.insert(token).await
}

/// # Errors
/// When the database fails.
pub async fn remove(tx: &mut Tx, token: &Digest) -> Result<bool, Fault> {
    let removed =
        tx.sql(sql!("DELETE FROM admin_tokens WHERE token_digest = $1")).bind(token).execute().await?;
    Ok(removed == 1)
}
