//! Who calls.

use super::Incoming;
use crate::{Api, error::Result};
use axum::http::{HeaderMap, header::AUTHORIZATION};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    Refusal, Timestamp,
    id::ProjectId,
    projects::{Environment, Project},
    token::Token,
};
use flows::presented::Credentials;

/// Headers and query parameters that carry a member's session; header names compare without case.
const MEMBER_SESSION: [&str; 2] = ["x-stytch-member-session", "x-stytch-member-sessionjwt"];

/// Reads `Basic project_id:secret` and finds the project. Whoever shows a
/// right secret is let through however many wrong ones came from the address.
pub(super) async fn authenticate(api: &Api, incoming: &Incoming, now: Timestamp) -> Result<Project> {
    let Some(Basic { user, password }) = basic(incoming) else {
        return Err(api.limits.failed(incoming.peer, Refusal::UnauthorizedCredentials.into()));
    };
    match flows::projects::authenticate(&api.app, &user, &password, now).await {
        Ok(project) => {
            api.limits.call(&project.project_id)?;
            Ok(project)
        }
        Err(error @ flows::Error::Refused(_)) => Err(api.limits.failed(incoming.peer, error.into())),
        Err(error) => Err(error.into()),
    }
}

/// Which environment a request speaks of, before anybody has proved anything:
/// it only decides how the id of the request is spelt.
pub(super) fn likely_environment(headers: &HeaderMap, path: &str) -> Environment {
    let of_live = format!("{}-live-", ProjectId::PREFIX);
    let named = decoded(headers).is_some_and(|it| it.starts_with(&of_live));
    if named || path.contains(&of_live) { Environment::Live } else { Environment::Test }
}

/// What an `Authorization: Basic` header says, as it stands there.
pub struct Basic {
    pub user: String,
    pub password: Token,
}

pub(super) fn basic(incoming: &Incoming) -> Option<Basic> {
    let text = decoded(&incoming.headers)?;
    let (user, password) = text.split_once(':')?;
    Some(Basic { user: user.to_owned(), password: Token::received(password.to_owned()) })
}

fn decoded(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credentials) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()
}

/// The member's session that came along, where the route honours one. There
/// is one place for it or none: what is sent twice, empty, or where it cannot
/// be honoured is refused. Ignoring it would run the call with the project's
/// full authority.
pub(super) fn member_session(incoming: &Incoming, honoured: bool) -> Result<Option<Credentials>> {
    let [tokens, jwts] = MEMBER_SESSION.map(|name| sent(incoming, name));
    if tokens.is_empty() && jwts.is_empty() {
        return Ok(None);
    }
    if !honoured {
        return Err(Refusal::SessionAuthorization.into());
    }
    if tokens.len() + jwts.len() > 1 {
        return Err(Refusal::TooManySessionArguments.into());
    }
    let one = |mut values: Vec<String>| values.pop();
    let (session_token, session_jwt) = (one(tokens).map(Token::received), one(jwts));
    Ok(Some(Credentials { session_token, session_jwt, intermediate_session_token: None }))
}

/// Every value of a header and of its twins in the query, where one client puts it.
fn sent(incoming: &Incoming, name: &str) -> Vec<String> {
    let headers = incoming.headers.get_all(name).iter();
    let headers = headers.map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned());
    let twins = incoming.query.iter().filter(|(key, _)| key.to_ascii_lowercase().replace('_', "-") == name);
    headers.chain(twins.map(|(_, value)| value.clone())).collect()
}
