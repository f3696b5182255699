//! Sessions on the word of others: trusted tokens and migrated sessions.

use super::super::{
    fields::{Wished, filled},
    objects::{Member, MemberSession, Organization},
};
use crate::error::Result;
use domain::{id::MemberId, token::Token};
use flows::{
    Call,
    presented::Credentials,
    sessions::{
        migrate::{self, Migrate},
        tokens,
    },
    trusted_tokens::{self, Attest},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Trades the token of a trusted issuer for a session, or adds it to one.
#[derive(Deserialize, JsonSchema)]
pub(super) struct AttestRequest {
    profile_id: String,
    token: String,
    organization_id: Option<String>,
    session_token: Option<String>,
    session_jwt: Option<String>,
    #[serde(flatten)]
    wished: Wished,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct AttestResponse {
    member_id: MemberId,
    member_session: MemberSession,
    session_token: String,
    session_jwt: String,
    member: Member,
    organization: Organization,
    member_device: Option<()>,
}

pub(super) async fn attest(mut call: Call, request: AttestRequest) -> Result<AttestResponse> {
    let wanted = Attest {
        profile_id: request.profile_id,
        token: request.token,
        organization: filled(request.organization_id),
        credentials: Credentials {
            intermediate_session_token: None,
            session_token: filled(request.session_token).map(Token::received),
            session_jwt: filled(request.session_jwt),
        },
        wishes: request.wished.parse()?,
    };
    let (tenant, member, session) = trusted_tokens::attest(&mut call, wanted).await?;
    let (token, jwt) = tokens(&mut call, &session, &member, &tenant).await?;
    Ok(AttestResponse {
        member_id: member.member_id.clone(),
        member_session: MemberSession::new(&session, &member, &tenant),
        session_token: token.expose().to_owned(),
        session_jwt: jwt,
        member: Member::new(&member, &tenant, call.now),
        organization: tenant.organization().into(),
        member_device: None,
    })
}

/// Trades a session of the system that the project came from.
#[derive(Deserialize, JsonSchema)]
pub(super) struct MigrateRequest {
    session_token: String,
    organization_id: String,
    #[serde(flatten)]
    wished: Wished,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct MigrateResponse {
    member_id: MemberId,
    session_token: String,
    session_jwt: String,
    member: Member,
    organization: Organization,
    member_session: MemberSession,
}

pub(super) async fn migrate(mut call: Call, request: MigrateRequest) -> Result<MigrateResponse> {
    let wanted = Migrate {
        external_token: request.session_token,
        organization: request.organization_id,
        wishes: request.wished.parse()?,
    };
    let (tenant, member, session) = migrate::migrate(&mut call, wanted).await?;
    let (token, jwt) = tokens(&mut call, &session, &member, &tenant).await?;
    Ok(MigrateResponse {
        member_id: member.member_id.clone(),
        session_token: token.expose().to_owned(),
        session_jwt: jwt,
        member: Member::new(&member, &tenant, call.now),
        organization: tenant.organization().into(),
        member_session: MemberSession::new(&session, &member, &tenant),
    })
}
