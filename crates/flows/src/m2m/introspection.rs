//! Whether a token is good, told by those who know at once (RFC 7662).

use super::proof::{Shown, prove};
use crate::{Call, Result, projects, signer};
use domain::{
    Refusal,
    m2m::{Status, client_id::ClientId, token::Claims},
    token::Token,
};
use store::{installation, m2m_clients};

/// Who asks.
pub enum Asker {
    /// A client, about its own tokens.
    Client(Shown),
    /// Whoever holds the project's secret, about the tokens of one client or of all.
    Project { id: String, secret: Token, client_id: Option<String> },
}

/// What a token of a client says, if it is good now: signed by the project
/// for a client that is there and active, in its time, and after the database was
/// last put back to an earlier moment. None for any other
/// text, session JWTs included, and for the token of another client.
///
/// # Errors
/// `InvalidClient`, `TooManyRequests`.
pub async fn introspect(call: &mut Call, asker: Asker, token: &str) -> Result<Option<Claims>> {
    let client_id = match asker {
        Asker::Client(shown) => Some(prove(call, &shown).await?.client_id.to_string()),
        Asker::Project { id, secret, client_id } => {
            let project = projects::authenticate(&call.app, &id, &secret, call.now).await;
            let project = project.map_err(|_| Refusal::InvalidClient)?;
            if project.project_id != call.project.project_id {
                return Err(Refusal::InvalidClient.into());
            }
            client_id
        }
    };
    let Some(claims) = signer::read_any::<Claims>(call, token).await? else { return Ok(None) };
    let is_asked_about = client_id.is_none_or(|it| it == claims.sub.as_str());
    if !is_asked_about || !claims.hold(call.now) || !is_alive(call, &claims).await? {
        return Ok(None);
    }
    Ok(Some(claims))
}

async fn is_alive(call: &Call, claims: &Claims) -> Result<bool> {
    let id: &ClientId = &claims.sub;
    let mut conn = call.app.db.read().await?;
    let client = m2m_clients::find(&mut conn, &call.project.project_id, id).await?;
    if !client.is_some_and(|it| it.status == Status::Active && claims.are_of(&it)) {
        return Ok(false);
    }
    // What was taken from a client since a backup came back with it: its tokens do not.
    let restored_at = installation::restored_at(&mut conn).await?;
    Ok(restored_at.is_none_or(|it| claims.iat > it.seconds()))
}
