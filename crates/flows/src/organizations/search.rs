//! Searching the organizations of a project, and counting their members.

use super::get;
use crate::{Call, Result};
use domain::search::{
    Cursor, Limit, Page, Position, Query, Scope, Searched, members::MemberFilter,
    organizations::OrganizationFilter,
};
use store::{Tenant, member_search, organization_search};

/// What is looked for.
pub struct Search {
    pub query: Query<OrganizationFilter>,
    pub cursor: Option<String>,
    pub limit: Limit,
}

/// # Errors
/// `InvalidArgument` for a foreign cursor.
pub async fn search(call: &Call, wanted: Search) -> Result<Page<Tenant>> {
    let project = &call.project.project_id;
    let scope = Scope::new(project, Searched::Organizations, &wanted.query);
    let after = Cursor::open(&call.app.server_key, &scope, wanted.cursor.as_deref())?;
    let mut conn = call.app.db.survey().await?;
    let total = organization_search::total(&mut conn, project, &wanted.query).await?;
    let found = organization_search::page(&mut conn, project, &wanted.query, (&after, wanted.limit)).await?;
    let cursor = |last: &Tenant| Cursor::seal(&call.app.server_key, &scope, &position(last));
    Ok(Page::new(found, total, wanted.limit, cursor))
}

/// How many members the organization has; deleted ones do not count.
///
/// # Errors
/// `OrganizationNotFound`.
pub async fn member_count(call: &Call, organization: &str) -> Result<i64> {
    let tenant = get(call, organization).await?;
    let mut conn = call.app.db.survey().await?;
    Ok(member_search::total(&mut conn, &tenant, &Query::<MemberFilter>::default()).await?)
}

fn position(it: &Tenant) -> Position {
    let it = it.organization();
    Position { created_at: it.created_at, id: it.organization_id.to_string() }
}
