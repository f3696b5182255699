//! The claims of a client's access token.

use super::{Client, claims_template::is_reserved, client_id::ClientId, scopes::Scopes};
use crate::{
    Timestamp,
    id::{M2mTokenId, ProjectId},
    jwt_claims::issuer,
    time::Span,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How long an access token is good for.
pub const LIFETIME: Span = Span::hours(1);

/// What is signed and, later, read again. The kind of its `jti` tells an
/// access token of a client from every other JWT of the project: nothing else
/// carries one, and no custom claim can.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: [ProjectId; 1],
    pub sub: ClientId,
    pub scope: String,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    pub jti: M2mTokenId,
    #[serde(flatten)]
    pub custom: Map<String, Value>,
}

impl Claims {
    pub fn new(
        client: &Client,
        scopes: &Scopes,
        (jti, now): (M2mTokenId, Timestamp),
        custom: Map<String, Value>,
    ) -> Self {
        Self {
            iss: issuer(&client.project_id),
            aud: [client.project_id.clone()],
            sub: client.client_id.clone(),
            scope: scopes.to_string(),
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: now.plus(LIFETIME).seconds(),
            jti,
            custom,
        }
    }

    /// Whether the time of the token has come and not gone, and nothing in it is of another kind of token.
    pub fn hold(&self, now: Timestamp) -> bool {
        let in_time = self.nbf <= now.seconds() && now.seconds() < self.exp;
        in_time && !self.custom.keys().any(|it| is_reserved(it))
    }

    /// Whether the client that exists now is the one the token was made for,
    /// and not a later one of the same name.
    pub fn are_of(&self, client: &Client) -> bool {
        self.sub == client.client_id && client.created_at.seconds() <= self.iat
    }
}
