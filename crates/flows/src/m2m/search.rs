//! Searching the clients of a project.

use crate::{Call, Result};
use domain::{
    m2m::Client,
    search::{Cursor, Limit, Page, Position, Query, Scope, Searched, clients::ClientFilter},
};
use store::m2m_client_search;

/// What is looked for.
pub struct Search {
    pub query: Query<ClientFilter>,
    pub cursor: Option<String>,
    pub limit: Limit,
}

/// # Errors
/// `InvalidArgument` for a foreign cursor.
pub async fn search(call: &Call, wanted: Search) -> Result<Page<Client>> {
    let project = &call.project.project_id;
    let scope = Scope::new(project, Searched::M2mClients, &wanted.query);
    let after = Cursor::open(&call.app.server_key, &scope, wanted.cursor.as_deref())?;
    let mut conn = call.app.db.survey().await?;
    let total = m2m_client_search::total(&mut conn, project, &wanted.query).await?;
    let found = m2m_client_search::page(&mut conn, project, &wanted.query, (&after, wanted.limit)).await?;
    let cursor = |last: &Client| Cursor::seal(&call.app.server_key, &scope, &position(last));
    Ok(Page::new(found, total, wanted.limit, cursor))
}

fn position(it: &Client) -> Position {
    Position { created_at: it.created_at, id: it.client_id.to_string() }
}
