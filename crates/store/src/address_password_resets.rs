//! Password resets before an organization is chosen: single-use tokens mailed to an address.

use crate::db::{Conn, Fault, FromRow, RowReader, Tx, statement::sql};
use domain::{Timestamp, digest::Digest, email::EmailAddress, id::ProjectId, pkce::Challenge};

#[derive(Debug, Clone)]
pub struct AddressPasswordReset {
    /// In canonical form.
    pub email: EmailAddress,
    pub pkce_challenge: Option<Challenge>,
    pub expires_at: Timestamp,
    pub spent_at: Option<Timestamp>,
}

impl AddressPasswordReset {
    /// Whether it can still be spent, as far as anybody knows who does not spend it.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.spent_at.is_none() && self.expires_at > now
    }
}

impl FromRow for AddressPasswordReset {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        Ok(Self {
            email: row.take()?,
            pkce_challenge: row.take()?,
            expires_at: row.take()?,
            spent_at: row.take()?,
        })
    }
}

/// # Errors
/// When the database fails.
pub async fn create(
    tx: &mut Tx,
    project: &ProjectId,
    digest: &Digest,
    it: &AddressPasswordReset,
    now: Timestamp,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "INSERT INTO address_password_resets (token_digest, project_id, email_canonical, pkce_challenge,
                                              created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)"
    ))
    .bind(digest)
    .bind(project)
    .bind(&it.email.canonical().to_owned())
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
) -> Result<Option<AddressPasswordReset>, Fault> {
    conn.sql(sql!(
        "SELECT email_canonical, pkce_challenge, expires_at, spent_at FROM address_password_resets
          WHERE project_id = $1 AND token_digest = $2"
    ))
    .bind(project)
    .bind(digest)
    .optional()
    .await
}

/// Spends a token; of any number of callers, at most one gets `true`.
///
/// # Errors
/// When the database fails.
pub async fn spend(
    tx: &mut Tx,
    project: &ProjectId,
    email: &EmailAddress,
    digest: &Digest,
    now: Timestamp,
) -> Result<bool, Fault> {
    let spent = tx
        .sql(sql!(
            "UPDATE address_password_resets SET spent_at = $4
              WHERE project_id = $1 AND email_canonical = $2 AND token_digest = $3
                AND spent_at IS NULL AND expires_at > $4"
        ))
        .bind(project)
        .bind(&email.canonical().to_owned())
        .bind(digest)
        .bind(&now)
        .execute()
        .await?;
    Ok(spent == 1)
}

/// Ends every open one of an address.
///
/// # Errors
/// When the database fails.
pub async fn end_all_of(
    tx: &mut Tx,
    project: &ProjectId,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE address_password_resets SET spent_at = $3
          WHERE project_id = $1 AND email_canonical = $2 AND spent_at IS NULL"
    ))
    .bind(project)
    .bind(&email.canonical().to_owned())
    .bind(&now)
    .execute()
    .await?;
    Ok(())
}
