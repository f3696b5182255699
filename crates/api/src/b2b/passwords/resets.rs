//! `/v1/b2b/passwords/…/reset`: new passwords.

use crate::b2b::{
    fields::{Wished, email, filled, locale},
    objects::{
        LoginResponse, Member, MemberSession, MfaRequired, NamedLoginResponse, Organization,
        optional_rfc_3339,
    },
};
use crate::error::Result;
use domain::{
    Timestamp,
    id::{EmailId, MemberId},
    passwords::Password,
    pkce::Challenge,
    token::Token,
};
use flows::{
    Call,
    presented::Credentials,
    primary::passwords::{Authenticate, existing, in_session, reset, reset_start},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Mails a link that sets a password, and one that logs in without.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ResetStartRequest {
    organization_id: String,
    email_address: String,
    reset_password_redirect_url: Option<String>,
    reset_password_expiration_minutes: Option<i64>,
    code_challenge: Option<String>,
    login_redirect_url: Option<String>,
    locale: Option<String>,
    reset_password_template_id: Option<String>,
    verify_email_template_id: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct ResetStartResponse {
    member_id: MemberId,
    member_email_id: EmailId,
    member: Member,
}

pub(super) async fn reset_start(mut call: Call, request: ResetStartRequest) -> Result<ResetStartResponse> {
    let wanted = reset_start::ResetStart {
        organization: request.organization_id,
        email: email(&request.email_address)?,
        reset_redirect_url: filled(request.reset_password_redirect_url),
        login_redirect_url: filled(request.login_redirect_url),
        pkce_challenge: filled(request.code_challenge).map(|it| Challenge::parse(&it)).transpose()?,
        locale: locale(request.locale)?,
        minutes: request.reset_password_expiration_minutes,
        reset_template: filled(request.reset_password_template_id),
        verify_template: filled(request.verify_email_template_id),
    };
    let sent = reset_start::start(&mut call, wanted).await?;
    Ok(ResetStartResponse {
        member_id: sent.member.member_id.clone(),
        member_email_id: sent.member.email_id.clone(),
        member: Member::new(&sent.member, &sent.tenant, call.now),
    })
}

/// Sets a password by the token of a mailed link.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ResetRequest {
    password_reset_token: String,
    password: String,
    code_verifier: Option<String>,
    locale: Option<String>,
    session_token: Option<String>,
    session_jwt: Option<String>,
    intermediate_session_token: Option<String>,
    #[serde(flatten)]
    wished: Wished,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct ResetResponse {
    #[serde(flatten)]
    login: NamedLoginResponse,
    member_email_id: EmailId,
}

pub(super) async fn reset(mut call: Call, request: ResetRequest) -> Result<ResetResponse> {
    let wanted = reset::Reset {
        token: Token::received(request.password_reset_token),
        password: Password::parse(request.password)?,
        pkce_verifier: filled(request.code_verifier),
        credentials: Credentials {
            intermediate_session_token: filled(request.intermediate_session_token).map(Token::received),
            ..session(request.session_token, request.session_jwt)
        },
        wishes: request.wished.parse()?,
        locale: locale(request.locale)?,
    };
    let (login, member_email_id) = reset::reset(&mut call, wanted).await?;
    let login = NamedLoginResponse::new(&mut call, login).await?;
    Ok(ResetResponse { login, member_email_id })
}

/// Changes a password by the one before.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ExistingRequest {
    organization_id: String,
    email_address: String,
    existing_password: String,
    new_password: String,
    locale: Option<String>,
    session_token: Option<String>,
    session_jwt: Option<String>,
    #[serde(flatten)]
    wished: Wished,
}

pub(super) async fn by_existing(mut call: Call, request: ExistingRequest) -> Result<LoginResponse> {
    let wanted = Authenticate {
        organization: request.organization_id,
        email: email(&request.email_address)?,
        password: Password::parse(request.existing_password)?,
        credentials: session(request.session_token, request.session_jwt),
        wishes: request.wished.parse()?,
        locale: locale(request.locale)?,
    };
    let new = Password::parse(request.new_password)?;
    let login = existing::reset(&mut call, wanted, new).await?;
    LoginResponse::new(&mut call, login).await
}

/// Sets a password by a session in which something was proved just now.
#[derive(Deserialize, JsonSchema)]
pub(super) struct SessionRequest {
    organization_id: String,
    password: String,
    locale: Option<String>,
    session_token: Option<String>,
    session_jwt: Option<String>,
    #[serde(flatten)]
    wished: Wished,
}

/// What a login answers with whose first factor is a session.
#[derive(Serialize, JsonSchema)]
pub(super) struct SessionResponse {
    member_id: MemberId,
    member: Member,
    organization: Organization,
    session_token: String,
    session_jwt: String,
    member_session: Option<MemberSession>,
    member_authenticated: bool,
    intermediate_session_token: String,
    #[serde(serialize_with = "optional_rfc_3339")]
    intermediate_session_token_expires_at: Option<Timestamp>,
    mfa_required: Option<MfaRequired>,
    member_device: Option<()>,
}

impl From<LoginResponse> for SessionResponse {
    fn from(login: LoginResponse) -> Self {
        Self {
            member_id: login.member_id,
            member: login.member,
            organization: login.organization,
            session_token: login.session_token,
            session_jwt: login.session_jwt,
            member_session: login.member_session,
            member_authenticated: login.member_authenticated,
            intermediate_session_token: login.intermediate_session_token,
            intermediate_session_token_expires_at: login.intermediate_session_token_expires_at,
            mfa_required: login.mfa_required,
            member_device: login.member_device,
        }
    }
}

pub(super) async fn by_session(mut call: Call, request: SessionRequest) -> Result<SessionResponse> {
    let wanted = in_session::SessionReset {
        organization: request.organization_id,
        password: Password::parse(request.password)?,
        credentials: session(request.session_token, request.session_jwt),
        wishes: request.wished.parse()?,
        locale: locale(request.locale)?,
    };
    let login = in_session::reset(&mut call, wanted).await?;
    Ok(LoginResponse::new(&mut call, login).await?.into())
}

fn session(token: Option<String>, jwt: Option<String>) -> Credentials {
    Credentials {
        intermediate_session_token: None,
        session_token: filled(token).map(Token::received),
        session_jwt: filled(jwt),
    }
}
