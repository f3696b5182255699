//! `/v1/b2b/passwords/discovery` and `require_reset`: passwords that serve every organization.

use crate::b2b::{
    fields::{email, filled, locale},
    objects::{DiscoveryResponse, Member, Organization},
};
use crate::error::Result;
use domain::{id::MemberId, passwords::Password, pkce::Challenge, token::Token};
use flows::{
    Call,
    primary::passwords::{require_reset as require, shared},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Makes the password of an address good for nothing until it is reset by mail.
#[derive(Deserialize, JsonSchema)]
pub(super) struct RequireResetRequest {
    email_address: String,
    organization_id: Option<String>,
    member_id: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct RequireResetResponse {
    member_id: Option<MemberId>,
    member: Option<Member>,
    organization: Option<Organization>,
}

pub(super) async fn require_reset(
    mut call: Call,
    request: RequireResetRequest,
) -> Result<RequireResetResponse> {
    let wanted = require::RequireReset {
        email: email(&request.email_address)?,
        organization: filled(request.organization_id),
        member: filled(request.member_id),
    };
    let (tenant, member) = require::require_reset(&mut call, wanted).await?;
    Ok(RequireResetResponse {
        member_id: member.as_ref().map(|(_, it)| it.member_id.clone()),
        member: member.map(|(tenant, it)| Member::new(&it, &tenant, call.now)),
        organization: tenant.map(|it| it.organization().into()),
    })
}

/// Checks the password of an address, and says where it leads.
#[derive(Deserialize, JsonSchema)]
pub(super) struct AuthenticateRequest {
    email_address: String,
    password: String,
}

pub(super) async fn discovery_authenticate(
    mut call: Call,
    request: AuthenticateRequest,
) -> Result<DiscoveryResponse> {
    let (email, password) = (email(&request.email_address)?, Password::parse(request.password)?);
    let found = shared::authenticate(&mut call, email, password).await?;
    Ok(DiscoveryResponse::new(found, call.now))
}

/// Mails a link that sets the password of an address.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ResetStartRequest {
    email_address: String,
    reset_password_redirect_url: Option<String>,
    discovery_redirect_url: Option<String>,
    reset_password_template_id: Option<String>,
    verify_email_template_id: Option<String>,
    reset_password_expiration_minutes: Option<i64>,
    pkce_code_challenge: Option<String>,
    locale: Option<String>,
}

/// Nothing but that it was taken.
#[derive(Serialize, JsonSchema)]
pub(super) struct ResetStartResponse {}

pub(super) async fn discovery_reset_start(
    mut call: Call,
    request: ResetStartRequest,
) -> Result<ResetStartResponse> {
    let wanted = shared::ResetStart {
        email: email(&request.email_address)?,
        redirect_url: filled(request.reset_password_redirect_url),
        discovery_redirect_url: filled(request.discovery_redirect_url),
        pkce_challenge: filled(request.pkce_code_challenge).map(|it| Challenge::parse(&it)).transpose()?,
        locale: locale(request.locale)?,
        minutes: request.reset_password_expiration_minutes,
        reset_template: filled(request.reset_password_template_id),
        verify_template: filled(request.verify_email_template_id),
    };
    shared::reset_start(&mut call, wanted).await?;
    Ok(ResetStartResponse {})
}

/// Sets the password of an address by the token of a mailed link.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ResetRequest {
    password_reset_token: String,
    password: String,
    pkce_code_verifier: Option<String>,
}

pub(super) async fn discovery_reset(mut call: Call, request: ResetRequest) -> Result<DiscoveryResponse> {
    let token = Token::received(request.password_reset_token);
    let password = Password::parse(request.password)?;
    let found = shared::reset(&mut call, token, password, filled(request.pkce_code_verifier)).await?;
    Ok(DiscoveryResponse::new(found, call.now))
}
