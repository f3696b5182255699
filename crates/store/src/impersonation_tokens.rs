//! Tokens with which somebody acts in a member's name, once.

use crate::{
    Tenant,
    db::{Conn, Fault, FromRow, RowReader, Tx, statement::sql},
};
use domain::{
    Timestamp,
    digest::Digest,
    email::EmailAddress,
    id::{MemberId, OrganizationId, ProjectId},
};

#[derive(Debug, Clone)]
pub struct ImpersonationToken {
    pub organization_id: OrganizationId,
    pub member_id: MemberId,
    pub impersonator_id: String,
    pub impersonator_email_address: EmailAddress,
    pub reason: String,
    pub expires_at: Timestamp,
}

impl FromRow for ImpersonationToken {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        Ok(Self {
            organization_id: row.take()?,
            member_id: row.take()?,
            impersonator_id: row.take()?,
            impersonator_email_address: row.take()?,
            reason: row.take()?,
            expires_at: row.take()?,
        })
    }
}

/// # Errors
/// When the database fails.
pub async fn create(
    tx: &mut Tx,
    tenant: &Tenant,
    digest: &Digest,
    it: &ImpersonationToken,
    now: Timestamp,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "INSERT INTO impersonation_tokens (token_digest, project_id, organization_id, member_id, impersonator_id,
                                           impersonator_email_address, reason, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    ))
    .bind(digest)
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(&it.member_id)
    .bind(&it.impersonator_id)
    .bind(&it.impersonator_email_address)
    .bind(&it.reason)
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
) -> Result<Option<ImpersonationToken>, Fault> {
    conn.sql(sql!(
        "SELECT organization_id, member_id, impersonator_id, impersonator_email_address, reason, expires_at
           FROM impersonation_tokens WHERE project_id = $1 AND token_digest = $2"
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
pub async fn spend(tx: &mut Tx, tenant: &Tenant, digest: &Digest, now: Timestamp) -> Result<bool, Fault> {
    let spent = tx
        .sql(sql!(
            "UPDATE impersonation_tokens SET spent_at = $4
              WHERE project_id = $1 AND organization_id = $2 AND token_digest = $3
                AND spent_at IS NULL AND expires_at > $4"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(digest)
        .bind(&now)
        .execute()
        .await?;
    Ok(spent == 1)
}

/// Ends every open token for a member.
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
        "UPDATE impersonation_tokens SET spent_at = $4
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
