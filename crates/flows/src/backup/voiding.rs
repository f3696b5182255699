//! A database that was put back to an earlier moment remembers as unused what
//! was used since. So everything that works once is void.

use crate::{App, Result, projects::note};
use domain::{Timestamp, audit::Action, factors::totp::last_step_taken, id::ProjectId};
use rand::RngCore;
use serde_json::json;
use store::{admin_tokens, project_secrets, projects, restoring};

/// What was made void.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voided {
    /// Authenticator apps whose codes up to now are not taken any more.
    pub steps: u64,
    /// Recovery codes that were left; none where they were to be kept.
    pub recovery_codes: u64,
}

/// What may have been taken away since the backup, and is there again. Only
/// the operator can tell.
#[derive(Debug)]
pub struct Revived {
    /// Project, last characters and time of creation.
    pub project_secrets: Vec<(ProjectId, String, Timestamp)>,
    /// Name, last characters and time of creation.
    pub admin_tokens: Vec<(String, String, Timestamp)>,
}

/// Ends every session and makes everything void that works once.
///
/// # Errors
/// When the database fails; then nothing changed.
pub async fn void(
    app: &App,
    keep_recovery_codes: bool,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Voided> {
    let mut tx = app.db.write().await?;
    tx.be_patient().await?;
    restoring::end_what_is_short_lived(&mut tx).await?;
    let steps = restoring::raise_steps(&mut tx, last_step_taken(now)).await?;
    let recovery_codes =
        if keep_recovery_codes { 0 } else { restoring::spend_recovery_codes(&mut tx, now).await? };
    restoring::mark(&mut tx, now).await?;
    for project in projects::all(&mut tx).await? {
        let details = [("recovery_codes_kept", json!(keep_recovery_codes))];
        note(&mut tx, &project.project_id, Action::DatabaseRestored, (now, rng), &details).await?;
    }
    tx.commit().await?;
    Ok(Voided { steps, recovery_codes })
}

/// What the operator has to look through.
///
/// # Errors
/// When the database fails.
pub async fn revived(app: &App, now: Timestamp) -> Result<Revived> {
    let conn = &mut app.db.read().await?;
    let mut found = Revived { project_secrets: vec![], admin_tokens: vec![] };
    for project in projects::all(conn).await? {
        for it in project_secrets::of_project(conn, &project.project_id, now).await? {
            found.project_secrets.push((it.project_id, it.last_four, it.created_at));
        }
    }
    let tokens = admin_tokens::all(conn).await?.into_iter().filter(|it| it.expires_at > now);
    found.admin_tokens = tokens.map(|it| (it.name, it.last_four, it.created_at)).collect();
    Ok(found)
}
