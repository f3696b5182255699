//! `/v1/b2b/recovery_codes`: one-time stand-ins for the authenticator app.

use super::{
    fields::{Shown, Wished},
    objects::{Member, MfaLoginResponse, Organization},
};
use crate::{
    endpoint::{Routes, Shows},
    error::Result,
};
use axum::http::Method;
use domain::{Timestamp, factors::recovery_codes::RecoveryCode, id::MemberId, members};
use flows::{
    Call,
    factors::{
        completion::{self, Attempt, Evidence},
        recovery_codes,
    },
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Tenant;

pub fn routes() -> Routes {
    Routes::new()
        .post("/v1/b2b/recovery_codes/recover", recover)
        .post("/v1/b2b/recovery_codes/rotate", rotate)
        .get("/v1/b2b/recovery_codes/{organization_id}/{member_id}", get)
}

/// As pages call them.
pub fn of_pages() -> Routes {
    Routes::new()
        .page(Method::POST, "/sdk/v1/b2b/recovery_codes/recover", recover)
        .shows(Shows::Either)
        .page(Method::POST, "/sdk/v1/b2b/recovery_codes/rotate", rotate)
        .shows(Shows::Member)
        .page(Method::GET, "/sdk/v1/b2b/recovery_codes", get)
        .shows(Shows::Member)
}

/// Spends a recovery code in place of the authenticator app, and completes the login.
#[derive(Deserialize, JsonSchema)]
struct RecoverRequest {
    organization_id: String,
    member_id: String,
    recovery_code: String,
    #[serde(flatten)]
    shown: Shown,
    #[serde(flatten)]
    wished: Wished,
}

#[derive(Serialize, JsonSchema)]
struct RecoverResponse {
    #[serde(flatten)]
    login: MfaLoginResponse,
    recovery_codes_remaining: usize,
}

async fn recover(mut call: Call, request: RecoverRequest) -> Result<RecoverResponse> {
    let attempt = Attempt {
        organization: request.organization_id,
        member: request.member_id,
        credentials: request.shown.into(),
        evidence: Evidence::RecoveryCode(RecoveryCode::parse(&request.recovery_code)?),
        wishes: request.wished.parse()?,
        set_enrollment: None,
        set_default: false,
    };
    let completed = completion::complete(&mut call, attempt).await?;
    let recovery_codes_remaining =
        recovery_codes::remaining(&call, &completed.tenant, &completed.member).await?;
    let login = MfaLoginResponse::new(&mut call, completed).await?;
    Ok(RecoverResponse { login, recovery_codes_remaining })
}

/// Names a member by the organization and its own id or external id.
#[derive(Deserialize, JsonSchema)]
struct NamedRequest {
    organization_id: String,
    member_id: String,
}

#[derive(Serialize, JsonSchema)]
struct CodesResponse {
    member_id: MemberId,
    recovery_codes: Vec<String>,
    member: Member,
    organization: Organization,
}

/// Voids every code and makes a fresh set.
async fn rotate(mut call: Call, request: NamedRequest) -> Result<CodesResponse> {
    let codes = recovery_codes::rotate(&mut call, &request.organization_id, &request.member_id).await?;
    Ok(CodesResponse::new(codes, call.now))
}

/// Reads the unused codes back.
async fn get(mut call: Call, request: NamedRequest) -> Result<CodesResponse> {
    let codes = recovery_codes::get(&mut call, &request.organization_id, &request.member_id).await?;
    Ok(CodesResponse::new(codes, call.now))
}

impl CodesResponse {
    fn new((tenant, member, codes): (Tenant, members::Member, Vec<RecoveryCode>), now: Timestamp) -> Self {
        Self {
            member_id: member.member_id.clone(),
            recovery_codes: codes.iter().map(|it| it.expose().to_owned()).collect(),
            member: Member::new(&member, &tenant, now),
            organization: tenant.organization().into(),
        }
    }
}
