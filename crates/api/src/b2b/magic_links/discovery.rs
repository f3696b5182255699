//! Links that prove an address before an organization is chosen.

use super::super::{
    fields::{email, filled, locale},
    objects::{Accepted, DiscoveryResponse},
};
use crate::{
    endpoint::{Routes, Told},
    error::Result,
};
use axum::http::Method;
use domain::{pkce::Challenge, token::Token};
use flows::{
    Call,
    primary::discovery::{self, SendLink},
};
use schemars::JsonSchema;
use serde::Deserialize;

pub fn routes() -> Routes {
    Routes::new()
        .post("/v1/b2b/magic_links/email/discovery/send", send_discovery)
        .post("/v1/b2b/magic_links/discovery/authenticate", authenticate_discovery)
}

/// As pages call them.
pub fn of_pages() -> Routes {
    Routes::new()
        .page(Method::POST, "/sdk/v1/b2b/magic_links/email/discovery/send", send_discovery)
        .told(Told::Nothing)
        .page(Method::POST, "/sdk/v1/b2b/magic_links/discovery/authenticate", authenticate_discovery)
}

/// Mails a link to any address.
#[derive(Deserialize, JsonSchema)]
struct SendRequest {
    email_address: String,
    discovery_redirect_url: Option<String>,
    pkce_code_challenge: Option<String>,
    login_template_id: Option<String>,
    locale: Option<String>,
    discovery_expiration_minutes: Option<i64>,
}

async fn send_discovery(mut call: Call, request: SendRequest) -> Result<Accepted> {
    let wanted = SendLink {
        email: email(&request.email_address)?,
        redirect_url: filled(request.discovery_redirect_url),
        pkce_challenge: filled(request.pkce_code_challenge).map(|it| Challenge::parse(&it)).transpose()?,
        locale: locale(request.locale)?,
        minutes: request.discovery_expiration_minutes,
        template: filled(request.login_template_id),
    };
    discovery::send_link(&mut call, wanted).await?;
    Ok(Accepted {})
}

/// Trades the token of a link for an intermediate session of its address.
#[derive(Deserialize, JsonSchema)]
struct AuthenticateRequest {
    discovery_magic_links_token: String,
    pkce_code_verifier: Option<String>,
}

async fn authenticate_discovery(mut call: Call, request: AuthenticateRequest) -> Result<DiscoveryResponse> {
    let token = Token::received(request.discovery_magic_links_token);
    let verifier = filled(request.pkce_code_verifier);
    let found = discovery::authenticate_link(&mut call, token, verifier).await?;
    Ok(DiscoveryResponse::new(found, call.now))
}
