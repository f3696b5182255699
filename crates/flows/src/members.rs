//! Members, as the project secret manages them.

pub mod create;
pub mod departure;
pub mod email_update;
pub mod passwords;
mod relocation;
pub mod retired_emails;
pub mod search;
pub mod update;

use crate::{Call, Result, rights};
use domain::{Refusal, email::EmailAddress, id::MemberId, members::Member};
use store::{Conn, Tenant, members, organizations, tenant};

/// Finds a member by id, external id or address; both, if both are given, must denote one.
///
/// # Errors
/// `InvalidMemberGetFields`, `MemberNotFound`. Deleted members are found by id only.
pub async fn get(
    call: &Call,
    organization: &str,
    (member, email): (Option<&str>, Option<&EmailAddress>),
) -> Result<(Tenant, Member)> {
    let mut conn = call.app.db.read().await?;
    let tenant = tenant::resolve(&mut conn, &call.project.project_id, organization).await?;
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    let by_reference = match member {
        Some(reference) => {
            Some(members::find(&mut conn, &tenant, reference).await?.ok_or(Refusal::MemberNotFound)?)
        }
        None => None,
    };
    let by_email = match email {
        Some(email) => {
            Some(members::by_email(&mut conn, &tenant, email).await?.ok_or(Refusal::MemberNotFound)?)
        }
        None => None,
    };
    match (by_reference, by_email) {
        (None, None) => Err(Refusal::InvalidMemberGetFields.into()),
        (Some(one), Some(other)) if one.member_id != other.member_id => {
            Err(Refusal::InvalidMemberGetFields.into())
        }
        (Some(member), _) | (None, Some(member)) => Ok((tenant, member)),
    }
}

/// Finds a member of any organization of the project.
///
/// # Errors
/// `MemberNotFound`; deleted members are not found unless asked for.
pub async fn dangerously_get(call: &Call, id: &MemberId, include_deleted: bool) -> Result<(Tenant, Member)> {
    let mut conn = call.app.db.read().await?;
    let found = members::in_project(&mut conn, &call.project.project_id, id).await?;
    let found = found.filter(|(_, member)| include_deleted || !member.is_deleted());
    Ok(found.ok_or(Refusal::MemberNotFound)?)
}

/// # Errors
/// `EmailDomainIsClaimed` when other organizations claim the address's domain and this one does not.
pub(crate) async fn claimed_elsewhere(conn: &mut Conn, tenant: &Tenant, email: &EmailAddress) -> Result<()> {
    let claimed = organizations::domain_is_claimed_elsewhere(conn, tenant, email.domain()).await?;
    if claimed { Err(Refusal::EmailDomainIsClaimed.into()) } else { Ok(()) }
}

/// The named tenant and member, deleted members not found. A member who acts
/// without these rights over others does not learn who there is.
pub(crate) async fn named(call: &Call, who: (&str, &str), actions: &[&str]) -> Result<(Tenant, Member)> {
    let mut conn = call.app.db.read().await?;
    rights::named(call, &mut conn, who, actions).await
}
