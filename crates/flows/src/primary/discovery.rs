//! Proving an address before an organization is chosen, by link or by code.
//!
//! Nothing is looked up when something is sent: every address gets the same
//! answer.

use super::{email_codes, links};
use crate::{
    Call, Result, audit, discovery,
    discovery::Found,
    error::Counted,
    messages::{CodeMail, LinkMail, Occasion},
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
    id::EmailId,
    locale::Locale,
    messages as sent,
    pkce::Challenge,
    templates::Kind,
    time::Span,
    token::Token,
};
use store::{Tx, discovery_links, discovery_links::DiscoveryLink, messages};

/// Minutes that a link lives, unless asked for otherwise.
const MINUTES: i64 = 60;

pub struct SendLink {
    pub email: EmailAddress,
    pub redirect_url: Option<String>,
    pub pkce_challenge: Option<Challenge>,
    pub locale: Locale,
    pub minutes: Option<i64>,
    pub template: Option<String>,
}

/// Mails a link to any address.
///
/// # Errors
/// The refusals of redirect URLs and limits.
pub async fn send_link(call: &mut Call, wanted: SendLink) -> Result<()> {
    let minutes = links::minutes(wanted.minutes, MINUTES)?;
    let known = (call.project.settings.discovery_redirect_urls.as_slice(), wanted.redirect_url.as_deref());
    let refusals = (Refusal::InvalidDiscoveryRedirectUrl, Refusal::NoDefaultDiscoveryRedirectUrl);
    let url = links::registered(call, known, refusals)?;
    let mut tx = call.app.db.write().await?;
    sending::count_mail(call, &mut tx, &wanted.email).await?;
    let token = mint(call, &mut tx, &wanted.email, (minutes, wanted.pkce_challenge)).await?;
    let asked = (wanted.template.as_deref(), wanted.locale);
    let dress = templates::dress(call, &mut tx, (None, ""), Kind::Login, asked).await?;
    let (id, link) = (sending::message_id(call), url.with_token(links::OF_ADDRESS, &token));
    let mail = LinkMail { link: &link, minutes, occasion: Occasion::Login, dress: &dress };
    let mail = mail.to(wanted.email, &id);
    let cause = Cause::requested(sent::Purpose::DiscoveryLink, token.digest(), Span::minutes(minutes));
    sending::mail(call, &mut tx, cause, (id, mail)).await?;
    Ok(tx.commit().await?)
}

/// Keeps a new token that proves an address; the mail is the caller's to count.
///
/// # Errors
/// When the database fails.
pub(super) async fn mint(
    call: &mut Call,
    tx: &mut Tx,
    email: &EmailAddress,
    (minutes, pkce_challenge): (i64, Option<Challenge>),
) -> Result<Token> {
    let token = Token::random("discovery-link-", &mut call.rng);
    let expires_at = call.now.plus(Span::minutes(minutes));
    let link = DiscoveryLink { email_address: email.clone(), pkce_challenge, expires_at };
    discovery_links::create(tx, &call.project.project_id, &token.digest(), &link, call.now).await?;
    audit::note_of_project(call, tx, (Action::DiscoveryLinkSent, Actor::Project), &[]).await?;
    Ok(token)
}

/// Trades a link for an intermediate session of its address; never for a session.
///
/// # Errors
/// `MagicLinkNotFound`, `UnableToAuthMagicLink`, the PKCE refusals.
pub async fn authenticate_link(call: &mut Call, token: Token, verifier: Option<String>) -> Result<Found> {
    let (project, digest) = (call.project.project_id.clone(), token.digest());
    let link = discovery_links::find(&mut call.app.db.read().await?, &project, &digest).await?;
    let link = link.ok_or(Refusal::MagicLinkNotFound)?;
    if let Err(refusal) = Challenge::check(link.pkce_challenge.as_ref(), verifier.as_deref()) {
        return Err(audit::failure_of_project(call, Action::MagicLinkFailed, &[], refusal).await);
    }
    let mut tx = call.app.db.write().await?;
    if !discovery_links::spend(&mut tx, &project, &digest, call.now).await? {
        drop(tx);
        let refusal = Refusal::UnableToAuthMagicLink;
        return Err(audit::failure_of_project(call, Action::MagicLinkFailed, &[], refusal).await);
    }
    messages::verified(&mut tx, &project, &digest, call.now).await?;
    let email_id = EmailId::random(call.project.environment, &mut call.rng);
    let factor = Factor::MagicLink { email_id, email_address: link.email_address.clone() };
    audit::note_of_project(call, &mut tx, (Action::AddressProved, Actor::Member), &[]).await?;
    let room = discovery::arrive(call, &mut tx, link.email_address, factor).await?;
    tx.commit().await?;
    discovery::look_around(call, room).await
}

pub struct SendCode {
    pub email: EmailAddress,
    pub locale: Locale,
    pub minutes: Option<i64>,
    pub template: Option<String>,
}

/// Mails a code to any address; whatever code it had dies.
///
/// # Errors
/// `InvalidExpirationOtp`, `TooManyRequests`, `UserLockLimitReached`.
pub async fn send_code(call: &mut Call, wanted: SendCode) -> Result<()> {
    let lives = lifetime(wanted.minutes)?;
    let mut tx = call.app.db.write().await?;
    let issued = email_codes::issue(call, &mut tx, (&wanted.email, Purpose::Discovery), lives).await?;
    audit::note_of_project(call, &mut tx, (Action::EmailCodeSent, Actor::Project), &[]).await?;
    let asked = (wanted.template.as_deref(), wanted.locale);
    let dress = templates::dress(call, &mut tx, (None, ""), Kind::OtpLogin, asked).await?;
    let id = sending::message_id(call);
    let mail = CodeMail { code: &issued.code, lives, occasion: Occasion::Login, dress: &dress };
    let mail = mail.to(wanted.email, &id);
    let cause = Cause::requested(sent::Purpose::DiscoveryCode, issued.digest, lives);
    sending::mail(call, &mut tx, cause, (id, mail)).await?;
    Ok(tx.commit().await?)
}

/// Trades a code for an intermediate session of its address; never for a
/// session. A wrong code is counted at the address.
///
/// # Errors
/// `OtpCodeNotFound`, `UnableToAuthOtpCode`, `UserLockLimitReached`.
pub async fn authenticate_code(call: &mut Call, email: EmailAddress, code: &Passcode) -> Result<Found> {
    let mut tx = call.app.db.write().await?;
    let room = try_once(call, &mut tx, email, code).await?;
    tx.commit().await?; // a guess stays counted
    discovery::look_around(call, room?).await
}

async fn try_once(
    call: &mut Call,
    tx: &mut Tx,
    email: EmailAddress,
    code: &Passcode,
) -> Result<Counted<discovery::Room>> {
    if let Err(failed) = email_codes::check(call, tx, (&email, Purpose::Discovery), code).await? {
        audit::note_of_project(call, tx, (Action::EmailCodeFailed, Actor::Member), &[]).await?;
        if failed.locks {
            crate::figures::locked(crate::figures::Lock::EmailCodes);
            audit::note_of_project(call, tx, (Action::EmailCodesLocked, Actor::Member), &[]).await?;
        }
        return Ok(Err(failed.refusal));
    }
    let email_id = EmailId::random(call.project.environment, &mut call.rng);
    let factor = Factor::EmailOtp { email_id, email_address: email.clone() };
    audit::note_of_project(call, tx, (Action::AddressProved, Actor::Member), &[]).await?;
    discovery::arrive(call, tx, email, factor).await.map(Ok)
}
