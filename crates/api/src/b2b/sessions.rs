//! `/v1/b2b/sessions`.

mod outside;

use super::{
    fields::{Shown, Wished, filled, locale, optional_object},
    objects::{LoginResponse, Member, MemberSession, Organization},
};
use crate::{
    Api,
    endpoint::{Incoming, Routes, Shows},
    error::Result,
};
use axum::http::Method;
use domain::{Refusal, Timestamp, id::ProjectId, projects::sdk::Capability, roles::RoleId, token::Token};
use flows::{
    Call,
    discovery::{self, SessionExchange},
    presented::Credentials,
    projects,
    sessions::{self, AuthorizationCheck, Revoke, tokens},
};
use rand_chacha::ChaCha20Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Routes {
    Routes::new()
        .get("/v1/b2b/sessions", get)
        .post("/v1/b2b/sessions/authenticate", authenticate)
        .post("/v1/b2b/sessions/revoke", revoke)
        .for_members()
        .post("/v1/b2b/sessions/exchange", exchange)
        .post("/v1/b2b/sessions/attest", outside::attest)
        .post("/v1/b2b/sessions/migrate", outside::migrate)
        .public_get("/v1/b2b/sessions/jwks/{project_id}", jwks)
}

/// As pages call them.
pub fn of_pages() -> Routes {
    Routes::new()
        .page(Method::POST, "/sdk/v1/b2b/sessions/authenticate", authenticate)
        .shows(Shows::Session)
        .page(Method::POST, "/sdk/v1/b2b/sessions/revoke", lay_down)
        .shows(Shows::Session)
        .page(Method::POST, "/sdk/v1/b2b/sessions/exchange", exchange)
        .shows(Shows::Session)
        .page(Method::POST, "/sdk/v1/b2b/sessions/revoke/{member_id}", revoke)
        .shows(Shows::Member)
        .needs(Capability::Manage)
}

/// Lists a member's live sessions, without their tokens.
#[derive(Deserialize, JsonSchema)]
struct GetRequest {
    organization_id: String,
    member_id: String,
}

#[derive(Serialize, JsonSchema)]
struct GetResponse {
    member_sessions: Vec<MemberSession>,
}

async fn get(call: Call, request: GetRequest) -> Result<GetResponse> {
    let (tenant, member, found) =
        sessions::of_member(&call, &request.organization_id, &request.member_id).await?;
    let member_sessions = found.iter().map(|it| MemberSession::new(it, &member, &tenant)).collect();
    Ok(GetResponse { member_sessions })
}

/// Checks a session by its token or its JWT, and extends it if asked to.
#[derive(Deserialize, JsonSchema)]
struct AuthenticateRequest {
    #[serde(default, deserialize_with = "optional_object")]
    authorization_check: Option<Check>,
    #[serde(flatten)]
    shown: Shown,
    #[serde(flatten)]
    wished: Wished,
}

/// Whether the member may do this, here and now.
#[derive(Deserialize, JsonSchema)]
struct Check {
    organization_id: String,
    resource_id: String,
    action: String,
}

/// Only ever good news: what is not allowed is refused.
#[derive(Serialize, JsonSchema)]
struct Verdict {
    authorized: bool,
    granting_roles: Vec<RoleId>,
}

#[derive(Serialize, JsonSchema)]
struct AuthenticateResponse {
    member_session: MemberSession,
    session_token: String,
    session_jwt: String,
    member: Member,
    organization: Organization,
    verdict: Option<Verdict>,
}

async fn authenticate(mut call: Call, request: AuthenticateRequest) -> Result<AuthenticateResponse> {
    let check = request.authorization_check.map(|it| AuthorizationCheck {
        organization: it.organization_id,
        resource_id: it.resource_id,
        action: it.action,
    });
    let asked = (request.wished.parse()?, check);
    let (live, granting) = sessions::authenticate(&mut call, &request.shown.into(), asked).await?;
    let (token, jwt) = tokens(&mut call, &live.session, &live.member, &live.tenant).await?;
    Ok(AuthenticateResponse {
        member_session: MemberSession::new(&live.session, &live.member, &live.tenant),
        session_token: token.expose().to_owned(),
        session_jwt: jwt,
        member: Member::new(&live.member, &live.tenant, call.now),
        organization: live.tenant.organization().into(),
        verdict: granting.map(|granting_roles| Verdict { authorized: true, granting_roles }),
    })
}

/// Begins a session in another organization of the person; the one given stays.
#[derive(Deserialize, JsonSchema)]
struct ExchangeRequest {
    organization_id: String,
    locale: Option<String>,
    session_token: Option<String>,
    session_jwt: Option<String>,
    #[serde(flatten)]
    wished: Wished,
}

async fn exchange(mut call: Call, request: ExchangeRequest) -> Result<LoginResponse> {
    let credentials = Credentials {
        intermediate_session_token: None,
        session_token: filled(request.session_token).map(Token::received),
        session_jwt: filled(request.session_jwt),
    };
    let wanted = SessionExchange {
        organization: request.organization_id,
        credentials,
        wishes: request.wished.parse()?,
        locale: locale(request.locale)?,
    };
    let login = discovery::exchange_session(&mut call, wanted).await?;
    LoginResponse::new(&mut call, login).await
}

/// Ends one session, or every session of a member.
#[derive(Deserialize, JsonSchema)]
struct RevokeRequest {
    member_session_id: Option<String>,
    session_token: Option<String>,
    session_jwt: Option<String>,
    member_id: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct RevokeResponse {}

async fn revoke(mut call: Call, request: RevokeRequest) -> Result<RevokeResponse> {
    let by_token = |session_token, session_jwt| {
        let session_token = Option::map(session_token, Token::received);
        Revoke::Shown(Credentials { session_token, session_jwt, intermediate_session_token: None })
    };
    let which = match (
        filled(request.member_session_id),
        filled(request.session_token),
        filled(request.session_jwt),
        filled(request.member_id),
    ) {
        (None, None, None, None) => return Err(Refusal::NoSessionRevokeArguments.into()),
        (Some(id), None, None, None) => Revoke::Session(id.parse().map_err(|_| Refusal::SessionNotFound)?),
        (None, Some(token), None, None) => by_token(Some(token), None),
        (None, None, Some(jwt), None) => by_token(None, Some(jwt)),
        (None, None, None, Some(id)) => Revoke::AllOf(id.parse().map_err(|_| Refusal::MemberNotFound)?),
        _ => return Err(Refusal::TooManySessionRevokeArguments.into()),
    };
    sessions::revoke(&mut call, which).await?;
    Ok(RevokeResponse {})
}

/// Ends the session that a page shows.
#[derive(Deserialize, JsonSchema)]
struct LayDownRequest {
    session_token: String,
}

/// Empty tokens, which take the place of those that a page keeps.
#[derive(Serialize, JsonSchema)]
struct LayDownResponse {
    session_token: &'static str,
    session_jwt: &'static str,
    intermediate_session_token: &'static str,
}

async fn lay_down(mut call: Call, request: LayDownRequest) -> Result<LayDownResponse> {
    let session_token = Some(Token::received(request.session_token));
    sessions::revoke(&mut call, Revoke::Shown(Credentials { session_token, ..Credentials::default() }))
        .await?;
    Ok(LayDownResponse { session_token: "", session_jwt: "", intermediate_session_token: "" })
}

/// The public keys that verify a project's session JWTs.
#[derive(Serialize, JsonSchema)]
struct JwksResponse {
    keys: Vec<Jwk>,
}

/// RFC 7517; the members that no key of ours has are empty, as the strict clients want them.
#[derive(Serialize, JsonSchema)]
struct Jwk {
    kty: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    key_ops: [&'static str; 1],
    alg: &'static str,
    kid: String,
    x5c: [(); 0],
    #[serde(rename = "x5tS256")]
    x5t_s256: &'static str,
    n: String,
    e: String,
}

async fn jwks(api: Api, now: Timestamp, mut rng: ChaCha20Rng, incoming: Incoming) -> Result<JwksResponse> {
    let project: ProjectId =
        incoming.parameter("project_id").and_then(|it| it.parse().ok()).ok_or(Refusal::ProjectNotFound)?;
    let keys = projects::public_keys(&api.app, &project, (now, &mut rng)).await?;
    Ok(JwksResponse { keys: keys.into_iter().map(Jwk::from).collect() })
}

impl From<projects::PublicKey> for Jwk {
    fn from(key: projects::PublicKey) -> Self {
        Self {
            kty: "RSA",
            usage: "sig",
            key_ops: ["verify"],
            alg: "RS256",
            kid: key.key_id,
            x5c: [],
            x5t_s256: "",
            n: key.modulus,
            e: key.exponent,
        }
    }
}
