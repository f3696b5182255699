//! Discovery links: single-use tokens mailed to an address, whoever has it.

use crate::db::{Conn, Fault, FromRow, RowReader, Tx, statement::sql};
use domain::{Timestamp, digest::Digest, email::EmailAddress, id::ProjectId, pkce::Challenge};

#[derive(Debug, Clone)]
pub struct DiscoveryLink {
    /// As it was given.
    pub email_address: EmailAddress,
    pub pkce_challenge: Option<Challenge>,
    pub expires_at: Timestamp,
}

impl FromRow for DiscoveryLink {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        Ok(Self { email_address: row.take()?, pkce_challenge: row.take()?, expires_at: row.take()? })
    }
}

/// # Errors
/// When the database fails.
pub async fn create(
    tx: &mut Tx,
    project: &ProjectId,
    digest: &Digest,
    it: &DiscoveryLink,
    now: Timestamp,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "INSERT INTO discovery_links (token_digest, project_id, email_address, pkce_challenge, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)"
    ))
    .bind(digest)
    .bind(project)
    .bind(&it.email_address)
    .bind(&it.pkce_challenge)
    .bind(&now)
    .bind(&it.expires_at)
    .execute()
    .await?;
    Ok(())
}

/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut Conn,
    project: &ProjectId,
    digest: &Digest,
) -> Result<Option<DiscoveryLink>, Fault> {
    conn.sql(sql!(
        "SELECT email_address, pkce_challenge, expires_at FROM discovery_links
          WHERE project_id = $1 AND token_digest = $2"
    ))
    .bind(project)
    .bind(digest)
    .optional()
    .await
}

/// Spends a link; of any number of callers, at most one gets `true`.
///
/// # Errors
/// When the database fails.
pub async fn spend(tx: &mut Tx, project: &ProjectId, digest: &Digest, now: Timestamp) -> Result<bool, Fault> {
    let spent = tx
        .sql(sql!(
            "UPDATE discovery_links SET spent_at = $3
              WHERE project_id = $1 AND token_digest = $2 AND spent_at IS NULL AND expires_at > $3"
        ))
        .bind(project)
        .bind(digest)
        .bind(&now)
        .execute()
        .await?;
    Ok(spent == 1)
}
