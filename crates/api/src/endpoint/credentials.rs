//! Who calls.

use super::Incoming;
use crate::error::Result;
use axum::http::header::AUTHORIZATION;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{Refusal, Timestamp, projects::Project, token::Token};
use flows::App;

/// Headers and query parameters that carry a member's session; header names compare without case.
const MEMBER_SESSION: [&str; 2] = ["x-stytch-member-session", "x-stytch-member-sessionjwt"];

/// Reads `Basic project_id:secret` and finds the project.
pub(super) async fn authenticate(app: &App, incoming: &Incoming, now: Timestamp) -> Result<Project> {
    let (id, secret) = basic(incoming).ok_or(Refusal::UnauthorizedCredentials)?;
    Ok(flows::projects::authenticate(app, &id, &secret, now).await?)
}

fn basic(incoming: &Incoming) -> Option<(String, Token)> {
    let value = incoming.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credentials) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), Token::received(secret.to_owned())))
}

/// A call on behalf of a member is refused until rights can be enforced.
/// Ignoring the header would run it with the project's full authority.
pub(super) fn refuse_member_sessions(incoming: &Incoming) -> Result<()> {
    let in_header = MEMBER_SESSION.iter().any(|name| incoming.headers.contains_key(*name));
    let in_query = incoming
        .query
        .iter()
        .any(|(name, _)| MEMBER_SESSION.contains(&name.to_ascii_lowercase().replace('_', "-").as_str()));
    if in_header || in_query { Err(Refusal::SessionAuthorization.into()) } else { Ok(()) }
}
