//! The second factors of a member, as the member's row shows them.

use crate::{
    Tenant,
    db::{Conflict, Conn, Fault, Table, Tx, statement::sql},
};
use domain::{
    Timestamp,
    id::{MemberId, PhoneId, TotpRegistrationId},
    members::{Member, PhoneState},
    mfa::Method,
    phone::PhoneNumber,
};

/// Gives the member a number, in place of none or of an unconfirmed one.
///
/// # Errors
/// When the database fails. `Conflict` when it is another member's.
pub async fn set_phone(
    tx: &mut Tx,
    tenant: &Tenant,
    id: &MemberId,
    (phone_id, number, state): (&PhoneId, &PhoneNumber, PhoneState),
) -> Result<Result<u64, Conflict>, Fault> {
    tx.sql(sql!(
        "UPDATE members SET phone_id = $4, phone_number = $5, phone_state = $6, phone_held_until = NULL
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3
            AND (phone_number IS NULL OR phone_state <> 'verified')"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .bind(phone_id)
    .bind(number)
    .bind(&state)
    .execute_unless_taken()
    .await
}

/// Marks the number confirmed by a code; until then at the earliest it confirms a login.
///
/// # Errors
/// When the database fails. `Conflict` when another member confirmed it first.
pub async fn confirm_phone(
    tx: &mut Tx,
    tenant: &Tenant,
    id: &MemberId,
    (phone_id, held_until): (&PhoneId, Option<Timestamp>),
) -> Result<Result<u64, Conflict>, Fault> {
    tx.sql(sql!(
        "UPDATE members SET phone_state = 'verified', phone_held_until = $5
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND phone_id = $4"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .bind(phone_id)
    .bind(&held_until)
    .execute_unless_taken()
    .await
}

/// # Errors
/// When the database fails.
pub async fn clear_phone(tx: &mut Tx, tenant: &Tenant, id: &MemberId) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE members SET phone_id = NULL, phone_number = NULL, phone_state = 'named_at_login',
                phone_held_until = NULL
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .execute()
    .await?;
    Ok(())
}

/// What a completed second factor leaves behind.
#[derive(Debug, Clone)]
pub struct Completed {
    pub mfa_enrolled: bool,
    pub default_mfa_method: Option<Method>,
    pub totp_registration_id: Option<TotpRegistrationId>,
}

/// Writes it down, and forgets the failures before it. Nobody when the member is gone.
///
/// # Errors
/// When the database fails.
pub async fn complete_second_factor(
    tx: &mut Tx,
    tenant: &Tenant,
    id: &MemberId,
    it: &Completed,
) -> Result<Option<Member>, Fault> {
    tx.sql(sql!(
        "UPDATE members
            SET mfa_enrolled = $4, default_mfa_method = $5, totp_registration_id = $6, had_second_factor = TRUE,
                second_factor_failures = 0, second_factor_failures_total = 0,
                second_factor_locked_at = NULL, second_factor_locked_until = NULL
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND status = 'active'
      RETURNING ",
        Member::COLUMNS
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .bind(&it.mfa_enrolled)
    .bind(&it.default_mfa_method)
    .bind(&it.totp_registration_id)
    .optional()
    .await
}

/// Makes an imported registration the member's.
///
/// # Errors
/// When the database fails.
pub async fn activate_totp(
    tx: &mut Tx,
    tenant: &Tenant,
    id: &MemberId,
    registration: &TotpRegistrationId,
) -> Result<(), Fault> {
    set_totp(tx, tenant, id, Some(registration)).await
}

/// # Errors
/// When the database fails.
pub async fn clear_totp(tx: &mut Tx, tenant: &Tenant, id: &MemberId) -> Result<(), Fault> {
    set_totp(tx, tenant, id, None).await
}

/// # Errors
/// When the database fails.
pub async fn set_default_mfa_method(
    tx: &mut Tx,
    tenant: &Tenant,
    id: &MemberId,
    method: Option<Method>,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE members SET default_mfa_method = $4
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .bind(&method)
    .execute()
    .await?;
    Ok(())
}

async fn set_totp(
    tx: &mut Tx,
    tenant: &Tenant,
    id: &MemberId,
    registration: Option<&TotpRegistrationId>,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE members SET totp_registration_id = $4
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .bind(&registration.cloned())
    .execute()
    .await?;
    Ok(())
}

/// Whether a number is another live member's: confirmed by them, or set by an administrator.
///
/// # Errors
/// When the database fails.
pub async fn phone_is_taken(
    conn: &mut Conn,
    tenant: &Tenant,
    id: &MemberId,
    number: &PhoneNumber,
) -> Result<bool, Fault> {
    let other: Option<MemberId> = conn
        .sql(sql!(
            "SELECT member_id FROM members
              WHERE project_id = $1 AND organization_id = $2 AND phone_number = $3 AND member_id <> $4
                AND status <> 'deleted' AND phone_number IS NOT NULL AND phone_state <> 'named_at_login'"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(number)
        .bind(id)
        .optional()
        .await?;
    Ok(other.is_some())
}
