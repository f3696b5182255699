//! Members who leave, and those who come back.

use super::named;
use crate::{
    Call, Result, audit,
    rights::{self, Target},
    sessions::ending::{self, Because},
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    id::MemberId,
    members::{Member, PhoneState, RetiredEmails, Status},
    rbac::actions,
};
use store::{
    Tenant, Tx, email_claims, email_codes, email_updates, impersonation_tokens, intermediate_sessions,
    magic_links, members, passcodes, password_resets, totps,
};

/// Deletes a member, totally and at once: sessions, intermediate sessions,
/// links, codes and pending factors end in the same transaction. Confirmed
/// factors stay with the row, for a reactivation.
///
/// # Errors
/// `MemberNotFound`, also the second time.
pub async fn delete(call: &mut Call, organization: &str, member: &str) -> Result<MemberId> {
    let (tenant, member) = named(call, (organization, member), &[actions::DELETE]).await?;
    let mut tx = call.app.db.write().await?;
    let found = members::lock(&mut tx, &tenant, &member.member_id, call.now).await?;
    rights::demand(call, &mut tx, &tenant, Target::Member(&member.member_id), &[actions::DELETE]).await?;
    found.filter(|it| !it.is_deleted()).ok_or(Refusal::MemberNotFound)?;
    members::delete(&mut tx, &tenant, &member.member_id).await?;
    end_everything_of(call, &mut tx, &tenant, &member.member_id).await?;
    email_claims::release_all_of(&mut tx, &tenant, &member.member_id).await?;
    let event = (Action::MemberDeleted, Actor::Project);
    audit::note(call, &mut tx, &tenant, Some(&member.member_id), event, &[]).await?;
    tx.commit().await?;
    Ok(member.member_id)
}

/// Makes a deleted member active again, with what they had and no session.
///
/// # Errors
/// `NoDeletedMemberFoundForReactivation`, `EmailUnverifiedForReactivation`,
/// `ReactivationEmailBelongsToAnotherMember`, and conflicts of external id or number.
pub async fn reactivate(call: &mut Call, organization: &str, id: &MemberId) -> Result<(Tenant, Member)> {
    let mut tx = call.app.db.write().await?;
    let tenant = rights::tenant(call, &mut tx, organization).await?;
    rights::demand(call, &mut tx, &tenant, Target::Members, &[actions::CREATE]).await?;
    let member = members::lock(&mut tx, &tenant, id, call.now).await?.ok_or(Refusal::MemberNotFound)?;
    if !member.is_deleted() {
        return Err(Refusal::NoDeletedMemberFoundForReactivation.into());
    }
    if !member.email_address_verified {
        return Err(Refusal::EmailUnverifiedForReactivation.into());
    }
    let wished = email_updates::by_address(&mut tx, &tenant, &member.email_address, call.now).await?;
    if wished.is_some() || !email_claims::take(&mut tx, &tenant, &member.email_address, id).await? {
        return Err(Refusal::ReactivationEmailBelongsToAnotherMember.into());
    }
    if members::reactivate(&mut tx, &tenant, id).await?.is_err() {
        return Err(taken_meanwhile(&mut tx, &tenant, &member).await?.into());
    }
    rights::may_give(call, &mut tx, &tenant, &member.roles.0).await?;
    let member = close_retired(&mut tx, &tenant, member).await?;
    let event = (Action::MemberReactivated, Actor::Project);
    audit::note(call, &mut tx, &tenant, Some(id), event, &[]).await?;
    tx.commit().await?;
    Ok((tenant, Member { status: Status::Active, ..member }))
}

/// What of a deleted member is somebody else's now. A number that the member
/// named at a login was never theirs alone.
async fn taken_meanwhile(tx: &mut Tx, tenant: &Tenant, member: &Member) -> Result<Refusal> {
    let number = member.phone_number.as_ref().filter(|_| member.phone_state != PhoneState::NamedAtLogin);
    let is_number = match number {
        Some(number) => members::phone_is_taken(tx, tenant, &member.member_id, number).await?,
        None => false,
    };
    Ok(if is_number { Refusal::DuplicateMemberPhoneNumber } else { Refusal::DuplicateMemberExternalId })
}

/// Closes the member's retired addresses to others again. One that somebody
/// took meanwhile is the member's no more.
async fn close_retired(tx: &mut Tx, tenant: &Tenant, mut member: Member) -> Result<Member> {
    let mut closed = Vec::new();
    for retired in member.retired_emails.0 {
        if email_claims::take(tx, tenant, &retired.email_address, &member.member_id).await? {
            email_claims::retire(tx, tenant, &retired.email_address, &member.member_id).await?;
            closed.push(retired);
        }
    }
    member.retired_emails = RetiredEmails(closed);
    members::save_email(tx, tenant, &member).await?;
    Ok(member)
}

/// Ends whatever could still let the member in.
pub(crate) async fn end_everything_of(
    call: &mut Call,
    tx: &mut Tx,
    tenant: &Tenant,
    id: &MemberId,
) -> Result<()> {
    ending::all_of(call, tx, (tenant, id), Because::MemberDeleted).await?;
    intermediate_sessions::end_all_of(tx, tenant, id).await?;
    magic_links::end_all_of(tx, tenant, id, call.now).await?;
    password_resets::end_all_of(tx, tenant, id, call.now).await?;
    impersonation_tokens::end_all_of(tx, tenant, id, call.now).await?;
    passcodes::delete(tx, tenant, id).await?;
    email_codes::end_all_of(tx, tenant, id, call.now).await?;
    email_updates::end_all_of(tx, tenant, id).await?;
    totps::delete_pending(tx, tenant, id).await?;
    Ok(())
}
