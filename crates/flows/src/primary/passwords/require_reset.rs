//! Making an address reset its password.

use super::{kept, shared};
use crate::{
    Call, Result, audit,
    factors::removal::halfway_ends,
    notices::{self, Notice},
    rights::{self, Target},
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    email::EmailAddress,
    members::{Member, Status},
    rbac::actions,
};
use store::{Conn, Tenant, address_passwords, discovery, intermediate_sessions, members};

pub struct RequireReset {
    pub email: EmailAddress,
    pub organization: Option<String>,
    pub member: Option<String>,
}

/// Makes the password of an address good for nothing until it is reset by
/// mail. Where one active member has the address, it is deleted outright.
///
/// # Errors
/// `CrossOrgPasswordsNotEnabled`, `OrganizationNotFound`, `MemberNotFound`, `MemberPasswordNotFound`.
pub async fn require_reset(
    call: &mut Call,
    wanted: RequireReset,
) -> Result<(Option<Tenant>, Option<(Tenant, Member)>)> {
    shared::demand(call)?;
    let mut tx = call.app.db.write().await?;
    let project = call.project.project_id.clone();
    let tenant = match (&wanted.organization, call.caller.member()) {
        (Some(it), _) => Some(rights::tenant(call, &mut tx, it).await?),
        (None, Some(_)) => return Err(Refusal::SessionAuthorization.into()),
        (None, None) => None,
    };
    kept::lock_sharers(call, &mut tx, &wanted.email).await?;
    let sharers = discovery::memberships(&mut tx, &project, &wanted.email).await?;
    if let Some(tenant) = &tenant {
        may_require(call, &mut tx, tenant, &sharers).await?;
    }
    let shown = shown(&sharers, tenant.as_ref(), wanted.member.as_deref())?;
    if address_passwords::find(&mut tx, &project, &wanted.email).await?.is_none() {
        return Err(Refusal::MemberPasswordNotFound.into());
    }
    let active = sharers.iter().filter(|(_, it)| it.status == Status::Active).count();
    // The password is the project's: a member may call for a new one, not take it away.
    let is_deleted = active == 1 && call.caller.member().is_none();
    if is_deleted {
        address_passwords::delete(&mut tx, &project, &wanted.email).await?;
    } else {
        address_passwords::require_reset(&mut tx, &project, &wanted.email).await?;
    }
    intermediate_sessions::end_all_of_address(&mut tx, &project, &wanted.email).await?;
    for (tenant, member) in &sharers {
        halfway_ends(&mut tx, tenant, &member.member_id).await?;
        if is_deleted {
            members::set_password_id(&mut tx, tenant, &member.member_id, None).await?;
        }
        let action = if is_deleted { Action::PasswordDeleted } else { Action::PasswordResetRequired };
        audit::note(call, &mut tx, tenant, Some(&member.member_id), (action, Actor::Project), &[]).await?;
    }
    for (tenant, member) in sharers.iter().filter(|_| is_deleted) {
        notices::write(call, &mut tx, (tenant, member), Notice::PasswordRemoved).await?;
    }
    tx.commit().await?;
    let member =
        shown.map(|(tenant, it)| (tenant, if is_deleted { Member { password_id: None, ..it } } else { it }));
    Ok((tenant, member))
}

/// A member requires it of members of its own organization, and by right.
async fn may_require(
    call: &Call,
    conn: &mut Conn,
    tenant: &Tenant,
    sharers: &[(Tenant, Member)],
) -> Result<()> {
    let ours = sharers.iter().find(|(it, _)| it.organization_id() == tenant.organization_id());
    let target = ours.map_or(Target::Members, |(_, it)| Target::Member(&it.member_id));
    rights::demand(call, conn, tenant, target, &[actions::DELETE_PASSWORD]).await?;
    // Anybody's address can be given to a member; it is theirs once they proved it.
    let is_proved = ours.is_some_and(|(_, it)| it.status == Status::Active && it.email_address_verified);
    let is_ours = is_proved || call.caller.member().is_none();
    if is_ours { Ok(()) } else { Err(Refusal::MemberNotFound.into()) }
}

/// The member that was named, if one was; it must have the address.
fn shown(
    sharers: &[(Tenant, Member)],
    tenant: Option<&Tenant>,
    member: Option<&str>,
) -> Result<Option<(Tenant, Member)>> {
    let Some(wanted) = member else { return Ok(None) };
    let is_wanted = |it: &&(Tenant, Member)| {
        it.1.member_id.as_str() == wanted
            && tenant.is_none_or(|tenant| tenant.organization_id() == it.0.organization_id())
    };
    let found = sharers.iter().find(is_wanted).map(|(tenant, member)| (tenant.clone(), member.clone()));
    Ok(Some(found.ok_or(Refusal::MemberNotFound)?))
}
