//! A project's settings as one document: read, compared, applied whole.

use super::{environment, event};
use crate::{App, Error, Result};
use domain::{
    Refusal, Timestamp,
    audit::{Action, Actor, AuditEvent, Details},
    digest::Digest,
    id::ProjectId,
    projects::{
        Project,
        document::{Change, ProjectDocument},
    },
};
use rand::RngCore;
use serde_json::{Map, json};
use store::projects;

/// On whose authority a document is applied.
#[derive(Debug, Clone)]
pub enum Administrator {
    /// At the command line.
    Operator,
    /// Over HTTP; the id of the token goes to the record.
    Token(String),
}

impl Administrator {
    /// Says in the record who did it.
    pub(super) fn sign(self, event: &mut AuditEvent) {
        match self {
            Self::Operator => event.actor = Actor::Operator,
            Self::Token(id) => {
                event.actor = Actor::Administrator;
                event.details.0.insert("admin_token".to_owned(), id.into());
            }
        }
    }
}

/// What to apply, and how.
pub struct Apply<'a> {
    pub project: &'a ProjectId,
    pub document: &'a ProjectDocument,
    /// Refused unless the settings are still of this revision.
    pub revision: Option<&'a str>,
    /// Says what would change, and changes nothing.
    pub dry_run: bool,
    pub by: Administrator,
}

/// What became of it.
pub struct Applied {
    pub project: Project,
    pub changes: Vec<Change>,
}

/// Applies a document in one transaction: all of it or nothing. Settings that
/// are as the document says already are not written, nor put on record.
///
/// # Errors
/// `ProjectNotFound`, `RevisionIsAnother`, `Error::Setting`.
pub async fn apply(
    app: &App,
    wanted: Apply<'_>,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Applied> {
    let mut tx = app.db.write().await?;
    if !projects::lock(&mut tx, wanted.project).await? {
        return Err(Refusal::ProjectNotFound.into());
    }
    let project = projects::find(&mut tx, wanted.project).await?.ok_or(Refusal::ProjectNotFound)?;
    if wanted.revision.is_some_and(|it| it != revision(&project)) {
        return Err(Refusal::RevisionIsAnother.into());
    }
    let settings = wanted.document.apply(environment(wanted.project), &project.settings);
    let settings = settings.map_err(Error::Setting)?;
    let changes = ProjectDocument::diff(&project.settings, &settings);
    if wanted.dry_run || changes.is_empty() {
        return Ok(Applied { project, changes });
    }
    projects::save_settings(&mut tx, wanted.project, &settings).await?;
    let mut event = event(wanted.project, Action::ProjectSettingChanged, now, rng);
    let paths: Vec<&String> = changes.iter().map(|it| &it.path).collect();
    event.details = Details(Map::from_iter([("settings".to_owned(), json!(paths))]));
    wanted.by.sign(&mut event);
    store::audit::append(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(Applied { project: Project { settings, ..project }, changes })
}

/// # Errors
/// `ProjectNotFound`.
pub async fn read(app: &App, project: &ProjectId) -> Result<Project> {
    let found = projects::find(&mut app.db.read().await?, project).await?;
    Ok(found.ok_or(Refusal::ProjectNotFound)?)
}

/// Every project, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all(app: &App) -> Result<Vec<Project>> {
    Ok(projects::all(&mut app.db.read().await?).await?)
}

/// Names the settings as they are: another for other settings.
pub fn revision(project: &Project) -> String {
    let document = serde_json::to_vec(&ProjectDocument::of(&project.settings));
    let document = document.expect("a document has a JSON form");
    Digest::of(&document).as_str()[..32].to_owned()
}
