//! The keys that sign JWTs, as the operator follows and replaces them.

use crate::{App, Error, Result, projects::note, signer, signer::making};
use domain::{
    Refusal, Timestamp,
    audit::Action,
    id::ProjectId,
    signing_keys::{self as life, Handover, Life, Stage},
    time::Span,
};
use rand::RngCore;
use serde_json::json;
use store::{
    Tx, projects,
    signing_keys::{self, SigningKey},
};

/// A key, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub key_id: String,
    pub stage: Stage,
    pub life: Life,
}

/// How long a key has been in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aging {
    pub project_id: ProjectId,
    pub key_id: String,
    pub age: Span,
}

/// What a rotation came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotated {
    /// The new key, and until when the ones before it are listed.
    Follows { key_id: String, activates_at: Timestamp, old_until: Timestamp },
    /// An earlier rotation is not over: its key waits.
    Waits { key_id: String, activates_at: Timestamp },
}

/// The keys of a project, the last to sign first.
///
/// # Errors
/// `ProjectNotFound`.
pub async fn list(app: &App, project: &ProjectId, now: Timestamp) -> Result<Vec<Listed>> {
    let mut conn = app.db.read().await?;
    projects::find(&mut conn, project).await?.ok_or(Refusal::ProjectNotFound)?;
    Ok(staged(&signing_keys::of_project(&mut conn, project).await?, now))
}

/// Publishes a new key, lets it sign after a notice, and gives the keys before
/// it their end. Everything follows from times in the rows: nothing has to run.
///
/// # Errors
/// `ProjectNotFound`, or when the key cannot be made.
pub async fn rotate(
    app: &App,
    project: &ProjectId,
    plan: Handover,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Rotated> {
    list(app, project, now).await?; // is there such a project?
    signer::ensure_key(app, project, now, rng).await?;
    let key = making::make(app, project, plan.next(now), rng).await?;
    let mut tx = locked(app, project).await?;
    let keys = signing_keys::of_project(&mut tx, project).await?;
    if let Some(waiting) = staged(&keys, now).into_iter().find(|it| it.stage == Stage::Published) {
        return Ok(Rotated::Waits { key_id: waiting.key_id, activates_at: waiting.life.activates_at });
    }
    signing_keys::retire(&mut tx, project, plan.end_of_old(now)).await?;
    signing_keys::add(&mut tx, &key).await?;
    let details = [("key_id", json!(key.key_id))];
    note(&mut tx, project, Action::SigningKeyRotated, (now, rng), &details).await?;
    tx.commit().await?;
    app.signer.forget(project);
    let (activates_at, old_until) = (key.activates_at, plan.end_of_old(now));
    Ok(Rotated::Follows { key_id: key.key_id, activates_at, old_until })
}

/// Takes a key away in an emergency: from now on no node believes what it
/// signed. Where it was the one that signs, another does at once: the key that
/// waits, for clients may know it already, or else a new one. The key that
/// signs from now on.
///
/// # Errors
/// `ProjectNotFound`, [`Error::Operator`] where the project has no such key, or when a key cannot be made.
pub async fn revoke(
    app: &App,
    project: &ProjectId,
    key_id: &str,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<String> {
    if list(app, project, now).await?.iter().all(|it| it.key_id != key_id) {
        return Err(no_such_key());
    }
    let spare = making::make(app, project, Life::at_once(now), rng).await?;
    let mut tx = locked(app, project).await?;
    let keys = staged(&signing_keys::of_project(&mut tx, project).await?, now);
    let revoked = keys.iter().find(|it| it.key_id == key_id).ok_or_else(no_such_key)?;
    let at = |stage| keys.iter().find(|it| it.stage == stage && it.key_id != key_id);
    signing_keys::remove(&mut tx, project, key_id).await?;
    let signs = match (at(Stage::Signing), at(Stage::Published)) {
        (Some(signing), None) => {
            // What waited to follow it may be what was revoked.
            signing_keys::activate(&mut tx, project, &signing.key_id, signing.life.activates_at).await?;
            signing.key_id.clone()
        }
        (Some(signing), Some(_)) => signing.key_id.clone(),
        (None, Some(waiting)) => {
            signing_keys::activate(&mut tx, project, &waiting.key_id, now).await?;
            waiting.key_id.clone()
        }
        (None, None) => {
            signing_keys::add(&mut tx, &spare).await?;
            spare.key_id
        }
    };
    let details = [("key_id", json!(revoked.key_id)), ("signs_now", json!(signs))];
    note(&mut tx, project, Action::SigningKeyRevoked, (now, rng), &details).await?;
    tx.commit().await?;
    app.signer.forget(project);
    Ok(signs)
}

/// The keys that are due to be replaced, of every project: older than half a
/// year, and nothing follows them.
///
/// # Errors
/// When the database fails.
pub async fn due(app: &App, now: Timestamp) -> Result<Vec<Aging>> {
    let mut conn = app.db.read().await?;
    let mut found = Vec::new();
    for project in projects::all(&mut conn).await? {
        let keys = signing_keys::of_project(&mut conn, &project.project_id).await?;
        found.extend(keys.into_iter().filter(|it| it.life().is_due(now)).map(|it| Aging {
            project_id: it.project_id,
            key_id: it.key_id,
            age: Span::milliseconds(now.milliseconds() - it.created_at.milliseconds()),
        }));
    }
    Ok(found)
}

/// A transaction in which nobody else changes the project's keys.
async fn locked(app: &App, project: &ProjectId) -> Result<Tx> {
    let mut tx = app.db.write().await?;
    if projects::lock(&mut tx, project).await? { Ok(tx) } else { Err(Refusal::ProjectNotFound.into()) }
}

fn no_such_key() -> Error {
    Error::Operator("the project has no such key; `vestibule keys list` shows them".to_owned())
}

fn staged(keys: &[SigningKey], now: Timestamp) -> Vec<Listed> {
    let signs = life::signing(keys, SigningKey::life, now).map(|it| it.key_id.as_str());
    let listed = |it: &SigningKey| Listed {
        key_id: it.key_id.clone(),
        stage: life::stage(it.life(), signs == Some(&it.key_id), now),
        life: it.life(),
    };
    keys.iter().map(listed).collect()
}
