//! Sending a passcode, and with it naming a phone number.

use super::guard;
use crate::{
    Call, Result, audit,
    presented::{Credentials, Presented},
    sending,
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    id::PhoneId,
    locale::Locale,
    members::{Member, PhoneState},
    messages::Reason,
    mfa::{Method, Phone},
    phone::PhoneNumber,
};
use store::{Tenant, Tx, members, tenant};

pub struct Send {
    pub organization: String,
    pub member: String,
    pub phone_number: Option<PhoneNumber>,
    pub locale: Locale,
    pub credentials: Credentials,
}

/// Texts a passcode to the member's number, or to the number the caller
/// names. An earlier code dies; no counter is touched.
///
/// # Errors
/// The refusals of MFA rules 24 to 26, of the number, `TooManyRequests`, and
/// `DownstreamCarrierError` when the provider did not take it.
pub async fn send(call: &mut Call, wanted: Send) -> Result<(Tenant, Member)> {
    let (tenant, member) = {
        let mut conn = call.app.db.read().await?;
        guard::named(call, &mut conn, &wanted.organization, &wanted.member).await?
    };
    let mut tx = call.app.db.write().await?;
    let (tenant, member, text) = prepare(call, &mut tx, (tenant, member), wanted).await?;
    tx.commit().await?;
    sending::deliver(call, text).await?;
    Ok((tenant, member))
}

async fn prepare(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (Tenant, Member),
    wanted: Send,
) -> Result<(Tenant, Member, sending::Text)> {
    let member = members::lock(tx, &tenant, &member.member_id, call.now).await?;
    let member = member.filter(|it| !it.is_deleted()).ok_or(Refusal::MemberNotFound)?;
    let tenant = tenant::by_id(tx, tenant.project_id(), tenant.organization_id()).await?;
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    guard::may_use(call, &tenant, &member, Method::SmsOtp)?;
    let shown = guard::shown(call, tx, &wanted.credentials, (&tenant, &member)).await?;
    let member = number(call, tx, (&tenant, member), wanted.phone_number, shown.as_ref()).await?;
    let phone = member.phone_id.as_ref().zip(member.phone_number.as_ref());
    let phone = phone.ok_or(Refusal::MemberPhoneNumberNotFound)?;
    let how = (wanted.locale, Reason::Requested);
    let text = sending::passcode(call, tx, (&tenant, &member), phone, how).await?;
    Ok((tenant, member, text))
}

/// The member with the number to text. A verified number is simply used; any
/// other needs the proof of an active factor, if there is one.
async fn number(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, Member),
    wanted: Option<PhoneNumber>,
    shown: Option<&Presented>,
) -> Result<Member> {
    let before = member.phone_number.clone();
    let number = wanted.or_else(|| before.clone()).ok_or(Refusal::MemberPhoneNumberNotFound)?;
    let same = before.as_ref() == Some(&number);
    match member.phone() {
        Phone::Verified | Phone::OnHold if same => {
            guard::not_on_hold(call, &member)?;
            return Ok(member);
        }
        Phone::Verified | Phone::OnHold => return Err(Refusal::DuplicateMemberPhoneNumberForMember.into()),
        Phone::None | Phone::SetByAdmin | Phone::NamedAtLogin => guard::may_add(call, &member, shown)?,
    }
    // Also a number named before: somebody may have confirmed it since.
    if members::phone_is_taken(tx, tenant, &member.member_id, &number).await? {
        return Err(Refusal::DuplicateMemberPhoneNumber.into());
    }
    if same { Ok(member) } else { name(call, tx, (tenant, member), number).await }
}

async fn name(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, Member),
    number: PhoneNumber,
) -> Result<Member> {
    let phone_id = PhoneId::random(call.project.environment, &mut call.rng);
    let state = PhoneState::NamedAtLogin;
    let set = members::set_phone(tx, tenant, &member.member_id, (&phone_id, &number, state)).await?;
    set.map_err(|_| Refusal::DuplicateMemberPhoneNumber)?;
    audit::note(call, tx, tenant, Some(&member.member_id), (Action::PhoneSet, Actor::Member), &[]).await?;
    Ok(Member { phone_id: Some(phone_id), phone_number: Some(number), phone_state: state, ..member })
}
