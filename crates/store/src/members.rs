//! Members: finding them, and the parts of them that change.

mod factors;
mod finding;
mod invitation;
pub mod shared_numbers;

pub use factors::{
    Completed, activate_totp, clear_phone, clear_totp, complete_second_factor, confirm_phone, phone_is_taken,
    set_default_mfa_method, set_phone,
};
pub use finding::{by_email, by_id, by_password_id, find, in_project};
pub use invitation::invite;

use crate::{
    Tenant,
    db::{Conflict, Conn, Fault, Table, Tx, statement::sql},
    folding,
};
use domain::{
    Timestamp,
    id::{MemberId, MemberPasswordId},
    members::Member,
};

/// Locks the member for the rest of the transaction and reads it as it is
/// now. Every change of a member begins with it.
///
/// # Errors
/// When the database fails.
pub async fn lock(
    tx: &mut Tx,
    tenant: &Tenant,
    id: &MemberId,
    now: Timestamp,
) -> Result<Option<Member>, Fault> {
    tx.sql(sql!(
        "UPDATE members SET updated_at = $4
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3
      RETURNING ",
        Member::COLUMNS
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .bind(&now)
    .optional()
    .await
}

/// `Conflict` when the external id or the phone number is another member's.
/// The caller has claimed the address first.
///
/// # Errors
/// When the database fails.
pub async fn create(tx: &mut Tx, member: &Member) -> Result<Result<(), Conflict>, Fault> {
    if !tx.insert(member).await? {
        return Ok(Err(Conflict));
    }
    folding::address(tx, member).await?;
    folding::roles(tx, member).await?;
    Ok(Ok(()))
}

/// Writes what administrators may change; the caller holds the lock.
///
/// # Errors
/// When the database fails. `Conflict` when the external id is another member's.
pub async fn save_profile(tx: &mut Tx, tenant: &Tenant, it: &Member) -> Result<Result<u64, Conflict>, Fault> {
    let saved = tx
        .sql(sql!(
            "UPDATE members
            SET name = $4, external_id = $5, is_breakglass = $6, roles = $7, trusted_metadata = $8,
                untrusted_metadata = $9, mfa_enrolled = $10, default_mfa_method = $11
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(&it.member_id)
        .bind(&it.name)
        .bind(&it.external_id)
        .bind(&it.is_breakglass)
        .bind(&it.roles)
        .bind(&it.trusted_metadata)
        .bind(&it.untrusted_metadata)
        .bind(&it.mfa_enrolled)
        .bind(&it.default_mfa_method)
        .execute_unless_taken()
        .await?;
    if saved.is_ok() {
        folding::roles(tx, it).await?;
    }
    Ok(saved)
}

/// The members with a role of their own, in one order for everybody who locks several.
///
/// # Errors
/// When the database fails.
pub async fn with_roles(conn: &mut Conn, tenant: &Tenant) -> Result<Vec<MemberId>, Fault> {
    conn.sql(sql!(
        "SELECT member_id FROM members
          WHERE project_id = $1 AND organization_id = $2 AND roles <> '[]' ORDER BY member_id"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .all()
    .await
}

/// Writes a changed address; the caller holds the lock and has moved the claims.
///
/// # Errors
/// When the database fails.
pub async fn save_email(tx: &mut Tx, tenant: &Tenant, it: &Member) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE members
            SET email_id = $4, email_address = $5, email_address_verified = $6, retired_emails = $7, password_id = $8
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(&it.member_id)
    .bind(&it.email_id)
    .bind(&it.email_address)
    .bind(&it.email_address_verified)
    .bind(&it.retired_emails)
    .bind(&it.password_id)
    .execute()
    .await?;
    folding::address(tx, it).await
}

/// Lets a member in at the first door: pending and invited ones become
/// active, a proved address verified. Nobody when the member was deleted
/// meanwhile; the row stays locked, so that a deletion comes before or after.
///
/// # Errors
/// When the database fails.
pub async fn admit(
    tx: &mut Tx,
    tenant: &Tenant,
    id: &MemberId,
    proves_email: bool,
) -> Result<Option<Member>, Fault> {
    tx.sql(sql!(
        "UPDATE members
            SET status = 'active', email_address_verified = email_address_verified OR $4
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND status <> 'deleted'
      RETURNING ",
        Member::COLUMNS
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .bind(&proves_email)
    .optional()
    .await
}

/// Marks a member deleted; the caller takes their tokens and factors away.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, tenant: &Tenant, id: &MemberId) -> Result<bool, Fault> {
    let deleted = tx
        .sql(sql!(
            "UPDATE members SET status = 'deleted'
              WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND status <> 'deleted'"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(id)
        .execute()
        .await?;
    Ok(deleted == 1)
}

/// # Errors
/// When the database fails. `Conflict` when the external id or phone number went to another member.
pub async fn reactivate(tx: &mut Tx, tenant: &Tenant, id: &MemberId) -> Result<Result<u64, Conflict>, Fault> {
    tx.sql(sql!(
        "UPDATE members SET status = 'active'
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND status = 'deleted'"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .execute_unless_taken()
    .await
}

/// # Errors
/// When the database fails.
pub async fn set_password_id(
    tx: &mut Tx,
    tenant: &Tenant,
    id: &MemberId,
    password: Option<&MemberPasswordId>,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE members SET password_id = $4 WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .bind(&password.cloned())
    .execute()
    .await?;
    Ok(())
}
