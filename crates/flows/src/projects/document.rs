//! A project's settings as one document: read, compared, applied whole.

mod endpoints;
mod mails;

use super::{event, write_settings};
use crate::{App, Error, Result, rbac, webhooks::endpoints::Made};
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
use std::collections::BTreeSet;
use store::{Conn, Tx, projects, templates, webhooks};

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
    pub(crate) fn sign(self, event: &mut AuditEvent) {
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
    pub document: ProjectDocument,
    pub changes: Vec<Change>,
    /// The webhook endpoints that were made, with their secrets: shown here and nowhere else. None in a dry run.
    pub made: Vec<Made>,
}

/// A document on its way into an open transaction that holds the project's row.
struct Applying<'a, R> {
    app: &'a App,
    tx: &'a mut Tx,
    project: &'a Project,
    by: &'a Administrator,
    now: Timestamp,
    rng: &'a mut R,
}

/// Applies a document in one transaction: all of it or nothing. Settings that
/// are as the document says already are not written, nor put on record.
///
/// # Errors
/// `ProjectNotFound`, `RevisionIsAnother`, `Error::Setting`, the refusals of policies.
pub async fn apply(
    app: &App,
    wanted: Apply<'_>,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Applied> {
    let mut tx = app.db.write().await?;
    if !projects::lock(&mut tx, wanted.project).await? {
        return Err(Refusal::ProjectNotFound.into());
    }
    let (project, before) = read_in(&mut tx, wanted.project).await?;
    if wanted.revision.is_some_and(|it| it != revision(&before)) {
        return Err(Refusal::RevisionIsAnother.into());
    }
    let mut applying = Applying { app, tx: &mut tx, project: &project, by: &wanted.by, now, rng: &mut *rng };
    let made = applying.write(wanted.document).await?;
    let (_, after) = read_in(&mut tx, wanted.project).await?;
    let changes = ProjectDocument::diff(&before, &after);
    if wanted.dry_run || changes.is_empty() {
        return Ok(Applied { document: before, changes, made: Vec::new() }); // and the transaction is undone
    }
    let mut event = event(wanted.project, Action::ProjectSettingChanged, now, rng);
    event.details = Details(Map::from_iter([("settings".to_owned(), json!(recorded(&changes)))]));
    wanted.by.sign(&mut event);
    store::audit::append(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(Applied { document: after, changes, made })
}

/// The paths that go on record. URLs of webhooks may hold secrets: each change of an endpoint is on record under its id.
fn recorded(changes: &[Change]) -> BTreeSet<&str> {
    const ENDPOINTS: &str = "webhooks.endpoints";
    let paths = changes.iter().map(|it| it.path.as_str());
    paths.map(|it| if it.starts_with(ENDPOINTS) { ENDPOINTS } else { it }).collect()
}

impl<R: RngCore> Applying<'_, R> {
    async fn write(&mut self, wanted: &ProjectDocument) -> Result<Vec<Made>> {
        let before = &self.project.settings;
        let settings = wanted.apply(self.project.environment, before).map_err(Error::Setting)?;
        write_settings(self.tx, &self.project.project_id, (before, &settings)).await?;
        if let Some(policy) = &wanted.rbac {
            rbac::save(self.tx, (&self.project.project_id, policy.clone()), self.now).await?;
        }
        if let Some(section) = &wanted.templates {
            mails::apply(self, section).await?;
        }
        match &wanted.webhooks {
            Some(section) => endpoints::apply(self, section).await,
            None => Ok(Vec::new()),
        }
    }
}

/// A project, and its settings as one document.
///
/// # Errors
/// `ProjectNotFound`.
pub async fn read(app: &App, project: &ProjectId) -> Result<(Project, ProjectDocument)> {
    read_in(&mut app.db.read().await?, project).await
}

async fn read_in(conn: &mut Conn, project: &ProjectId) -> Result<(Project, ProjectDocument)> {
    let project = projects::find(conn, project).await?.ok_or(Refusal::ProjectNotFound)?;
    let policy = rbac::policy(conn, &project.project_id).await?;
    let document = ProjectDocument::of(&project.settings, policy);
    let templates = templates::all(conn, (&project.project_id, None)).await?;
    let endpoints = webhooks::of_project(conn, &project.project_id).await?;
    Ok((project, document.with(&templates, &endpoints)))
}

/// Every project, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all(app: &App) -> Result<Vec<Project>> {
    Ok(projects::all(&mut app.db.read().await?).await?)
}

/// Names the settings as they are: another for other settings.
pub fn revision(document: &ProjectDocument) -> String {
    let document = serde_json::to_vec(document).expect("a document has a JSON form");
    Digest::of(&document).as_str()[..32].to_owned()
}
