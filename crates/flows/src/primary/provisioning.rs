//! Whom a mail to an address is for.

use crate::{
    Call, Result,
    factors::guard,
    members::{self as people, create::Newcomer},
};
use domain::{
    Refusal,
    email::EmailAddress,
    login_policy::PrimaryMethod,
    members::{Member, Status},
};
use store::{Tenant, Tx, members};

/// Who was written to.
pub struct Sent {
    pub tenant: Tenant,
    pub member: Member,
    pub created: bool,
}

/// The member with the address, or a new pending one where the organization
/// admits by the domain of the address; and whether it is new. The member's
/// row is locked.
///
/// # Errors
/// `UserLockLimitReached`, `RestrictedByAuthMethods`, `EmailDomainIsClaimed`,
/// the refusals of provisioning and of new members.
pub(crate) async fn recipient(
    call: &mut Call,
    tx: &mut Tx,
    tenant: &Tenant,
    (email, method): (&EmailAddress, PrimaryMethod),
) -> Result<(Member, bool)> {
    if let Some(member) = members::by_email(tx, tenant, email).await? {
        // Locked, so that nothing is sent behind a deletion.
        let member = members::lock(tx, tenant, &member.member_id, call.now).await?;
        let member = member.filter(|it| !it.is_deleted()).ok_or(Refusal::EmailNotFound)?;
        guard::unlocked(call, &member)?;
        may_use(tenant, &member, method)?;
        return Ok((member, false));
    }
    people::claimed_elsewhere(tx, tenant, email).await?;
    tenant.organization().settings.admit_by_domain(email)?;
    let newcomer = Newcomer::of(email.clone(), Status::Pending);
    let member = people::create::admit(call, tx, tenant, newcomer).await?;
    may_use(tenant, &member, method)?;
    Ok((member, true))
}

fn may_use(tenant: &Tenant, member: &Member, method: PrimaryMethod) -> Result<()> {
    let accepted = tenant.organization().accepted_of(member).contains(method);
    if accepted { Ok(()) } else { Err(Refusal::RestrictedByAuthMethods.into()) }
}
