//! Which member has which address: at most one per organization, retired ones included.

use crate::{
    Tenant,
    db::{Conn, Fault, Tx, statement::sql},
};
use domain::{email::EmailAddress, id::MemberId};

/// Who has an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub member_id: MemberId,
    pub is_retired: bool,
}

/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Conn, tenant: &Tenant, email: &EmailAddress) -> Result<Option<Claim>, Fault> {
    let found: Option<(MemberId, bool)> = conn
        .sql(sql!(
            "SELECT member_id, is_retired FROM email_claims
              WHERE project_id = $1 AND organization_id = $2 AND email_canonical = $3"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(&email.canonical().to_owned())
        .optional()
        .await?;
    Ok(found.map(|(member_id, is_retired)| Claim { member_id, is_retired }))
}

/// Takes an address as a member's primary one; an address the member retired
/// is taken back. `false` when it is another member's.
///
/// # Errors
/// When the database fails.
pub async fn take(
    tx: &mut Tx,
    tenant: &Tenant,
    email: &EmailAddress,
    member: &MemberId,
) -> Result<bool, Fault> {
    let taken = tx
        .sql(sql!(
            "INSERT INTO email_claims (organization_id, email_canonical, project_id, member_id, is_retired)
             VALUES ($1, $2, $3, $4, FALSE)
             ON CONFLICT (organization_id, email_canonical)
             DO UPDATE SET is_retired = FALSE WHERE email_claims.member_id = $4"
        ))
        .bind(tenant.organization_id())
        .bind(&email.canonical().to_owned())
        .bind(tenant.project_id())
        .bind(member)
        .execute()
        .await?;
    Ok(taken == 1)
}

/// Keeps an address closed to others while the member no longer uses it.
///
/// # Errors
/// When the database fails.
pub async fn retire(
    tx: &mut Tx,
    tenant: &Tenant,
    email: &EmailAddress,
    member: &MemberId,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE email_claims SET is_retired = TRUE
          WHERE project_id = $1 AND organization_id = $2 AND email_canonical = $3 AND member_id = $4"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(&email.canonical().to_owned())
    .bind(member)
    .execute()
    .await?;
    Ok(())
}

/// Frees one address.
///
/// # Errors
/// When the database fails.
pub async fn release(
    tx: &mut Tx,
    tenant: &Tenant,
    email: &EmailAddress,
    member: &MemberId,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "DELETE FROM email_claims
          WHERE project_id = $1 AND organization_id = $2 AND email_canonical = $3 AND member_id = $4"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(&email.canonical().to_owned())
    .bind(member)
    .execute()
    .await?;
    Ok(())
}

/// Frees every address of a member.
///
/// # Errors
/// When the database fails.
pub async fn release_all_of(tx: &mut Tx, tenant: &Tenant, member: &MemberId) -> Result<(), Fault> {
    tx.sql(sql!(
        "DELETE FROM email_claims WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(member)
    .execute()
    .await?;
    Ok(())
}
