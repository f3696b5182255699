//! `/v1/b2b/impersonation`.

use super::objects::{Member, MemberSession, Organization};
use crate::{endpoint::Routes, error::Result};
use axum::http::Method;
use domain::{
    id::{MemberId, OrganizationId},
    token::Token,
};
use flows::{Call, impersonation, sessions::tokens};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Routes {
    Routes::new().post("/v1/b2b/impersonation/authenticate", authenticate)
}

/// As pages call them.
pub fn of_pages() -> Routes {
    Routes::new().page(Method::POST, "/sdk/v1/b2b/impersonation/authenticate", authenticate)
}

/// Trades a token of the operator for a session of an hour in a member's name.
#[derive(Deserialize, JsonSchema)]
struct AuthenticateRequest {
    impersonation_token: String,
}

/// Always a whole login: nothing is ever due.
#[derive(Serialize, JsonSchema)]
struct AuthenticateResponse {
    member_id: MemberId,
    organization_id: OrganizationId,
    member: Member,
    session_token: String,
    session_jwt: String,
    organization: Organization,
    intermediate_session_token: &'static str,
    intermediate_session_token_expires_at: Option<()>,
    member_authenticated: bool,
    member_session: MemberSession,
    mfa_required: Option<()>,
}

async fn authenticate(mut call: Call, request: AuthenticateRequest) -> Result<AuthenticateResponse> {
    let token = Token::received(request.impersonation_token);
    let (tenant, member, session) = impersonation::authenticate(&mut call, &token).await?;
    let (token, jwt) = tokens(&mut call, &session, &member, &tenant).await?;
    Ok(AuthenticateResponse {
        member_id: member.member_id.clone(),
        organization_id: tenant.organization_id().clone(),
        member: Member::new(&member, &tenant, call.now),
        session_token: token.expose().to_owned(),
        session_jwt: jwt,
        organization: tenant.organization().into(),
        intermediate_session_token: "",
        intermediate_session_token_expires_at: None,
        member_authenticated: true,
        member_session: MemberSession::new(&session, &member, &tenant),
        mfa_required: None,
    })
}
