//! `/v1/b2b/otps/email`: codes by e-mail.

use super::{
    fields::{Shown, Wished, email, filled, locale},
    objects::{Accepted, DiscoveryResponse, NamedLoginResponse, SentResponse},
};
use crate::{
    endpoint::{Refused, Routes, Shows, Told},
    error::Result,
};
use axum::http::Method;
use domain::{factors::sms_otp::Passcode, id::EmailId};
use flows::{
    Call,
    primary::{
        discovery::{self, SendCode},
        email_otp::{self, Authenticate, LoginOrSignup},
    },
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Routes {
    Routes::new()
        .post("/v1/b2b/otps/email/login_or_signup", login_or_signup)
        .post("/v1/b2b/otps/email/authenticate", authenticate)
        .post("/v1/b2b/otps/email/discovery/send", send_discovery)
        .post("/v1/b2b/otps/email/discovery/authenticate", authenticate_discovery)
}

/// As pages call them.
pub fn of_pages() -> Routes {
    let alike = Told::Alike(Refused::Code);
    Routes::new()
        .page(Method::POST, "/sdk/v1/b2b/otps/email/login_or_signup", login_or_signup)
        .told(Told::Nothing)
        .page(Method::POST, "/sdk/v1/b2b/otps/email/authenticate", authenticate)
        .shows(Shows::Progress)
        .told(alike)
        .page(Method::POST, "/sdk/v1/b2b/otps/email/discovery/send", send_discovery)
        .told(Told::Nothing)
        .page(Method::POST, "/sdk/v1/b2b/otps/email/discovery/authenticate", authenticate_discovery)
        .told(alike)
}

/// Mails a code that logs a member in, or signs a new one up.
#[derive(Deserialize, JsonSchema)]
struct LoginOrSignupRequest {
    organization_id: String,
    email_address: String,
    login_template_id: Option<String>,
    signup_template_id: Option<String>,
    locale: Option<String>,
    login_expiration_minutes: Option<i64>,
    signup_expiration_minutes: Option<i64>,
}

async fn login_or_signup(mut call: Call, request: LoginOrSignupRequest) -> Result<SentResponse> {
    let wanted = LoginOrSignup {
        organization: request.organization_id,
        email: email(&request.email_address)?,
        locale: locale(request.locale)?,
        login_minutes: request.login_expiration_minutes,
        signup_minutes: request.signup_expiration_minutes,
        login_template: filled(request.login_template_id),
        signup_template: filled(request.signup_template_id),
    };
    let sent = email_otp::login_or_signup(&mut call, wanted).await?;
    Ok(SentResponse::new(&sent, call.now))
}

/// Trades a code for a session, or for a place between the doors.
#[derive(Deserialize, JsonSchema)]
struct AuthenticateRequest {
    organization_id: String,
    email_address: String,
    code: String,
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
}

async fn authenticate(mut call: Call, request: AuthenticateRequest) -> Result<AuthenticateResponse> {
    let wanted = Authenticate {
        organization: request.organization_id,
        email: email(&request.email_address)?,
        code: Passcode::parse(&request.code)?,
        credentials: request.shown.into(),
        wishes: request.wished.parse()?,
        locale: locale(request.locale)?,
    };
    let (login, method_id) = email_otp::authenticate(&mut call, wanted).await?;
    let login = NamedLoginResponse::new(&mut call, login).await?;
    Ok(AuthenticateResponse { login, method_id })
}

/// Mails a code to any address.
#[derive(Deserialize, JsonSchema)]
struct SendDiscoveryRequest {
    email_address: String,
    login_template_id: Option<String>,
    locale: Option<String>,
    discovery_expiration_minutes: Option<i64>,
}

async fn send_discovery(mut call: Call, request: SendDiscoveryRequest) -> Result<Accepted> {
    let wanted = SendCode {
        email: email(&request.email_address)?,
        locale: locale(request.locale)?,
        minutes: request.discovery_expiration_minutes,
        template: filled(request.login_template_id),
    };
    discovery::send_code(&mut call, wanted).await?;
    Ok(Accepted {})
}

/// Trades a code for an intermediate session of the address.
#[derive(Deserialize, JsonSchema)]
struct AuthenticateDiscoveryRequest {
    email_address: String,
    code: String,
}

async fn authenticate_discovery(
    mut call: Call,
    request: AuthenticateDiscoveryRequest,
) -> Result<DiscoveryResponse> {
    let (address, code) = (email(&request.email_address)?, Passcode::parse(&request.code)?);
    let found = discovery::authenticate_code(&mut call, address, &code).await?;
    Ok(DiscoveryResponse::new(found, call.now))
}
