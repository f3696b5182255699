//! `/v1/public/{project_id}/oauth2`: tokens for clients, and what they are worth.

use super::fields::filled;
use crate::{
    endpoint::{Basic, Routes, Visit},
    error::Result,
};
use domain::{
    Refusal,
    id::ProjectId,
    m2m::{client_id::ClientId, token::Claims},
    token::Token,
};
use flows::m2m::{
    introspection::{self, Asker},
    proof::Shown,
    tokens,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::form_urlencoded;

pub fn routes() -> Routes {
    Routes::new()
        .oauth_post("/v1/public/{project_id}/oauth2/token", token)
        .oauth_post("/v1/public/{project_id}/oauth2/introspect", introspect)
        .also_at("/v1/oauth2/introspect") // where the Ruby client asks
}

/// Trades a client's credentials for an access token, a JWT. They come in the
/// body, or as Basic credentials.
#[derive(Deserialize, JsonSchema)]
struct TokenRequest {
    grant_type: String,
    client_id: Option<String>,
    client_secret: Option<String>,
    /// Separated by spaces; all that the client has when there are none.
    scope: Option<String>,
    /// As the Rust client sends them.
    scopes: Option<Vec<String>>,
}

#[derive(Serialize, JsonSchema)]
struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    /// In seconds.
    expires_in: i64,
}

async fn token(mut visit: Visit, request: TokenRequest) -> Result<TokenResponse> {
    if request.grant_type != "client_credentials" {
        return Err(Refusal::UnsupportedGrantType.into());
    }
    let (client_id, secret) = (filled(request.client_id), filled(request.client_secret));
    let shown = of_client(visit.basic.take(), client_id, secret)?.ok_or(Refusal::InvalidClient)?;
    let mut scopes = request.scopes.unwrap_or_default();
    scopes.extend(request.scope.iter().flat_map(|it| it.split_ascii_whitespace()).map(str::to_owned));
    let issued = tokens::issue(&mut visit.call, &shown, &scopes).await?;
    Ok(TokenResponse {
        access_token: issued.access_token,
        token_type: "bearer",
        expires_in: issued.expires_in,
    })
}

/// Says whether a client's access token is good now, and what it says. A
/// client asks about its own tokens, whoever holds the project's secret about all.
#[derive(Deserialize, JsonSchema)]
struct IntrospectRequest {
    token: String,
    client_id: Option<String>,
    client_secret: Option<String>,
    /// Decides nothing: the token itself says what it is.
    #[serde(rename = "token_type_hint")]
    _token_type_hint: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct IntrospectResponse {
    active: bool,
    #[serde(flatten)]
    said: Option<Said>,
}

/// What an active token says. Custom claims stand beside it.
#[derive(Serialize, JsonSchema)]
struct Said {
    sub: ClientId,
    client_id: ClientId,
    scope: String,
    aud: [ProjectId; 1],
    iss: String,
    exp: i64,
    iat: i64,
    nbf: i64,
    token_type: &'static str,
    /// Of no organization; official clients fail without it.
    #[serde(rename = "https://stytch.com/organization")]
    organization: NoOrganization,
    #[serde(flatten)]
    custom: Map<String, Value>,
}

#[derive(Serialize, JsonSchema, Default)]
struct NoOrganization {
    organization_id: &'static str,
    slug: &'static str,
}

async fn introspect(mut visit: Visit, request: IntrospectRequest) -> Result<IntrospectResponse> {
    let (client_id, secret) = (filled(request.client_id), filled(request.client_secret));
    let asker = match (visit.basic.take(), secret) {
        (Some(basic), None) if is_project(&basic) => {
            Asker::Project { id: basic.user, secret: basic.password, client_id }
        }
        (basic, secret) => Asker::Client(of_client(basic, client_id, secret)?.ok_or(Refusal::InvalidClient)?),
    };
    let found = introspection::introspect(&mut visit.call, asker, &request.token).await?;
    Ok(IntrospectResponse { active: found.is_some(), said: found.map(Said::from) })
}

/// A client's credentials from the body or the header. Several official
/// clients send the project's credentials in every header: those are not the client's.
fn of_client(
    basic: Option<Basic>,
    client_id: Option<String>,
    secret: Option<String>,
) -> Result<Option<Shown>> {
    let basic = basic.filter(|it| !is_project(it));
    match (basic, client_id, secret) {
        (None, Some(client_id), Some(secret)) => {
            Ok(Some(Shown { client_id, secrets: vec![Token::received(secret)] }))
        }
        (Some(basic), None, None) => Ok(Some(shown_in_header(basic))),
        (Some(basic), Some(client_id), None) => {
            let shown = shown_in_header(basic);
            let agree = shown.client_id == client_id;
            if agree { Ok(Some(shown)) } else { Err(Refusal::BadRequest("two clients are named").into()) }
        }
        (Some(_), _, Some(_)) => Err(Refusal::BadRequest("send the client's secret once").into()),
        (None, _, _) => Ok(None),
    }
}

fn is_project(basic: &Basic) -> bool {
    basic.user.parse::<ProjectId>().is_ok()
}

/// RFC 6749, section 2.3.1, encodes both as forms do; many clients do not.
/// A name has no character that would differ, a secret is tried both ways.
fn shown_in_header(basic: Basic) -> Shown {
    let client_id = decoded(&basic.user).unwrap_or(basic.user);
    let other = decoded(basic.password.expose()).filter(|it| it != basic.password.expose());
    let secrets = std::iter::once(basic.password).chain(other.map(Token::received)).collect();
    Shown { client_id, secrets }
}

fn decoded(text: &str) -> Option<String> {
    let pair = format!("x={}", text.replace('&', "%26"));
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned())
}

impl From<Claims> for Said {
    fn from(claims: Claims) -> Self {
        Self {
            sub: claims.sub.clone(),
            client_id: claims.sub,
            scope: claims.scope,
            aud: claims.aud,
            iss: claims.iss,
            exp: claims.exp,
            iat: claims.iat,
            nbf: claims.nbf,
            token_type: "access_token",
            organization: NoOrganization::default(),
            custom: claims.custom,
        }
    }
}
