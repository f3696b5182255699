//! Passwords that serve every organization, before one is chosen.

use super::{fresh, kept};
use crate::{
    Call, Result, audit,
    discovery::{self, Found},
    messages::ResetMail,
    notices::{self, Notice},
    primary::{discovery as addresses, links},
    sending::{self, Cause},
    templates,
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    email::EmailAddress,
    factors::Factor,
    id::EmailId,
    locale::Locale,
    messages::Purpose,
    passwords::Password,
    pkce::Challenge,
    redirect_url::RedirectUrl,
    time::Span,
    token::Token,
};
use std::sync::Arc;
use store::{
    Tx, address_password_resets, address_password_resets::AddressPasswordReset, address_passwords, messages,
};

/// The kind of token the link to the reset carries.
const TOKEN_TYPE: &str = "discovery";

/// Refuses what only projects with shared passwords have.
///
/// # Errors
/// `CrossOrgPasswordsNotEnabled`.
pub(super) fn demand(call: &Call) -> Result<()> {
    if kept::is_shared(call) { Ok(()) } else { Err(Refusal::CrossOrgPasswordsNotEnabled.into()) }
}

/// Checks the password of an address, and says where it leads. The guess is
/// counted as at a login to an organization, by the same counter.
///
/// # Errors
/// `CrossOrgPasswordsNotEnabled`, `EmailNotFound`, `MemberPasswordNotFound`, `WrongPassword`,
/// `MemberResetPassword`, `UserLockLimitReached`, `PasswordValidationTimeout`, `TooManyRequests`.
pub async fn authenticate(call: &mut Call, email: EmailAddress, password: Password) -> Result<Found> {
    demand(call)?;
    let project = call.project.project_id.clone();
    let known = address_passwords::find(&mut call.app.db.read().await?, &project, &email).await?;
    let Some(known) = known else {
        let mut conn = call.app.db.read().await?;
        let nobody = store::discovery::memberships(&mut conn, &project, &email).await?.is_empty();
        let refusal = if nobody { Refusal::EmailNotFound } else { Refusal::MemberPasswordNotFound };
        return Err(super::as_slowly(call, refusal.into(), Arc::new(password)).await);
    };
    let given = Arc::new(password);
    let outworn = fresh::must_be_reset(call, &given, &email).await? || known.must_reset;
    let app = call.app.clone();
    let turn = app.hashing.turn().await?; // first: whoever is turned away has not guessed
    let closes = reserve(call, &email).await?;
    let Some(better) = super::verify(call, turn, (given, known.hash.clone())).await? else {
        let mut tx = call.app.db.write().await?;
        audit::note_of_project(call, &mut tx, (Action::PasswordFailed, Actor::Member), &[]).await?;
        if closes {
            crate::figures::locked(crate::figures::Lock::Passwords);
            audit::note_of_project(call, &mut tx, (Action::PasswordLocked, Actor::Member), &[]).await?;
        }
        tx.commit().await?;
        return Err(Refusal::WrongPassword.into());
    };
    let mut tx = call.app.db.write().await?;
    address_passwords::clear_guesses(&mut tx, &project, &email).await?; // locks the row, too
    let current = address_passwords::find(&mut tx, &project, &email).await?;
    let current = current.filter(|it| it.password_id == known.password_id).ok_or(Refusal::WrongPassword)?;
    if let Some(better) = better {
        address_passwords::rehash(&mut tx, &project, &email, (&known.hash, &better)).await?;
    }
    if outworn || current.must_reset {
        tx.commit().await?; // a right guess is no failure
        return Err(Refusal::MemberResetPassword.into());
    }
    audit::note_of_project(call, &mut tx, (Action::PrimaryProved, Actor::Member), &[]).await?;
    let factor = proof(call, &email, false);
    let room = discovery::arrive(call, &mut tx, email, factor).await?;
    tx.commit().await?;
    discovery::look_around(call, room).await
}

async fn reserve(call: &Call, email: &EmailAddress) -> Result<bool> {
    let mut tx = call.app.db.write().await?;
    let (project, lock) = (&call.project.project_id, call.project.settings.lock);
    let reserved = address_passwords::reserve_guess(&mut tx, project, email, lock, call.now).await?;
    tx.commit().await?;
    Ok(reserved.ok_or(Refusal::UserLockLimitReached)?)
}

pub struct ResetStart {
    pub email: EmailAddress,
    pub redirect_url: Option<String>,
    /// Where the way in without a password leads.
    pub discovery_redirect_url: Option<String>,
    pub pkce_challenge: Option<Challenge>,
    pub locale: Locale,
    pub minutes: Option<i64>,
    pub reset_template: Option<String>,
    pub verify_template: Option<String>,
}

/// Mails a link that sets the password of any address and, where a URL for
/// discovery is registered, one that proves the address without; the answer is
/// the same for all.
///
/// # Errors
/// `CrossOrgPasswordsNotEnabled`, the refusals of redirect URLs and limits.
pub async fn reset_start(call: &mut Call, wanted: ResetStart) -> Result<()> {
    demand(call)?;
    let minutes = super::reset_start::minutes(wanted.minutes)?;
    let (url, discovery_url) = urls(call, &wanted)?;
    let project = call.project.project_id.clone();
    let mut tx = call.app.db.write().await?;
    sending::count_mail(call, &mut tx, &wanted.email).await?;
    let is_first = address_passwords::find(&mut tx, &project, &wanted.email).await?.is_none();
    let wish = (minutes, wanted.pkce_challenge);
    let reset = mint(call, &mut tx, &wanted.email, wish.clone()).await?;
    let login = match discovery_url {
        Some(url) => {
            let token = addresses::mint(call, &mut tx, &wanted.email, wish).await?;
            Some(url.with_token(links::OF_ADDRESS, &token))
        }
        None => None,
    };
    let ids = (wanted.reset_template.as_deref(), wanted.verify_template.as_deref());
    let two = super::reset_start::of_two(is_first, ids);
    let dress = templates::dress_one_of(call, &mut tx, (None, ""), two, wanted.locale).await?;
    let id = sending::message_id(call);
    let mail = ResetMail {
        reset: &url.with_reset_token(&call.project.public_token, TOKEN_TYPE, &reset),
        login,
        minutes,
        is_first,
        dress: &dress,
    };
    let mail = mail.to(wanted.email, &id);
    let cause = Cause::requested(Purpose::PasswordReset, reset.digest(), Span::minutes(minutes));
    sending::mail(call, &mut tx, cause, (id, mail)).await?;
    Ok(tx.commit().await?)
}

/// Keeps a new token that sets the password of an address.
async fn mint(
    call: &mut Call,
    tx: &mut Tx,
    email: &EmailAddress,
    (minutes, pkce_challenge): (i64, Option<Challenge>),
) -> Result<Token> {
    let token = Token::random("password-reset-", &mut call.rng);
    let reset = AddressPasswordReset {
        email: email.in_canonical_form(),
        pkce_challenge,
        expires_at: call.now.plus(Span::minutes(minutes)),
        spent_at: None,
    };
    let project = &call.project.project_id;
    address_password_resets::create(tx, project, &token.digest(), &reset, call.now).await?;
    audit::note_of_project(call, tx, (Action::PasswordResetSent, Actor::Project), &[]).await?;
    Ok(token)
}

/// Where the links lead; none to log in by where none was asked for and none is registered.
fn urls(call: &Call, wanted: &ResetStart) -> Result<(RedirectUrl, Option<RedirectUrl>)> {
    let settings = &call.project.settings;
    let known = (settings.reset_password_redirect_urls.as_slice(), wanted.redirect_url.as_deref());
    let refusals = (Refusal::InvalidPasswordResetRedirectUrl, Refusal::NoPasswordResetRedirectUrl);
    let reset = links::registered(call, known, refusals)?;
    let asked_for = wanted.discovery_redirect_url.as_deref();
    if asked_for.is_none() && settings.discovery_redirect_urls.is_empty() {
        return Ok((reset, None));
    }
    let known = (settings.discovery_redirect_urls.as_slice(), asked_for);
    let refusals = (Refusal::InvalidDiscoveryRedirectUrl, Refusal::NoDefaultDiscoveryRedirectUrl);
    Ok((reset, Some(links::registered(call, known, refusals)?)))
}

/// Sets the password of an address by a mailed token, which proves the
/// address. What rested on the old one ends in every organization.
///
/// # Errors
/// `CrossOrgPasswordsNotEnabled`, `UnableToAuthPasswordResetToken`, the PKCE refusals, `WeakPassword`,
/// `BreachedPassword`, `PasswordValidationTimeout`, `TooManyRequests`.
pub async fn reset(
    call: &mut Call,
    token: Token,
    password: Password,
    verifier: Option<String>,
) -> Result<Found> {
    demand(call)?;
    let (project, digest) = (call.project.project_id.clone(), token.digest());
    let found = address_password_resets::find(&mut call.app.db.read().await?, &project, &digest).await?;
    let Some(open) = found else { return Err(Refusal::UnableToAuthPasswordResetToken.into()) };
    let is_open = if open.is_open(call.now) { Ok(()) } else { Err(Refusal::UnableToAuthPasswordResetToken) };
    let shown = is_open.and_then(|()| Challenge::check(open.pkce_challenge.as_ref(), verifier.as_deref()));
    if let Err(refusal) = shown {
        return Err(audit::failure_of_project(call, Action::PasswordResetFailed, &[], refusal).await);
    }
    let (email, password) = (open.email, Arc::new(password));
    fresh::judge(call, &password, &email).await?;
    let hash = fresh::hash(call, password).await?;
    let mut tx = call.app.db.write().await?;
    kept::lock_sharers(call, &mut tx, &email).await?;
    if !address_password_resets::spend(&mut tx, &project, &email, &digest, call.now).await? {
        drop(tx);
        let refusal = Refusal::UnableToAuthPasswordResetToken;
        return Err(audit::failure_of_project(call, Action::PasswordResetFailed, &[], refusal).await);
    }
    messages::verified(&mut tx, &project, &digest, call.now).await?;
    let (_, sharers) = fresh::put_shared(call, &mut tx, &email, &hash, None).await?;
    audit::note_of_project(call, &mut tx, (Action::PasswordSet, Actor::Member), &[]).await?;
    let factor = proof(call, &email, true);
    let room = discovery::arrive(call, &mut tx, email, factor).await?;
    if let Some((tenant, member)) = sharers.first() {
        notices::write(call, &mut tx, (tenant, member), Notice::PasswordChanged).await?;
    }
    tx.commit().await?;
    discovery::look_around(call, room).await
}

fn proof(call: &mut Call, email: &EmailAddress, set_by_mail: bool) -> Factor {
    let email_id = EmailId::random(call.project.environment, &mut call.rng);
    Factor::Password { email_id, email_address: email.in_canonical_form(), set_by_mail }
}
