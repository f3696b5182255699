//! Trusted issuers, as the operator manages them.

use crate::{App, Result, projects};
use domain::{
    Refusal, Timestamp,
    audit::{Action, Details},
    id::{ProjectId, TrustedTokenProfileId},
    projects::Project,
    trusted_tokens::{Profile, Rules},
};
use rand::RngCore;
use serde_json::json;
use store::trusted_tokens;

/// Lets a project trust an issuer; the rules are [`Rules::check`]ed before.
///
/// # Errors
/// When the database fails.
pub async fn create(
    app: &App,
    (project, name, rules): (&Project, &str, Rules),
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Profile> {
    let profile = Profile {
        profile_id: TrustedTokenProfileId::random(project.environment, rng),
        project_id: project.project_id.clone(),
        name: name.to_owned(),
        rules,
        created_at: now,
    };
    let mut tx = app.db.write().await?;
    trusted_tokens::create(&mut tx, &profile).await?;
    let action = Action::TrustedTokenProfileCreated;
    note(&mut tx, (&project.project_id, &profile.profile_id), action, (now, rng)).await?;
    tx.commit().await?;
    Ok(profile)
}

/// The issuers that a project trusts, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_project(app: &App, project: &ProjectId) -> Result<Vec<Profile>> {
    Ok(trusted_tokens::of_project(&mut app.db.read().await?, project).await?)
}

/// Trusts an issuer no more. Sessions that its tokens opened go on.
///
/// # Errors
/// `TrustedTokenProfileNotFound`.
pub async fn delete(
    app: &App,
    (project, id): (&ProjectId, &TrustedTokenProfileId),
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    let mut tx = app.db.write().await?;
    if !trusted_tokens::delete(&mut tx, project, id).await? {
        return Err(Refusal::TrustedTokenProfileNotFound.into());
    }
    note(&mut tx, (project, id), Action::TrustedTokenProfileDeleted, (now, rng)).await?;
    Ok(tx.commit().await?)
}

async fn note(
    tx: &mut store::Tx,
    (project, id): (&ProjectId, &TrustedTokenProfileId),
    action: Action,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    let mut event = projects::event(project, action, now, rng);
    event.details = Details([("profile_id".to_owned(), json!(id))].into_iter().collect());
    Ok(store::audit::append(tx, &event).await?)
}
