//! Mailing a link that sets a password; for an unknown address, a sign-up.

use super::super::{
    links::{self, registered},
    magic_links,
    provisioning::{Sent, recipient},
};
use crate::{
    Call, Result, audit,
    messages::ResetMail,
    sending::{self, Cause},
    templates,
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    email::EmailAddress,
    locale::Locale,
    login_policy::PrimaryMethod,
    members::Member,
    messages::Purpose,
    pkce::Challenge,
    redirect_url::RedirectUrl,
    templates::Kind,
    time::Span,
    token::Token,
};
use store::{Tenant, Tx, password_resets, password_resets::PasswordReset, tenant};

/// The kind of token the link to the reset carries.
const TOKEN_TYPE: &str = "multi_tenant_passwords";
/// Minutes a link lives: least, default, most.
const MINUTES: (i64, i64, i64) = (5, 30, 10_080);

pub struct ResetStart {
    pub organization: String,
    pub email: EmailAddress,
    pub reset_redirect_url: Option<String>,
    pub login_redirect_url: Option<String>,
    pub pkce_challenge: Option<Challenge>,
    pub locale: Locale,
    pub minutes: Option<i64>,
    pub reset_template: Option<String>,
    pub verify_template: Option<String>,
}

/// Mails two links: one that sets a password, one that logs in without. An
/// address that the organization admits by its domain becomes a pending member.
///
/// # Errors
/// The refusals of redirect URLs, provisioning and limits.
pub async fn start(call: &mut Call, wanted: ResetStart) -> Result<Sent> {
    let minutes = minutes(wanted.minutes)?;
    let urls = urls(call, &wanted)?;
    let tenant = {
        let mut conn = call.app.db.read().await?;
        tenant::resolve(&mut conn, &call.project.project_id, &wanted.organization).await?
    };
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    let mut tx = call.app.db.write().await?;
    let by = (&wanted.email, PrimaryMethod::Password);
    let (member, created) = recipient(call, &mut tx, &tenant, by).await?;
    sending::count_mail(call, &mut tx, &member.email_address).await?;
    let whose = (&tenant, &member);
    let reset = keep(call, &mut tx, whose, (minutes, wanted.pkce_challenge.clone())).await?;
    let login = login_token(call, &mut tx, whose, (minutes, wanted.pkce_challenge)).await?;
    let is_first = member.password_id.is_none();
    let ids = (wanted.reset_template.as_deref(), wanted.verify_template.as_deref());
    let whom = (Some(&tenant), member.name.as_str());
    let dress = templates::dress_one_of(call, &mut tx, whom, of_two(is_first, ids), wanted.locale).await?;
    let id = sending::message_id(call);
    let mail = ResetMail {
        reset: &urls.0.with_reset_token(&call.project.public_token, TOKEN_TYPE, &reset),
        login: login.map(|it| urls.1.with_token(links::OF_MEMBER, &it)),
        minutes,
        is_first,
        dress: &dress,
    };
    let mail = mail.to(member.email_address.clone(), &id);
    let cause = Cause::requested(Purpose::PasswordReset, reset.digest(), Span::minutes(minutes));
    sending::mail(call, &mut tx, cause.of(&tenant, &member), (id, mail)).await?;
    tx.commit().await?;
    Ok(Sent { tenant, member, created })
}

type Named<'a> = (Kind, Option<&'a str>);

/// The template that is used, and the one that might have been.
pub(super) fn of_two<'a>(
    is_first: bool,
    (reset, verify): (Option<&'a str>, Option<&'a str>),
) -> (Named<'a>, Named<'a>) {
    let (reset, verify) = ((Kind::ResetPassword, reset), (Kind::EmailVerification, verify));
    if is_first { (verify, reset) } else { (reset, verify) }
}

/// Makes a token that sets the member's password.
async fn keep(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    (minutes, pkce_challenge): (i64, Option<Challenge>),
) -> Result<Token> {
    let token = Token::random("password-reset-", &mut call.rng);
    let reset = PasswordReset {
        organization_id: tenant.organization_id().clone(),
        member_id: member.member_id.clone(),
        email_id: member.email_id.clone(),
        pkce_challenge,
        expires_at: call.now.plus(Span::minutes(minutes)),
        spent_at: None,
    };
    password_resets::create(tx, tenant, &token.digest(), &reset, call.now).await?;
    let event = (Action::PasswordResetSent, Actor::Project);
    audit::note(call, tx, tenant, Some(&member.member_id), event, &[]).await?;
    Ok(token)
}

/// The way in without a password, where the organization accepts it.
async fn login_token(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    (minutes, pkce_challenge): (i64, Option<Challenge>),
) -> Result<Option<Token>> {
    if !tenant.organization().accepted_of(member).contains(PrimaryMethod::MagicLink) {
        return Ok(None);
    }
    let wish = (minutes, pkce_challenge);
    Ok(Some(magic_links::mint(call, tx, (tenant, member), &member.email_id, wish).await?))
}

/// Where the two links land; both are checked, whichever is followed.
fn urls(call: &Call, wanted: &ResetStart) -> Result<(RedirectUrl, RedirectUrl)> {
    let settings = &call.project.settings;
    let reset = registered(
        call,
        (&settings.reset_password_redirect_urls, wanted.reset_redirect_url.as_deref()),
        (Refusal::InvalidPasswordResetRedirectUrl, Refusal::NoPasswordResetRedirectUrl),
    )?;
    let login = registered(
        call,
        (&settings.login_redirect_urls, wanted.login_redirect_url.as_deref()),
        (Refusal::InvalidLoginRedirectUrl, Refusal::NoLoginRedirectUrl),
    )?;
    Ok((reset, login))
}

pub(super) fn minutes(wanted: Option<i64>) -> Result<i64> {
    let (least, default, most) = MINUTES;
    let minutes = wanted.unwrap_or(default);
    if (least..=most).contains(&minutes) { Ok(minutes) } else { Err(Refusal::InvalidExpiration.into()) }
}
