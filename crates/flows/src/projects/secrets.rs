//! The secrets of a project: shown once, followed by others.

use super::note;
use crate::{App, Error, Result};
use domain::{Refusal, Timestamp, audit::Action, digest::Digest, id::ProjectId, time::Span, token::Token};
use rand::RngCore;
use serde_json::json;
use store::{
    Tx,
    project_secrets::{self, ProjectSecret},
    projects,
};

/// Characters of the digest that name a secret to people.
const NAME: usize = 12;

/// A secret as it is listed; what it is, nobody knows any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The beginning of its digest.
    pub name: String,
    pub last_four: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

/// Shown once.
pub struct Added {
    pub name: String,
    pub secret: Token,
}

/// What is kept of a secret.
pub(super) fn kept(project: &ProjectId, secret: &Token, now: Timestamp) -> ProjectSecret {
    let length = secret.expose().chars().count();
    ProjectSecret {
        secret_digest: secret.digest(),
        project_id: project.clone(),
        created_at: now,
        last_four: secret.expose().chars().skip(length.saturating_sub(4)).collect(),
        expires_at: None,
    }
}

/// The secrets that open the project, oldest first.
///
/// # Errors
/// `ProjectNotFound`.
pub async fn list(app: &App, project: &ProjectId, now: Timestamp) -> Result<Vec<Listed>> {
    let mut conn = app.db.read().await?;
    projects::find(&mut conn, project).await?.ok_or(Refusal::ProjectNotFound)?;
    let listed = |it: ProjectSecret| Listed {
        name: name(&it.secret_digest),
        last_four: it.last_four,
        created_at: it.created_at,
        expires_at: it.expires_at,
    };
    Ok(project_secrets::of_project(&mut conn, project, now).await?.into_iter().map(listed).collect())
}

/// One more secret, beside those there are.
///
/// # Errors
/// `ProjectNotFound`.
pub async fn add(
    app: &App,
    project: &ProjectId,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Added> {
    let mut tx = locked(app, project).await?;
    let added = insert(&mut tx, project, (now, rng)).await?;
    let details = [("secret", json!(added.name))];
    note(&mut tx, project, Action::ProjectSecretAdded, (now, rng), &details).await?;
    tx.commit().await?;
    Ok(added)
}

/// A new secret; those before it open the project for as long as the overlap.
///
/// # Errors
/// `ProjectNotFound`.
pub async fn rotate(
    app: &App,
    project: &ProjectId,
    overlap: Span,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Added> {
    let mut tx = locked(app, project).await?;
    project_secrets::expire(&mut tx, project, now.plus(overlap)).await?;
    let added = insert(&mut tx, project, (now, rng)).await?;
    let details = [("secret", json!(added.name))];
    note(&mut tx, project, Action::ProjectSecretRotated, (now, rng), &details).await?;
    tx.commit().await?;
    Ok(added)
}

/// Takes a secret away, by its name or its last characters. The last one that
/// has no end stays, unless by force.
///
/// # Errors
/// `ProjectNotFound`; [`Error::Operator`] where none or several are meant, or
/// the last one.
pub async fn remove(
    app: &App,
    project: &ProjectId,
    (named, force): (&str, bool),
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    let mut tx = locked(app, project).await?;
    let secrets = project_secrets::of_project(&mut tx, project, now).await?;
    let meant = |it: &&ProjectSecret| {
        !named.is_empty() && (it.last_four == named || name(&it.secret_digest) == named)
    };
    let mut found = secrets.iter().filter(meant);
    let (Some(secret), None) = (found.next(), found.next()) else {
        // What was given may be the secret itself, and is not repeated.
        return Err(Error::Operator("this is not one secret of this project; list them first".to_owned()));
    };
    let stays = |it: &&ProjectSecret| it.expires_at.is_none() && it.secret_digest != secret.secret_digest;
    if !force && secrets.iter().filter(stays).count() == 0 {
        let why = "nothing could call the API any more: add another secret first, or say --force";
        return Err(Error::Operator(why.to_owned()));
    }
    project_secrets::remove(&mut tx, project, &secret.secret_digest).await?;
    let details = [("secret", json!(name(&secret.secret_digest)))];
    note(&mut tx, project, Action::ProjectSecretRemoved, (now, rng), &details).await?;
    Ok(tx.commit().await?)
}

async fn insert(
    tx: &mut Tx,
    project: &ProjectId,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Added> {
    let environment = super::environment(project);
    let secret = Token::random(&format!("secret-{environment}-"), rng);
    let kept = kept(project, &secret, now);
    project_secrets::add(tx, &kept).await?;
    Ok(Added { name: name(&kept.secret_digest), secret })
}

/// A transaction in which nobody else changes the project's secrets.
async fn locked(app: &App, project: &ProjectId) -> Result<Tx> {
    let mut tx = app.db.write().await?;
    if projects::lock(&mut tx, project).await? { Ok(tx) } else { Err(Refusal::ProjectNotFound.into()) }
}

fn name(digest: &Digest) -> String {
    digest.as_str()[..NAME].to_owned()
}
