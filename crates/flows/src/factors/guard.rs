//! Who may add a factor (MFA rules 24 to 26).

use crate::{
    Call, Result,
    presented::{self, Credentials, Presented},
    rights,
};
use domain::{
    Refusal,
    email::EmailAddress,
    id::ProjectId,
    members::{Member, Status},
    mfa::{self, Method},
};
use store::{Conn, Tenant, members, tenant};

/// The named tenant and member.
///
/// # Errors
/// `OrganizationNotFound`, `MemberNotFound`; deleted members are not found.
pub async fn named(
    call: &Call,
    conn: &mut Conn,
    organization: &str,
    member: &str,
) -> Result<(Tenant, Member)> {
    let tenant = rights::tenant(call, conn, organization).await?;
    let member = members::find(conn, &tenant, member).await?.filter(|it| !it.is_deleted());
    Ok((tenant, member.ok_or(Refusal::MemberNotFound)?))
}

/// A member as the operator names one: by id, external id or address.
///
/// # Errors
/// `OrganizationNotFound`, `MemberNotFound`, `InvalidEmail`.
pub async fn of_project(
    conn: &mut Conn,
    project: &ProjectId,
    (organization, member): (&str, &str),
) -> Result<(Tenant, Member)> {
    let tenant = tenant::resolve(conn, project, organization).await?.ok_or(Refusal::OrganizationNotFound)?;
    let found = if member.contains('@') {
        members::by_email(conn, &tenant, &EmailAddress::parse(member)?).await?
    } else {
        members::find(conn, &tenant, member).await?
    };
    Ok((tenant, found.ok_or(Refusal::MemberNotFound)?))
}

/// Checks that the member may use the method here: only active members, only
/// allowed methods, never while locked.
///
/// # Errors
/// `ActionAvailableOnlyForActiveMembers`, `RestrictedByMfaMethods`, `UserLockLimitReached`.
pub fn may_use(call: &Call, tenant: &Tenant, member: &Member, method: Method) -> Result<()> {
    if member.status != Status::Active {
        return Err(Refusal::ActionAvailableOnlyForActiveMembers.into());
    }
    let policy = tenant.organization().mfa_policy();
    if !mfa::allowed(policy, member.is_breakglass).contains(method) {
        return Err(Refusal::RestrictedByMfaMethods.into());
    }
    unlocked(call, member)
}

/// A number too new to confirm a login is not texted, and no code of it compared.
///
/// # Errors
/// `PhoneNumberOnHold`.
pub fn not_on_hold(call: &Call, member: &Member) -> Result<()> {
    if member.phone_is_on_hold(call.now) { Err(Refusal::PhoneNumberOnHold.into()) } else { Ok(()) }
}

/// # Errors
/// `UserLockLimitReached` while the member's second factors are locked.
pub fn unlocked(call: &Call, member: &Member) -> Result<()> {
    if member.second_factor_lock().holds(call.now) {
        Err(Refusal::UserLockLimitReached.into())
    } else {
        Ok(())
    }
}

/// Finds what was shown, if anything; it must be the member's.
///
/// # Errors
/// The refusals of [`presented::optional`].
pub async fn shown(
    call: &Call,
    conn: &mut Conn,
    credentials: &Credentials,
    (tenant, member): (&Tenant, &Member),
) -> Result<Option<Presented>> {
    presented::optional(call, conn, credentials, (tenant, member)).await
}

/// Changing a factor needs a factor: a member with an active one shows it.
///
/// # Errors
/// `InsufficientFactors`.
pub fn may_add(call: &Call, member: &Member, shown: Option<&Presented>) -> Result<()> {
    let proved = shown.map(|it| member.second_factors_in(it.bag(), call.now)).unwrap_or_default();
    if mfa::may_add_factor(member.enrollment(call.now), proved) {
        Ok(())
    } else {
        Err(Refusal::InsufficientFactors.into())
    }
}
