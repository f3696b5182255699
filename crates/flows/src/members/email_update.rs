//! A member changes their own address, by proving the new one.

use super::{
    claimed_elsewhere, named,
    relocation::{self, Relocation},
};
use crate::{
    Call, Result, audit,
    factors::guard,
    messages::{CodeMail, LinkMail, Occasion},
    presented::Carried,
    primary::{email_codes, links, magic_links},
    rights::{self, Target},
    sending::{self, Cause},
    templates,
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    email::EmailAddress,
    factors::email_otp::Purpose,
    locale::Locale,
    members::{Member, Status},
    messages as sent,
    rbac::actions,
    redirect_url::RedirectUrl,
    time::Span,
};
use store::{Tenant, Tx, email_updates, email_updates::EmailUpdate, members};

/// How long the new address is kept for the member, and what proves it lives.
const LIFETIME: Span = Span::minutes(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    MagicLink,
    Code,
}

pub struct Start {
    pub organization: String,
    pub member: String,
    pub email: EmailAddress,
    pub delivery: Delivery,
    pub login_redirect_url: Option<String>,
    pub locale: Locale,
    pub template: Option<String>,
}

/// Mails a proof to the new address and closes it to others for five minutes.
/// Nothing of the member changes before it comes back, to
/// `primary::magic_links::authenticate` or `primary::email_otp::authenticate`.
///
/// # Errors
/// `EmailUpdatesOnlyForActiveMembers`, `MemberHasNoActiveVerifiedEmail`, the
/// refusals of addresses, redirect URLs, limits and locks.
pub async fn start(call: &mut Call, wanted: Start) -> Result<(Tenant, Member)> {
    let whom = (wanted.organization.as_str(), wanted.member.as_str());
    let (tenant, member) = named(call, whom, &[actions::EMAIL]).await?;
    let mut tx = call.app.db.write().await?;
    let member = members::lock(&mut tx, &tenant, &member.member_id, call.now).await?;
    let member = member.filter(|it| !it.is_deleted()).ok_or(Refusal::MemberNotFound)?;
    rights::demand(call, &mut tx, &tenant, Target::Member(&member.member_id), &[actions::EMAIL]).await?;
    rights::not_above(call, &mut tx, &tenant, &member).await?;
    may_start(call, &member)?;
    let url = redirect(call, &wanted)?;
    claimed_elsewhere(&mut tx, &tenant, &wanted.email).await?;
    relocation::is_free(call, &mut tx, (&tenant, &member), &wanted.email).await?;
    let update = EmailUpdate {
        member_id: member.member_id.clone(),
        email_id: relocation::id_of(call, &member, &wanted.email),
        email_address: wanted.email.clone(),
    };
    let window = (call.now, call.now.plus(LIFETIME));
    if !email_updates::begin(&mut tx, &tenant, &update, window).await? {
        return Err(Refusal::DesiredEmailUpdatingForDifferentMember.into());
    }
    let event = (Action::EmailUpdateStarted, Actor::Project);
    audit::note(call, &mut tx, &tenant, Some(&member.member_id), event, &[]).await?;
    let asked = (wanted.template.as_deref(), wanted.locale);
    send_proof(call, &mut tx, (&tenant, &member), (&update, url, asked)).await?;
    tx.commit().await?;
    Ok((tenant, member))
}

fn may_start(call: &Call, member: &Member) -> Result<()> {
    if member.status != Status::Active {
        return Err(Refusal::EmailUpdatesOnlyForActiveMembers.into());
    }
    if !member.email_address_verified {
        return Err(Refusal::MemberHasNoActiveVerifiedEmail.into());
    }
    guard::unlocked(call, member)
}

/// Where a link leads; none for a code, whose URL is checked all the same.
fn redirect(call: &Call, wanted: &Start) -> Result<Option<RedirectUrl>> {
    let asked_for = wanted.login_redirect_url.as_deref();
    if wanted.delivery == Delivery::Code && asked_for.is_none() {
        return Ok(None);
    }
    let known = (call.project.settings.login_redirect_urls.as_slice(), asked_for);
    let refusals = (Refusal::InvalidLoginRedirectUrl, Refusal::NoLoginRedirectUrl);
    let url = links::registered(call, known, refusals)?;
    Ok(Some(url).filter(|_| wanted.delivery == Delivery::MagicLink))
}

/// The mail that proves the new address when its content comes back.
async fn send_proof(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    (update, url, asked): (&EmailUpdate, Option<RedirectUrl>, templates::Asked<'_>),
) -> Result<()> {
    let occasion = Occasion::EmailUpdate;
    let kind = if url.is_some() { occasion.of_link() } else { occasion.of_code() };
    let dress = templates::dress(call, tx, (Some(tenant), &member.name), kind, asked).await?;
    // The default speaks of a login, which this is not.
    let dress = if asked.0.is_some() { dress } else { dress.looks_alone() };
    let id = sending::message_id(call);
    let address = &update.email_address;
    if let Some(url) = url {
        let minutes = LIFETIME.as_minutes();
        let wish = magic_links::Wish { url, minutes, pkce_challenge: None };
        let to = (&update.email_id, address);
        let kept = magic_links::keep_to(call, tx, (tenant, member), to, wish).await?;
        let mail = LinkMail { link: &kept.url, minutes, occasion, dress: &dress }.to(address.clone(), &id);
        let cause = Cause::requested(sent::Purpose::EmailUpdate, kept.digest, LIFETIME);
        return sending::mail(call, tx, cause.of(tenant, member), (id, mail)).await;
    }
    let purpose = Purpose::Update(tenant.organization_id(), &member.member_id);
    let issued = email_codes::issue(call, tx, (address, purpose), LIFETIME).await?;
    let event = (Action::EmailCodeSent, Actor::Project);
    audit::note(call, tx, tenant, Some(&member.member_id), event, &[]).await?;
    let mail = CodeMail { code: &issued.code, lives: LIFETIME, occasion, dress: &dress };
    let mail = mail.to(address.clone(), &id);
    let cause = Cause::requested(sent::Purpose::EmailCode, issued.digest, LIFETIME);
    sending::mail(call, tx, cause.of(tenant, member), (id, mail)).await
}

/// What would refuse the change, asked before a code is compared.
///
/// # Errors
/// `EmailDomainIsClaimed`, `DuplicateMemberEmail`, `RetiredMemberEmail`.
pub(crate) async fn still_free(
    call: &Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    address: &EmailAddress,
) -> Result<()> {
    claimed_elsewhere(tx, tenant, address).await?;
    relocation::is_free(call, tx, (tenant, member), address).await
}

/// The new address was proved: it is the member's now, and the old one is
/// retired. An intermediate session that came along rests on the old address
/// and stays behind; the member's own session goes on.
///
/// # Errors
/// Those of [`still_free`].
pub(crate) async fn complete(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, Member),
    (update, carried): (EmailUpdate, Carried),
) -> Result<(Member, Carried)> {
    claimed_elsewhere(tx, tenant, &update.email_address).await?;
    let to = Relocation {
        address: update.email_address,
        email_id: update.email_id,
        is_verified: true,
        unlinks: false,
        actor: Actor::Member,
    };
    let member = relocation::relocate(call, tx, (tenant, member), to).await?;
    Ok((member, Carried { session: carried.session, ..Carried::default() }))
}
