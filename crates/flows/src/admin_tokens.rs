//! The tokens of the admin API, as the operator makes and revokes them.

use crate::{App, Error, Result, projects::note};
use domain::{Refusal, Timestamp, audit::Action, digest::Digest, time::Span, token::Token};
use rand::RngCore;
use serde_json::json;
use store::{
    Tx,
    admin_tokens::{self, AdminToken},
    projects,
};

/// Characters of the digest that name a token to people.
const ID: usize = 12;
const LONGEST: Span = Span::days(366);

/// A token as it is listed, or as it calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The beginning of its digest.
    pub id: String,
    pub name: String,
    pub last_four: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Makes a token; what is returned of it is shown once.
///
/// # Errors
/// When the name is not of 1 to 64 characters, or it would last longer than a year.
pub async fn create(
    app: &App,
    (name, lifetime): (&str, Span),
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<(Token, Listed)> {
    let name = name.trim();
    if !(1..=64).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(Error::Operator("a token's name has 1 to 64 characters".to_owned()));
    }
    if now.plus(lifetime) <= now || now.plus(LONGEST) < now.plus(lifetime) {
        return Err(Error::Operator("a token lasts a moment at least and 366 days at most".to_owned()));
    }
    let token = Token::random("vestibule-admin-", rng);
    let length = token.expose().chars().count();
    let kept = AdminToken {
        token_digest: token.digest(),
        name: name.to_owned(),
        last_four: token.expose().chars().skip(length.saturating_sub(4)).collect(),
        created_at: now,
        expires_at: now.plus(lifetime),
    };
    let mut tx = app.db.write().await?;
    admin_tokens::add(&mut tx, &kept).await?;
    let made = listed(kept);
    record(&mut tx, (Action::AdminTokenCreated, &made), (now, rng)).await?;
    tx.commit().await?;
    Ok((token, made))
}

/// Every token there is, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(app: &App) -> Result<Vec<Listed>> {
    let all = admin_tokens::all(&mut app.db.read().await?).await?;
    Ok(all.into_iter().map(listed).collect())
}

/// Ends a token at once, on every node.
///
/// # Errors
/// When there is none of that id.
pub async fn revoke(app: &App, id: &str, (now, rng): (Timestamp, &mut impl RngCore)) -> Result<()> {
    let mut tx = app.db.write().await?;
    let named = admin_tokens::all(&mut tx).await?.into_iter().find(|it| self::id(&it.token_digest) == id);
    let token = named.ok_or_else(|| {
        // What was given may be the token itself, and is not repeated.
        Error::Operator("there is no admin token of this id; list them first".to_owned())
    })?;
    admin_tokens::remove(&mut tx, &token.token_digest).await?;
    record(&mut tx, (Action::AdminTokenRevoked, &listed(token)), (now, rng)).await?;
    Ok(tx.commit().await?)
}

/// On the record of every project: the token administers them all.
async fn record(
    tx: &mut Tx,
    (action, token): (Action, &Listed),
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    for project in projects::all(tx).await? {
        let details = [("token_id", json!(token.id)), ("token_name", json!(token.name))];
        note(tx, &project.project_id, action, (now, rng), &details).await?;
    }
    Ok(())
}

/// Whose token it is.
///
/// # Errors
/// `UnauthorizedCredentials`, the same for an unknown, an ended and a revoked one.
pub async fn authenticate(app: &App, token: &Token, now: Timestamp) -> Result<Listed> {
    let found = admin_tokens::live(&mut app.db.read().await?, &token.digest(), now).await?;
    Ok(found.map(listed).ok_or(Refusal::UnauthorizedCredentials)?)
}

fn listed(it: AdminToken) -> Listed {
    let AdminToken { token_digest, name, last_four, created_at, expires_at } = it;
    Listed { id: id(&token_digest), name, last_four, created_at, expires_at }
}

fn id(digest: &Digest) -> String {
    digest.as_str()[..ID].to_owned()
}
