//! Addresses a member had before.

use super::named;
use crate::{
    Call, Result, audit,
    rights::{self, Target},
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    email::EmailAddress,
    id::EmailId,
    members::Member,
    rbac::actions,
};
use store::{Tenant, email_claims, members};

/// Which address; one of the two at least.
pub struct Which {
    pub email_id: Option<EmailId>,
    pub address: Option<EmailAddress>,
}

impl Which {
    /// Both, if both are given, must denote the address.
    fn denotes(&self, id: &EmailId, address: &EmailAddress) -> bool {
        self.email_id.as_ref().is_none_or(|it| it == id)
            && self.address.as_ref().is_none_or(|it| it.canonical() == address.canonical())
    }
}

/// Takes a retired address off the member's list: it is free for everybody.
///
/// # Errors
/// `RetiredEmailMissingIdentifiers`, `RetiredEmailNotFound`, `CannotDeleteEmail`
/// for the address in use.
pub async fn unlink(
    call: &mut Call,
    (organization, member): (&str, &str),
    which: Which,
) -> Result<(Tenant, Member)> {
    if which.email_id.is_none() && which.address.is_none() {
        return Err(Refusal::RetiredEmailMissingIdentifiers.into());
    }
    let needed = [actions::UNLINK_RETIRED_EMAIL];
    let (tenant, member) = named(call, (organization, member), &needed).await?;
    let mut tx = call.app.db.write().await?;
    let id = member.member_id;
    let member = members::lock(&mut tx, &tenant, &id, call.now).await?;
    rights::demand(call, &mut tx, &tenant, Target::Member(&id), &needed).await?;
    let mut member = member.filter(|it| !it.is_deleted()).ok_or(Refusal::MemberNotFound)?;
    if which.denotes(&member.email_id, &member.email_address) {
        return Err(Refusal::CannotDeleteEmail.into());
    }
    let mut retired = member.retired_emails.0.iter();
    let at = retired.position(|it| which.denotes(&it.email_id, &it.email_address));
    let unlinked = member.retired_emails.0.remove(at.ok_or(Refusal::RetiredEmailNotFound)?);
    email_claims::release(&mut tx, &tenant, &unlinked.email_address, &member.member_id).await?;
    members::save_email(&mut tx, &tenant, &member).await?;
    let event = (Action::EmailUnlinked, Actor::Project);
    audit::note(call, &mut tx, &tenant, Some(&member.member_id), event, &[]).await?;
    tx.commit().await?;
    Ok((tenant, member))
}
