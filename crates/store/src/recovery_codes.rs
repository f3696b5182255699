//! Recovery codes: digests to compare, and sealed copies where the project reads them back.

use crate::{
    Tenant,
    db::{Conn, Fault, Tx, statement::sql},
};
use domain::{
    Timestamp,
    digest::Digest,
    id::{MemberId, RecoveryCodeId, TotpRegistrationId},
    sealing::Sealed,
};

/// A code to keep.
#[derive(Debug, Clone)]
pub struct StoredCode {
    pub digest: Digest,
    pub id: RecoveryCodeId,
    pub registration: TotpRegistrationId,
    pub sealed: Option<Sealed>,
}

/// Puts a set in place of every earlier code of the member.
///
/// # Errors
/// When the database fails.
pub async fn replace(
    tx: &mut Tx,
    tenant: &Tenant,
    member: &MemberId,
    codes: &[StoredCode],
) -> Result<(), Fault> {
    delete_all_of(tx, tenant, member).await?;
    for (position, code) in (0_i64..).zip(codes) {
        tx.sql(sql!(
            "INSERT INTO recovery_codes (organization_id, member_id, code_digest, project_id, recovery_code_id,
                                         totp_registration_id, position, sealed_code)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ))
        .bind(tenant.organization_id())
        .bind(member)
        .bind(&code.digest)
        .bind(tenant.project_id())
        .bind(&code.id)
        .bind(&code.registration)
        .bind(&position)
        .bind(&code.sealed)
        .execute()
        .await?;
    }
    Ok(())
}

/// Spends a code; of any number of callers, at most one gets it.
///
/// # Errors
/// When the database fails.
pub async fn spend(
    tx: &mut Tx,
    tenant: &Tenant,
    member: &MemberId,
    digest: &Digest,
    now: Timestamp,
) -> Result<Option<RecoveryCodeId>, Fault> {
    tx.sql(sql!(
        "UPDATE recovery_codes SET spent_at = $5, sealed_code = NULL
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND code_digest = $4 AND spent_at IS NULL
      RETURNING recovery_code_id"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(member)
    .bind(digest)
    .bind(&now)
    .optional()
    .await
}

/// The unspent codes in their order, with the sealed copy where one was kept.
///
/// # Errors
/// When the database fails.
pub async fn unspent(
    conn: &mut Conn,
    tenant: &Tenant,
    member: &MemberId,
) -> Result<Vec<(RecoveryCodeId, Option<Sealed>)>, Fault> {
    conn.sql(sql!(
        "SELECT recovery_code_id, sealed_code FROM recovery_codes
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND spent_at IS NULL
          ORDER BY position"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(member)
    .all()
    .await
}

/// How many codes the member has, spent ones included.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut Conn, tenant: &Tenant, member: &MemberId) -> Result<i64, Fault> {
    let count: Option<i64> = conn
        .sql(sql!(
            "SELECT CAST(count(*) AS BIGINT) FROM recovery_codes
              WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(member)
        .optional()
        .await?;
    Ok(count.unwrap_or(0))
}

/// # Errors
/// When the database fails.
pub async fn delete_all_of(tx: &mut Tx, tenant: &Tenant, member: &MemberId) -> Result<(), Fault> {
    tx.sql(sql!(
        "DELETE FROM recovery_codes WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(member)
    .execute()
    .await?;
    Ok(())
}
