//! A new primary address, whoever decided it.

use crate::{Call, Result, audit, factors::removal::halfway_ends, primary::passwords::kept};
use domain::{
    Refusal,
    audit::{Action, Actor},
    email::EmailAddress,
    id::EmailId,
    members::{Member, RetiredEmail},
};
use store::{
    Tenant, Tx, email_claims, email_codes, email_updates, magic_links, members, password_resets, passwords,
};

/// Where the member moves to.
pub(crate) struct Relocation {
    pub address: EmailAddress,
    pub email_id: EmailId,
    pub is_verified: bool,
    /// Drops the old address instead of retiring it.
    pub unlinks: bool,
    pub actor: Actor,
}

/// The id that an address will have: an address the member had before keeps its own.
pub(crate) fn id_of(call: &mut Call, member: &Member, address: &EmailAddress) -> EmailId {
    let mut retired = member.retired_emails.0.iter();
    let before = retired.find(|it| it.email_address.canonical() == address.canonical());
    match before {
        Some(before) => before.email_id.clone(),
        None => EmailId::random(call.project.environment, &mut call.rng),
    }
}

/// Nobody else has the address, had it before, or is about to take it.
///
/// # Errors
/// `DuplicateMemberEmail`, `RetiredMemberEmail`, `DesiredEmailUpdatingForDifferentMember`.
pub(crate) async fn is_free(
    call: &Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    address: &EmailAddress,
) -> Result<()> {
    match email_claims::find(tx, tenant, address).await? {
        Some(claim) if claim.member_id == member.member_id && claim.is_retired => {}
        Some(claim) if claim.is_retired => return Err(Refusal::RetiredMemberEmail.into()),
        Some(_) => return Err(Refusal::DuplicateMemberEmail.into()),
        None => {}
    }
    let wished = email_updates::by_address(tx, tenant, address, call.now).await?;
    match wished {
        Some(it) if it.member_id != member.member_id => {
            Err(Refusal::DesiredEmailUpdatingForDifferentMember.into())
        }
        Some(_) | None => Ok(()),
    }
}

/// Gives the member the address. Passwords go, open links, codes and halfway
/// logins end: they rest on the address before. Sessions go on. The caller
/// holds the lock on the member.
///
/// # Errors
/// Those of [`is_free`].
pub(crate) async fn relocate(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, mut member): (&Tenant, Member),
    to: Relocation,
) -> Result<Member> {
    is_free(call, tx, (tenant, &member), &to.address).await?;
    if !email_claims::take(tx, tenant, &to.address, &member.member_id).await? {
        return Err(Refusal::DuplicateMemberEmail.into());
    }
    let (email_id, email_address) = (member.email_id, member.email_address);
    let old = RetiredEmail { email_id, email_address, retired_at: Some(call.now) };
    let is_new = |it: &RetiredEmail| it.email_address.canonical() == to.address.canonical();
    member.retired_emails.0.retain(|it| !is_new(it));
    if to.unlinks {
        email_claims::release(tx, tenant, &old.email_address, &member.member_id).await?;
    } else {
        email_claims::retire(tx, tenant, &old.email_address, &member.member_id).await?;
        member.retired_emails.0.push(old);
    }
    // A password stays behind; one that serves every organization comes with the new address.
    member.password_id = kept::id_of_address(call, tx, &to.address).await?;
    (member.email_id, member.email_address) = (to.email_id, to.address);
    member.email_address_verified = to.is_verified;
    end_what_rests_on_the_address(call, tx, (tenant, &member)).await?;
    members::save_email(tx, tenant, &member).await?;
    let event = (Action::EmailChanged, to.actor);
    audit::note(call, tx, tenant, Some(&member.member_id), event, &[]).await?;
    Ok(member)
}

async fn end_what_rests_on_the_address(
    call: &Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
) -> Result<()> {
    let id = &member.member_id;
    passwords::delete(tx, tenant, id).await?;
    magic_links::end_all_of(tx, tenant, id, call.now).await?;
    password_resets::end_all_of(tx, tenant, id, call.now).await?;
    email_updates::end_all_of(tx, tenant, id).await?;
    email_codes::end_all_of(tx, tenant, id, call.now).await?;
    halfway_ends(tx, tenant, id).await
}
