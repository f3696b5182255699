//! Events as they are asked for, and how far their chain goes.

use crate::{App, Result};
use domain::{
    Refusal,
    audit::{
        chain::{ChainId, Record},
        filter::{Filter, Place},
    },
    id::{OrganizationId, ProjectId},
};
use store::{
    audit::{
        chains::{self, StoredChain},
        search,
    },
    projects, tenant,
};

/// Events on a page, at most.
pub const MOST: usize = 1000;

#[derive(Debug, Clone)]
pub struct Page {
    pub events: Vec<Record>,
    /// Where the next page begins; none after the last.
    pub next: Option<Place>,
    /// Of the organization that was asked for, else of the project itself; none before its first event.
    pub chain: Option<StoredChain>,
}

/// A page of a project's events.
///
/// # Errors
/// `ProjectNotFound`.
pub async fn page(
    app: &App,
    project: &ProjectId,
    filter: &Filter,
    (after, limit): (Option<&Place>, usize),
) -> Result<Page> {
    let mut conn = app.db.survey().await?;
    projects::find(&mut conn, project).await?.ok_or(Refusal::ProjectNotFound)?;
    let limit = limit.clamp(1, MOST);
    let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let mut events = search::page(&mut conn, project, filter, (after, one_more)).await?;
    let more = events.len() > limit;
    events.truncate(limit);
    let place = |it: &Record| Place {
        at: domain::Timestamp::from_milliseconds(it.entry.at),
        audit_event_id: it.entry.audit_event_id.clone(),
    };
    let next = events.last().filter(|_| more).map(place);
    let organization_id = filter.organization.as_ref().map(ToString::to_string);
    let chain = ChainId { project_id: project.to_string(), organization_id };
    Ok(Page { events, next, chain: chains::find(&mut conn, &chain).await? })
}

/// The organization that somebody means by id, slug or external id. The events
/// of a deleted one are found by its id.
///
/// # Errors
/// `OrganizationNotFound`.
pub async fn organization(app: &App, project: &ProjectId, reference: &str) -> Result<OrganizationId> {
    if let Ok(id) = reference.parse() {
        return Ok(id);
    }
    let found = tenant::resolve(&mut app.db.read().await?, project, reference).await?;
    Ok(found.ok_or(Refusal::OrganizationNotFound)?.organization_id().clone())
}
