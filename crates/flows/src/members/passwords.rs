//! Taking a password away.

use crate::{
    Call, Result, audit,
    factors::removal::{Sessions, halfway_ends},
    notices::{self, Notice},
    primary::passwords::kept,
    rights::{self, Target},
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    id::MemberPasswordId,
    members::Member,
    rbac::actions,
};
use store::{Tenant, members, password_resets, passwords};

/// Deletes the password with this id.
///
/// # Errors
/// `MemberPasswordNotFound`, `CrossOrgPasswordsEnabled`.
pub async fn delete(
    call: &mut Call,
    (organization, id): (&str, &MemberPasswordId),
    sessions: Sessions,
) -> Result<(Tenant, Member)> {
    if kept::is_shared(call) {
        return Err(Refusal::CrossOrgPasswordsEnabled.into());
    }
    let mut tx = call.app.db.write().await?;
    let tenant = rights::tenant(call, &mut tx, organization).await?;
    let Some(owner) = members::by_password_id(&mut tx, &tenant, id).await? else {
        rights::demand(call, &mut tx, &tenant, Target::Members, &[actions::DELETE_PASSWORD]).await?;
        return Err(Refusal::MemberPasswordNotFound.into());
    };
    let locked = members::lock(&mut tx, &tenant, &owner.member_id, call.now).await?;
    let target = Target::Member(&owner.member_id);
    rights::demand(call, &mut tx, &tenant, target, &[actions::DELETE_PASSWORD]).await?;
    let member =
        locked.filter(|it| it.password_id.as_ref() == Some(id)).ok_or(Refusal::MemberPasswordNotFound)?;
    rights::not_above(call, &mut tx, &tenant, &member).await?;
    passwords::delete(&mut tx, &tenant, &member.member_id).await?;
    members::set_password_id(&mut tx, &tenant, &member.member_id, None).await?;
    halfway_ends(&mut tx, &tenant, &member.member_id).await?;
    password_resets::end_all_of(&mut tx, &tenant, &member.member_id, call.now).await?;
    sessions.settle(call, &mut tx, (&tenant, &member)).await?;
    let event = (Action::PasswordDeleted, Actor::Project);
    audit::note(call, &mut tx, &tenant, Some(&member.member_id), event, &[]).await?;
    notices::write(call, &mut tx, (&tenant, &member), Notice::PasswordRemoved).await?;
    tx.commit().await?;
    Ok((tenant, Member { password_id: None, ..member }))
}
