//! Password resets: single-use tokens mailed to a member, which set a password.

use crate::{
    Tenant,
    db::{Conn, Fault, FromRow, RowReader, Tx, statement::sql},
};
use domain::{
    Timestamp,
    digest::Digest,
    id::{EmailId, MemberId, OrganizationId, ProjectId},
    pkce::Challenge,
};

#[derive(Debug, Clone)]
pub struct PasswordReset {
    pub organization_id: OrganizationId,
    pub member_id: MemberId,
    /// The address it was mailed to.
    pub email_id: EmailId,
    pub pkce_challenge: Option<Challenge>,
    pub expires_at: Timestamp,
    pub spent_at: Option<Timestamp>,
}

impl PasswordReset {
    /// Whether it can still be spent, as far as anybody knows who does not spend it.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.spent_at.is_none() && self.expires_at > now
    }
}

impl FromRow for PasswordReset {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        Ok(Self {
            organization_id: row.take()?,
            member_id: row.take()?,
            email_id: row.take()?,
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
    tenant: &Tenant,
    digest: &Digest,
    it: &PasswordReset,
    now: Timestamp,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "INSERT INTO password_resets (token_digest, project_id, organization_id, member_id, email_id,
                                      pkce_challenge, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    ))
    .bind(digest)
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(&it.member_id)
    .bind(&it.email_id)
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
) -> Result<Option<PasswordReset>, Fault> {
    conn.sql(sql!(
        "SELECT organization_id, member_id, email_id, pkce_challenge, expires_at, spent_at FROM password_resets
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
    tenant: &Tenant,
    (member, email): (&MemberId, &EmailId),
    digest: &Digest,
    now: Timestamp,
) -> Result<bool, Fault> {
    let spent = tx
        .sql(sql!(
            "UPDATE password_resets SET spent_at = $6
              WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND email_id = $4
                AND token_digest = $5 AND spent_at IS NULL AND expires_at > $6"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(member)
        .bind(email)
        .bind(digest)
        .bind(&now)
        .execute()
        .await?;
    Ok(spent == 1)
}

/// Ends every open one of a member.
///
/// # Errors
/// When the database fails.
pub async fn end_all_of(
    tx: &mut Tx,
    tenant: &Tenant,
    member: &MemberId,
    now: Timestamp,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE password_resets SET spent_at = $4
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND spent_at IS NULL"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(member)
    .bind(&now)
    .execute()
    .await?;
    Ok(())
}
