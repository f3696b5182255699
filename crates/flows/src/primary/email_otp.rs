//! Codes by e-mail, for members of an organization.

use super::{
    Arrival, Login, email_codes, enter,
    provisioning::{Sent, recipient},
    tell,
};
use crate::{
    Call, Result, audit,
    error::Counted,
    factors::guard,
    figures::{self, Beginning, Lock},
    login::SessionWishes,
    members::email_update,
    messages::{CodeMail, Occasion},
    notices::{self, Notice},
    presented::{self, Credentials},
    sending::{self, Cause},
    templates,
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    email::EmailAddress,
    factors::{
        Factor,
        email_otp::{Purpose, lifetime},
        sms_otp::Passcode,
    },
    id::{EmailId, MemberId},
    locale::Locale,
    login_policy::PrimaryMethod,
    members::{Member, Status},
    messages as sent,
    templates::Kind,
};
use store::{Tenant, Tx, email_updates, email_updates::EmailUpdate, members, tenant};

pub struct LoginOrSignup {
    pub organization: String,
    pub email: EmailAddress,
    pub locale: Locale,
    pub login_minutes: Option<i64>,
    pub signup_minutes: Option<i64>,
    pub login_template: Option<String>,
    pub signup_template: Option<String>,
}

/// Mails a code to a member, or to an address that the organization admits by
/// its domain; such an address becomes a pending member.
///
/// # Errors
/// The refusals of provisioning, limits and locks.
pub async fn login_or_signup(call: &mut Call, wanted: LoginOrSignup) -> Result<Sent> {
    let (login, signup) = (lifetime(wanted.login_minutes)?, lifetime(wanted.signup_minutes)?);
    let tenant = {
        let mut conn = call.app.db.read().await?;
        tenant::resolve(&mut conn, &call.project.project_id, &wanted.organization).await?
    };
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    let mut tx = call.app.db.write().await?;
    let whom = (&wanted.email, PrimaryMethod::EmailOtp);
    let (member, created) = recipient(call, &mut tx, &tenant, whom).await?;
    let (lives, occasion) = match member.status {
        Status::Active => (login, Occasion::Login),
        Status::Pending | Status::Invited | Status::Deleted => (signup, Occasion::Signup),
    };
    let purpose = Purpose::Login(tenant.organization_id(), &member.member_id);
    let issued = email_codes::issue(call, &mut tx, (&member.email_address, purpose), lives).await?;
    let event = (Action::EmailCodeSent, Actor::Project);
    audit::note(call, &mut tx, &tenant, Some(&member.member_id), event, &[]).await?;
    let login = (Kind::OtpLogin, wanted.login_template.as_deref());
    let signup = (Kind::OtpSignup, wanted.signup_template.as_deref());
    let of_two = if occasion == Occasion::Login { (login, signup) } else { (signup, login) };
    let whom = (Some(&tenant), member.name.as_str());
    let dress = templates::dress_one_of(call, &mut tx, whom, of_two, wanted.locale).await?;
    let id = sending::message_id(call);
    let mail = CodeMail { code: &issued.code, lives, occasion, dress: &dress };
    let mail = mail.to(member.email_address.clone(), &id);
    let cause = Cause::requested(sent::Purpose::EmailCode, issued.digest, lives);
    sending::mail(call, &mut tx, cause.of(&tenant, &member), (id, mail)).await?;
    tx.commit().await?;
    Ok(Sent { tenant, member, created })
}

pub struct Authenticate {
    pub organization: String,
    pub email: EmailAddress,
    pub code: Passcode,
    pub credentials: Credentials,
    pub wishes: SessionWishes,
    pub locale: Locale,
}

/// Trades a code for what the policy says: a session, or a place in the room
/// between the doors. A code to an address that the member is changing to
/// makes it theirs. A wrong code is counted at the address.
///
/// # Errors
/// `EmailNotFound`, `OtpCodeNotFound`, `UnableToAuthOtpCode`,
/// `UserLockLimitReached`, the refusals of what is carried along, and of
/// addresses that were taken meanwhile.
pub async fn authenticate(call: &mut Call, wanted: Authenticate) -> Result<(Login, EmailId)> {
    figures::login(Beginning::EmailOtp, compare(call, wanted).await, |(login, _)| login)
}

async fn compare(call: &mut Call, wanted: Authenticate) -> Result<(Login, EmailId)> {
    let (tenant, owner) = owner(call, &wanted).await?;
    let mut tx = call.app.db.write().await?;
    // The member's row first, in every transaction: one order, no deadlock.
    let before = members::lock(&mut tx, &tenant, &owner, call.now).await?;
    let before = before.filter(|it| !it.is_deleted()).ok_or(Refusal::EmailNotFound)?;
    let tenant = tenant::by_id(&mut tx, tenant.project_id(), tenant.organization_id()).await?;
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    let entered = match try_once(call, &mut tx, (tenant, before.clone()), wanted).await? {
        Ok(entered) => entered,
        Err(refusal) => {
            tx.commit().await?; // the guess stays counted
            return Err(refusal.into());
        }
    };
    let email_id = entered.1.email_id.clone();
    let changed = (before.email_id != email_id).then_some(Notice::EmailChanged);
    notices::write_to_both(call, &mut tx, (&entered.0, &before, &entered.1), changed).await?;
    tx.commit().await?;
    Ok((tell(call, entered).await, email_id))
}

type Entered = (Tenant, Member, crate::login::Progress);

/// What can be told without comparing comes first: a refusal after the
/// comparison would tell a right code.
async fn try_once(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, before): (Tenant, Member),
    wanted: Authenticate,
) -> Result<Counted<Entered>> {
    guard::unlocked(call, &before)?;
    let carried = presented::carried(call, tx, &wanted.credentials, (&tenant, &before)).await?;
    wanted.wishes.claims_after(carried.custom_claims())?;
    let update = update_of(call, tx, (&tenant, &before), &wanted.email).await?;
    let (organization, member) = (tenant.organization_id(), &before.member_id);
    let purpose = match &update {
        Some(_) => Purpose::Update(organization, member),
        None => Purpose::Login(organization, member),
    };
    if let Err(failed) = email_codes::check(call, tx, (&wanted.email, purpose), &wanted.code).await? {
        note_failure(call, tx, (&tenant, &before), failed.locks).await?;
        return Ok(Err(failed.refusal));
    }
    let (member, carried) = match update {
        Some(update) => email_update::complete(call, tx, (&tenant, before), (update, carried)).await?,
        None => (before, carried),
    };
    let (email_id, email_address) = (member.email_id.clone(), member.email_address.clone());
    let factor = Factor::EmailOtp { email_id, email_address };
    let (wishes, locale) = (wanted.wishes, wanted.locale);
    let arrival = Arrival { tenant, member, factor, carried, wishes, locale };
    enter(call, tx, arrival).await.map(Ok)
}

/// Who has the address, or is changing to it.
async fn owner(call: &Call, wanted: &Authenticate) -> Result<(Tenant, MemberId)> {
    let mut conn = call.app.db.read().await?;
    let tenant = tenant::resolve(&mut conn, &call.project.project_id, &wanted.organization).await?;
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    if let Some(member) = members::by_email(&mut conn, &tenant, &wanted.email).await? {
        return Ok((tenant, member.member_id));
    }
    let update = email_updates::by_address(&mut conn, &tenant, &wanted.email, call.now).await?;
    let update = update.ok_or(Refusal::EmailNotFound)?;
    Ok((tenant, update.member_id))
}

/// The change that a code to the address completes; none for the address in use.
async fn update_of(
    call: &Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    address: &EmailAddress,
) -> Result<Option<EmailUpdate>> {
    if member.email_address.canonical() == address.canonical() {
        return Ok(None);
    }
    let update = email_updates::of(tx, tenant, &member.member_id, call.now).await?;
    let update = update.filter(|it| it.email_address.canonical() == address.canonical());
    let update = update.ok_or(Refusal::EmailNotFound)?;
    email_update::still_free(call, tx, (tenant, member), &update.email_address).await?;
    Ok(Some(update))
}

async fn note_failure(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    locks: bool,
) -> Result<()> {
    let id = Some(&member.member_id);
    audit::note(call, tx, tenant, id, (Action::EmailCodeFailed, Actor::Member), &[]).await?;
    if locks {
        figures::locked(Lock::EmailCodes);
        audit::note(call, tx, tenant, id, (Action::EmailCodesLocked, Actor::Member), &[]).await?;
    }
    Ok(())
}
