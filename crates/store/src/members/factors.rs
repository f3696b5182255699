//! The second factors of a member, as the member's row shows them.

use crate::{
    Tenant,
    db::{Conflict, Fault, Tx, statement::sql},
};
use domain::{
    id::{MemberId, PhoneId, TotpRegistrationId},
    members::PhoneState,
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
        "UPDATE members SET phone_id = $4, phone_number = $5, phone_state = $6
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

/// Marks the number confirmed by a code.
///
/// # Errors
/// When the database fails. `Conflict` when another member confirmed it first.
pub async fn confirm_phone(
    tx: &mut Tx,
    tenant: &Tenant,
    id: &MemberId,
    phone_id: &PhoneId,
) -> Result<Result<u64, Conflict>, Fault> {
    tx.sql(sql!(
        "UPDATE members SET phone_state = 'verified'
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND phone_id = $4"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .bind(phone_id)
    .execute_unless_taken()
    .await
}

/// # Errors
/// When the database fails.
pub async fn clear_phone(tx: &mut Tx, tenant: &Tenant, id: &MemberId) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE members SET phone_id = NULL, phone_number = NULL, phone_state = 'named_at_login'
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .execute()
    .await?;
    Ok(())
}

/// Makes a registration the member's.
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
pub async fn set_mfa_enrolled(
    tx: &mut Tx,
    tenant: &Tenant,
    id: &MemberId,
    enrolled: bool,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE members SET mfa_enrolled = $4
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .bind(&enrolled)
    .execute()
    .await?;
    Ok(())
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
