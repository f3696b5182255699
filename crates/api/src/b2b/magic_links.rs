//! `/v1/b2b/magic_links`: links by e-mail.

mod discovery;
mod invites;

use super::{
    fields::{Shown, Wished, email, filled, locale},
    objects::{NamedLoginResponse, SentResponse},
};
use crate::{
    endpoint::{Routes, Shows, Told},
    error::Result,
};
use axum::http::Method;
use domain::{id::EmailId, pkce::Challenge, token::Token};
use flows::{
    Call,
    primary::magic_links::{self, Authenticate, LoginOrSignup},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Routes {
    Routes::new()
        .post("/v1/b2b/magic_links/email/login_or_signup", login_or_signup)
        .post("/v1/b2b/magic_links/authenticate", authenticate)
        .and(invites::routes())
        .and(discovery::routes())
}

/// As pages call them.
pub fn of_pages() -> Routes {
    Routes::new()
        .page(Method::POST, "/sdk/v1/b2b/magic_links/email/login_or_signup", login_or_signup)
        .told(Told::Nothing)
        .page(Method::POST, "/sdk/v1/b2b/magic_links/authenticate", authenticate)
        .shows(Shows::Progress)
        .and(invites::of_pages())
        .and(discovery::of_pages())
}

/// Mails a link that logs a member in, or signs a new one up.
#[derive(Deserialize, JsonSchema)]
struct LoginOrSignupRequest {
    organization_id: String,
    #[schemars(with = "domain::email::EmailAddress")]
    email_address: String,
    login_redirect_url: Option<String>,
    signup_redirect_url: Option<String>,
    #[schemars(regex(pattern = r"^[A-Za-z0-9_-]{43}$"))]
    pkce_code_challenge: Option<String>,
    login_template_id: Option<String>,
    signup_template_id: Option<String>,
    #[schemars(with = "Option<domain::locale::Locale>")]
    locale: Option<String>,
    #[schemars(range(min = 5, max = 10_080))]
    login_expiration_minutes: Option<i64>,
    #[schemars(range(min = 5, max = 10_080))]
    signup_expiration_minutes: Option<i64>,
}

async fn login_or_signup(mut call: Call, request: LoginOrSignupRequest) -> Result<SentResponse> {
    let wanted = LoginOrSignup {
        organization: request.organization_id,
        email: email(&request.email_address)?,
        login_redirect_url: filled(request.login_redirect_url),
        signup_redirect_url: filled(request.signup_redirect_url),
        pkce_challenge: filled(request.pkce_code_challenge).map(|it| Challenge::parse(&it)).transpose()?,
        locale: locale(request.locale)?,
        login_minutes: request.login_expiration_minutes,
        signup_minutes: request.signup_expiration_minutes,
        login_template: filled(request.login_template_id),
        signup_template: filled(request.signup_template_id),
    };
    let sent = magic_links::login_or_signup(&mut call, wanted).await?;
    Ok(SentResponse::new(&sent, call.now))
}

/// Trades the token of a link for a session, or for a place between the doors.
#[derive(Deserialize, JsonSchema)]
struct AuthenticateRequest {
    magic_links_token: String,
    #[schemars(regex(pattern = r"^[A-Za-z0-9._~-]{43,128}$"))]
    pkce_code_verifier: Option<String>,
    #[schemars(with = "Option<domain::locale::Locale>")]
    locale: Option<String>,
    #[serde(flatten)]
    shown: Shown,
    #[serde(flatten)]
    wished: Wished,
}

#[derive(Serialize, JsonSchema)]
struct AuthenticateResponse {
    #[serde(flatten)]
    login: NamedLoginResponse,
    method_id: EmailId,
    reset_sessions: bool,
}

async fn authenticate(mut call: Call, request: AuthenticateRequest) -> Result<AuthenticateResponse> {
    let wanted = Authenticate {
        token: Token::received(request.magic_links_token),
        pkce_verifier: filled(request.pkce_code_verifier),
        credentials: request.shown.into(),
        wishes: request.wished.parse()?,
        locale: locale(request.locale)?,
    };
    let (login, method_id) = magic_links::authenticate(&mut call, wanted).await?;
    let login = NamedLoginResponse::new(&mut call, login).await?;
    Ok(AuthenticateResponse { login, method_id, reset_sessions: false })
}
