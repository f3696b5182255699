//! Magic links by e-mail, for members of an organization.

use super::{
    Arrival, Login, enter, links,
    provisioning::{Sent, recipient},
    tell,
};
use crate::{
    Call, Error, Result, audit,
    factors::guard,
    figures::{self, Beginning},
    login::SessionWishes,
    members::email_update,
    messages::{LinkMail, Occasion},
    notices::{self, Notice},
    presented::{self, Credentials},
    sending::{self, Cause},
    templates,
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    digest::Digest,
    email::EmailAddress,
    factors::Factor,
    id::EmailId,
    locale::Locale,
    login_policy::PrimaryMethod,
    members::{Member, Status},
    messages::Purpose,
    pkce::Challenge,
    redirect_url::RedirectUrl,
    templates::Kind,
    time::Span,
    token::Token,
};
use store::{
    Tenant, Tx, email_updates, email_updates::EmailUpdate, magic_links, magic_links::MagicLink, members,
    messages, tenant,
};

/// Minutes that a link to log in with lives, unless asked for otherwise.
const MINUTES: i64 = 60;

pub struct LoginOrSignup {
    pub organization: String,
    pub email: EmailAddress,
    pub login_redirect_url: Option<String>,
    pub signup_redirect_url: Option<String>,
    pub pkce_challenge: Option<Challenge>,
    pub locale: Locale,
    pub login_minutes: Option<i64>,
    pub signup_minutes: Option<i64>,
    pub login_template: Option<String>,
    pub signup_template: Option<String>,
}

/// Mails a link to a member, or to an address that the organization admits
/// by its domain; such an address becomes a pending member.
///
/// # Errors
/// The refusals of redirect URLs, provisioning and limits.
pub async fn login_or_signup(call: &mut Call, wanted: LoginOrSignup) -> Result<Sent> {
    let minutes =
        (links::minutes(wanted.login_minutes, MINUTES)?, links::minutes(wanted.signup_minutes, MINUTES)?);
    sent_urls(call, &wanted)?;
    let tenant = {
        let mut conn = call.app.db.read().await?;
        tenant::resolve(&mut conn, &call.project.project_id, &wanted.organization).await?
    };
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    let mut tx = call.app.db.write().await?;
    let whom = (&wanted.email, PrimaryMethod::MagicLink);
    let (member, created) = recipient(call, &mut tx, &tenant, whom).await?;
    let is_signup = member.status != Status::Active;
    let url = redirect(call, &wanted, is_signup)?;
    let minutes = if is_signup { minutes.1 } else { minutes.0 };
    let occasion = if is_signup { Occasion::Signup } else { Occasion::Login };
    let dress = dress(call, &mut tx, (&tenant, &member), (&wanted, is_signup)).await?;
    let wish = Wish { url, minutes, pkce_challenge: wanted.pkce_challenge };
    let kept = keep(call, &mut tx, (&tenant, &member), wish).await?;
    let id = sending::message_id(call);
    let mail = LinkMail { link: &kept.url, minutes, occasion, dress: &dress };
    let mail = mail.to(member.email_address.clone(), &id);
    let cause = Cause::requested(Purpose::MagicLink, kept.digest, Span::minutes(minutes));
    sending::mail(call, &mut tx, cause.of(&tenant, &member), (id, mail)).await?;
    tx.commit().await?;
    Ok(Sent { tenant, member, created })
}

async fn dress(
    call: &Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    (wanted, is_signup): (&LoginOrSignup, bool),
) -> Result<templates::Dress> {
    let login = (Kind::Login, wanted.login_template.as_deref());
    let signup = (Kind::Signup, wanted.signup_template.as_deref());
    let of_two = if is_signup { (signup, login) } else { (login, signup) };
    templates::dress_one_of(call, tx, (Some(tenant), &member.name), of_two, wanted.locale).await
}

/// What a link is to be.
pub(crate) struct Wish {
    pub url: RedirectUrl,
    pub minutes: i64,
    pub pkce_challenge: Option<Challenge>,
}

/// A link that is kept, to be mailed.
pub(crate) struct Kept {
    pub url: String,
    /// Of the token in it.
    pub digest: Digest,
}

/// Counts the mail and keeps a new link to the member's address; what to mail.
///
/// # Errors
/// `TooManyRequests`.
pub(crate) async fn keep(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    wish: Wish,
) -> Result<Kept> {
    keep_to(call, tx, (tenant, member), (&member.email_id, &member.email_address), wish).await
}

/// The same for any address that belongs to the member, or is about to.
///
/// # Errors
/// `TooManyRequests`.
pub(crate) async fn keep_to(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    (email_id, address): (&EmailId, &EmailAddress),
    wish: Wish,
) -> Result<Kept> {
    sending::count_mail(call, tx, address).await?;
    let token = mint(call, tx, (tenant, member), email_id, (wish.minutes, wish.pkce_challenge)).await?;
    Ok(Kept { url: wish.url.with_token(links::OF_MEMBER, &token), digest: token.digest() })
}

/// Keeps a new token to an address of the member; the mail is the caller's to count.
///
/// # Errors
/// When the database fails.
pub(super) async fn mint(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    email_id: &EmailId,
    (minutes, pkce_challenge): (i64, Option<Challenge>),
) -> Result<Token> {
    let token = Token::random("magic-link-", &mut call.rng);
    let link = MagicLink {
        organization_id: tenant.organization_id().clone(),
        member_id: member.member_id.clone(),
        email_id: email_id.clone(),
        pkce_challenge,
        expires_at: call.now.plus(Span::minutes(minutes)),
        spent_at: None,
    };
    magic_links::create(tx, tenant, &token.digest(), &link, call.now).await?;
    let event = (Action::MagicLinkSent, Actor::Project);
    audit::note(call, tx, tenant, Some(&member.member_id), event, &[]).await?;
    Ok(token)
}

pub struct Authenticate {
    pub token: Token,
    pub pkce_verifier: Option<String>,
    pub credentials: Credentials,
    pub wishes: SessionWishes,
    pub locale: Locale,
}

/// Trades a link for what the policy says: a session, or a place in the room
/// between the doors. The link is spent either way. A link to an address that
/// the member is changing to makes it theirs.
///
/// # Errors
/// `MagicLinkNotFound`, `UnableToAuthMagicLink`, the PKCE refusals,
/// `UserLockLimitReached`, the refusals of addresses that were taken meanwhile.
pub async fn authenticate(call: &mut Call, wanted: Authenticate) -> Result<(Login, EmailId)> {
    figures::login(Beginning::MagicLink, follow(call, wanted).await, |(login, _)| login)
}

async fn follow(call: &mut Call, wanted: Authenticate) -> Result<(Login, EmailId)> {
    let digest = wanted.token.digest();
    let (link, tenant, member) = {
        let mut conn = call.app.db.read().await?;
        let found = magic_links::find(&mut conn, &call.project.project_id, &digest).await?;
        let link = found.ok_or(Refusal::MagicLinkNotFound)?;
        let (tenant, member) = owner(call, &mut conn, &link).await?;
        (link, tenant, member)
    };
    if let Err(refusal) = Challenge::check(link.pkce_challenge.as_ref(), wanted.pkce_verifier.as_deref()) {
        return Err(failed(call, (&tenant, &member), refusal).await);
    }
    let mut tx = call.app.db.write().await?;
    // The member's row first, in every transaction: one order, no deadlock.
    let before = members::lock(&mut tx, &tenant, &member.member_id, call.now).await?;
    let before = before.filter(|it| !it.is_deleted()).ok_or(Refusal::MagicLinkNotFound)?;
    let tenant = tenant::by_id(&mut tx, tenant.project_id(), tenant.organization_id()).await?;
    let tenant = tenant.ok_or(Refusal::MagicLinkNotFound)?;
    guard::unlocked(call, &before)?;
    let carried = presented::carried(call, &mut tx, &wanted.credentials, (&tenant, &before)).await?;
    let update = update_of(call, &mut tx, (&tenant, &before), &link).await?;
    if !magic_links::spend(&mut tx, &tenant, &digest, call.now).await? {
        drop(tx);
        return Err(failed(call, (&tenant, &before), Refusal::UnableToAuthMagicLink).await);
    }
    messages::verified(&mut tx, &call.project.project_id, &digest, call.now).await?;
    let (member, carried) = match update {
        Some(update) => {
            email_update::complete(call, &mut tx, (&tenant, before.clone()), (update, carried)).await?
        }
        None => (before.clone(), carried),
    };
    let factor =
        Factor::MagicLink { email_id: link.email_id.clone(), email_address: member.email_address.clone() };
    let (wishes, locale) = (wanted.wishes, wanted.locale);
    let arrival = Arrival { tenant, member, factor, carried, wishes, locale };
    let entered = enter(call, &mut tx, arrival).await?;
    let changed = (before.email_id != link.email_id).then_some(Notice::EmailChanged);
    notices::write_to_both(call, &mut tx, (&entered.0, &before, &entered.1), changed).await?;
    tx.commit().await?;
    Ok((tell(call, entered).await, link.email_id))
}

/// Puts on record that a member's link opened nothing: spent, expired, or shown
/// by somebody who did not ask for it.
async fn failed(call: &mut Call, (tenant, member): (&Tenant, &Member), refusal: Refusal) -> Error {
    audit::failure(call, (tenant, &member.member_id), Action::MagicLinkFailed, refusal).await
}

async fn owner(call: &Call, conn: &mut store::Conn, link: &MagicLink) -> Result<(Tenant, Member)> {
    let tenant = tenant::by_id(conn, &call.project.project_id, &link.organization_id).await?;
    let tenant = tenant.ok_or(Refusal::MagicLinkNotFound)?;
    let member = members::by_id(conn, &tenant, &link.member_id).await?.filter(|it| !it.is_deleted());
    Ok((tenant, member.ok_or(Refusal::MagicLinkNotFound)?))
}

/// The change that a link completes; none for a link to the address in use.
async fn update_of(
    call: &Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    link: &MagicLink,
) -> Result<Option<EmailUpdate>> {
    if member.email_id == link.email_id {
        return Ok(None);
    }
    let update = email_updates::of(tx, tenant, &member.member_id, call.now).await?;
    let update = update.filter(|it| it.email_id == link.email_id);
    Ok(Some(update.ok_or(Refusal::UnableToAuthMagicLink)?))
}

/// A URL that was sent is checked whether or not it is used this time, and
/// before anybody is looked up: the refusal says nothing about the address.
fn sent_urls(call: &Call, wanted: &LoginOrSignup) -> Result<()> {
    if wanted.login_redirect_url.is_some() {
        redirect(call, wanted, false)?;
    }
    if wanted.signup_redirect_url.is_some() {
        redirect(call, wanted, true)?;
    }
    Ok(())
}

/// The registered URL of the kind: the one asked for, or the project's default.
fn redirect(call: &Call, wanted: &LoginOrSignup, is_signup: bool) -> Result<RedirectUrl> {
    let settings = &call.project.settings;
    // A URL that was sent is checked whether or not it is used this time.
    let login = links::registered(
        call,
        (&settings.login_redirect_urls, wanted.login_redirect_url.as_deref()),
        (Refusal::InvalidLoginRedirectUrl, Refusal::NoDefaultLoginRedirectUrl),
    );
    let signup = links::registered(
        call,
        (&settings.signup_redirect_urls, wanted.signup_redirect_url.as_deref()),
        (Refusal::InvalidSignupRedirectUrl, Refusal::NoDefaultSignupRedirectUrl),
    );
    match (is_signup, wanted.login_redirect_url.is_some(), wanted.signup_redirect_url.is_some()) {
        (true, true, _) => login.and(signup),
        (false, _, true) => signup.and(login),
        (true, false, _) => signup,
        (false, _, false) => login,
    }
}
