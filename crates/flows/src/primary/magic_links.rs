//! Magic links by e-mail.

use super::{Arrival, Login, enter, tell};
use crate::{
    Call, Result, audit,
    factors::guard,
    login::SessionWishes,
    members as people,
    messages::LinkMail,
    presented::{self, Credentials},
    sending,
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    email::EmailAddress,
    factors::Factor,
    id::{EmailId, RequestId},
    locale::Locale,
    login_policy::PrimaryMethod,
    members::{Member, Status},
    pkce::Challenge,
    projects::Environment,
    redirect_url::RedirectUrl,
    time::Span,
    token::Token,
};
use store::{Tenant, Tx, magic_links, magic_links::MagicLink, members, tenant};

/// The kind of token a mailed link carries.
pub(super) const TOKEN_TYPE: &str = "multi_tenant_magic_links";
/// Minutes a link lives: least, default, most.
const MINUTES: (i64, i64, i64) = (5, 60, 10_080);

pub struct LoginOrSignup {
    pub organization: String,
    pub email: EmailAddress,
    pub login_redirect_url: Option<String>,
    pub signup_redirect_url: Option<String>,
    pub pkce_challenge: Option<Challenge>,
    pub locale: Locale,
    pub login_minutes: Option<i64>,
    pub signup_minutes: Option<i64>,
}

pub struct Sent {
    pub tenant: Tenant,
    pub member: Member,
    pub created: bool,
}

/// Mails a link to a member, or to an address that the organization admits
/// by its domain; such an address becomes a pending member.
///
/// # Errors
/// The refusals of redirect URLs, provisioning and limits.
pub async fn login_or_signup(call: &mut Call, wanted: LoginOrSignup) -> Result<Sent> {
    let minutes = (minutes(wanted.login_minutes)?, minutes(wanted.signup_minutes)?);
    let tenant = {
        let mut conn = call.app.db.read().await?;
        tenant::resolve(&mut conn, &call.project.project_id, &wanted.organization).await?
    };
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    let mut tx = call.app.db.write().await?;
    let (member, created) =
        recipient(call, &mut tx, &tenant, (&wanted.email, PrimaryMethod::MagicLink)).await?;
    let is_signup = member.status != Status::Active;
    let url = redirect(call, &wanted, is_signup)?;
    sending::count_mail(call, &mut tx, &member.email_address).await?;
    let token = Token::random("magic-link-", &mut call.rng);
    let lives = if is_signup { minutes.1 } else { minutes.0 };
    keep(call, &mut tx, (&tenant, &member), (&token, lives, wanted.pkce_challenge)).await?;
    tx.commit().await?;
    let id = RequestId::random(call.project.environment, &mut call.rng);
    let link = url.with_token(TOKEN_TYPE, &token);
    let mail = LinkMail {
        organization_name: &tenant.organization().name,
        link: &link,
        minutes: lives,
        is_signup,
        locale: wanted.locale,
    };
    sending::post(call, mail.to(member.email_address.clone(), &id));
    Ok(Sent { tenant, member, created })
}

pub struct Authenticate {
    pub token: Token,
    pub pkce_verifier: Option<String>,
    pub credentials: Credentials,
    pub wishes: SessionWishes,
    pub locale: Locale,
}

/// Trades a link for what the policy says: a session, or a place in the room
/// between the doors. The link is spent either way.
///
/// # Errors
/// `MagicLinkNotFound`, `UnableToAuthMagicLink`, the PKCE refusals, `UserLockLimitReached`.
pub async fn authenticate(call: &mut Call, wanted: Authenticate) -> Result<(Login, EmailId)> {
    let digest = wanted.token.digest();
    let (link, tenant, member) = {
        let mut conn = call.app.db.read().await?;
        let found = magic_links::find(&mut conn, &call.project.project_id, &digest).await?;
        let link = found.ok_or(Refusal::MagicLinkNotFound)?;
        let (tenant, member) = owner(call, &mut conn, &link).await?;
        (link, tenant, member)
    };
    Challenge::check(link.pkce_challenge.as_ref(), wanted.pkce_verifier.as_deref())?;
    let mut tx = call.app.db.write().await?;
    // The member's row first, in every transaction: one order, no deadlock.
    let member = members::lock(&mut tx, &tenant, &member.member_id, call.now).await?;
    let member = member.filter(|it| !it.is_deleted()).ok_or(Refusal::MagicLinkNotFound)?;
    let tenant = tenant::by_id(&mut tx, tenant.project_id(), tenant.organization_id()).await?;
    let tenant = tenant.ok_or(Refusal::MagicLinkNotFound)?;
    guard::unlocked(call, &member)?;
    let carried = presented::carried(call, &mut tx, &wanted.credentials, (&tenant, &member)).await?;
    if member.email_id != link.email_id || !magic_links::spend(&mut tx, &tenant, &digest, call.now).await? {
        return Err(Refusal::UnableToAuthMagicLink.into());
    }
    let factor =
        Factor::MagicLink { email_id: link.email_id.clone(), email_address: member.email_address.clone() };
    let (wishes, locale) = (wanted.wishes, wanted.locale);
    let arrival = Arrival { tenant, member, factor, carried, wishes, locale };
    let entered = enter(call, &mut tx, arrival).await?;
    tx.commit().await?;
    Ok((tell(call, entered).await, link.email_id))
}

async fn owner(call: &Call, conn: &mut store::Conn, link: &MagicLink) -> Result<(Tenant, Member)> {
    let tenant = tenant::by_id(conn, &call.project.project_id, &link.organization_id).await?;
    let tenant = tenant.ok_or(Refusal::MagicLinkNotFound)?;
    let member = members::by_id(conn, &tenant, &link.member_id).await?.filter(|it| !it.is_deleted());
    Ok((tenant, member.ok_or(Refusal::MagicLinkNotFound)?))
}

/// The member with the address, or a new pending one, for a mail that begins a login by the method.
pub(super) async fn recipient(
    call: &mut Call,
    tx: &mut Tx,
    tenant: &Tenant,
    (email, method): (&EmailAddress, PrimaryMethod),
) -> Result<(Member, bool)> {
    if let Some(member) = members::by_email(tx, tenant, email).await? {
        // Locked, so that no link comes into being behind a deletion.
        let member = members::lock(tx, tenant, &member.member_id, call.now).await?;
        let member = member.filter(|it| !it.is_deleted()).ok_or(Refusal::EmailNotFound)?;
        guard::unlocked(call, &member)?;
        may_use(tenant, &member, method)?;
        return Ok((member, false));
    }
    people::claimed_elsewhere(tx, tenant, email).await?;
    tenant.organization().settings.admit_by_domain(email)?;
    let status = Status::Pending;
    let member =
        people::create::admit(call, tx, tenant, people::create::Newcomer::of(email.clone(), status)).await?;
    may_use(tenant, &member, method)?;
    Ok((member, true))
}

fn may_use(tenant: &Tenant, member: &Member, method: PrimaryMethod) -> Result<()> {
    let accepted = tenant.organization().accepted_of(member).contains(method);
    if accepted { Ok(()) } else { Err(Refusal::RestrictedByAuthMethods.into()) }
}

/// Keeps a new link; call it in the transaction that found its recipient.
pub(super) async fn keep(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    (token, minutes, pkce_challenge): (&Token, i64, Option<Challenge>),
) -> Result<()> {
    let link = MagicLink {
        organization_id: tenant.organization_id().clone(),
        member_id: member.member_id.clone(),
        email_id: member.email_id.clone(),
        pkce_challenge,
        expires_at: call.now.plus(Span::minutes(minutes)),
        spent_at: None,
    };
    magic_links::create(tx, tenant, &token.digest(), &link, call.now).await?;
    let event = (Action::MagicLinkSent, Actor::Project);
    audit::note(call, tx, tenant, Some(&member.member_id), event, &[]).await
}

/// The registered URL of the kind: the one asked for, or the project's default.
fn redirect(call: &Call, wanted: &LoginOrSignup, is_signup: bool) -> Result<RedirectUrl> {
    let settings = &call.project.settings;
    // A URL that was sent is checked whether or not it is used this time.
    let login = registered(
        call.project.environment,
        (&settings.login_redirect_urls, wanted.login_redirect_url.as_deref()),
        (Refusal::InvalidLoginRedirectUrl, Refusal::NoDefaultLoginRedirectUrl),
    );
    let signup = registered(
        call.project.environment,
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

pub(super) fn registered(
    environment: Environment,
    (known, wanted): (&[RedirectUrl], Option<&str>),
    (malformed, none): (Refusal, Refusal),
) -> Result<RedirectUrl> {
    let found = match wanted {
        Some(url) => {
            let url = RedirectUrl::parse(url, environment).map_err(|_| malformed)?;
            known.iter().find(|it| **it == url).ok_or(Refusal::NoMatchForProvidedMagicLinkUrl)?
        }
        None => known.first().ok_or(none)?,
    };
    Ok(found.clone())
}

fn minutes(wanted: Option<i64>) -> Result<i64> {
    let (least, default, most) = MINUTES;
    let minutes = wanted.unwrap_or(default);
    if (least..=most).contains(&minutes) { Ok(minutes) } else { Err(Refusal::InvalidExpiration.into()) }
}
