//! Searching members, over one organization or several.

use crate::{
    Call, Result,
    rights::{self, Target},
};
use domain::{
    Refusal,
    id::OrganizationId,
    members::Member,
    rbac::actions,
    search::{Complaint, Cursor, Limit, Page, Position, Query, Scope, Searched, members::MemberFilter},
};
use std::collections::BTreeMap;
use store::{Conn, Tenant, member_search};

/// What is looked for, and where.
pub struct Search {
    /// Ids, slugs or external ids.
    pub organizations: Vec<String>,
    pub query: Query<MemberFilter>,
    pub cursor: Option<String>,
    pub limit: Limit,
}

/// The organizations searched, by id.
pub type Tenants = BTreeMap<OrganizationId, Tenant>;

/// Organizations in one search: each is looked through on its own.
const MOST_ORGANIZATIONS: usize = 100;

/// Finds members; with them the organizations that they are in.
///
/// # Errors
/// `Search` without organizations, `InvalidArgument` for too many of them or a
/// foreign cursor, `OrganizationNotFound` if one is not there: a search that
/// quietly left it out would look like an answer about it. A member who acts
/// searches their own organization alone: `SessionAuthorization`, `SessionAuthorizationTenancy`.
pub async fn search(call: &Call, wanted: Search) -> Result<(Page<Member>, Tenants)> {
    let mut conn = call.app.db.survey().await?;
    let tenants = named(call, &mut conn, &wanted.organizations).await?;
    let page = search_in(call, &mut conn, &tenants, &wanted).await?;
    let occur = |id: &OrganizationId| page.items.iter().any(|it| &it.organization_id == id);
    let tenants = tenants.into_iter().filter(|(id, _)| occur(id)).collect();
    Ok((page, tenants))
}

async fn named(call: &Call, conn: &mut Conn, references: &[String]) -> Result<Tenants> {
    if references.is_empty() {
        return Err(Refusal::Search(Searched::Members, Complaint::NoOrganizations).into());
    }
    if references.len() > MOST_ORGANIZATIONS {
        let reason = "one search names at most 100 organizations";
        return Err(Refusal::InvalidArgument { field: "organization_ids", reason }.into());
    }
    let mut tenants = Tenants::new();
    for reference in references {
        let tenant = rights::tenant(call, conn, reference).await?;
        rights::demand(call, conn, &tenant, Target::Members, &[actions::SEARCH]).await?;
        tenants.insert(tenant.organization_id().clone(), tenant);
    }
    Ok(tenants)
}

/// The members of these organizations and of no other.
async fn search_in(call: &Call, conn: &mut Conn, tenants: &Tenants, wanted: &Search) -> Result<Page<Member>> {
    let ids: Vec<&OrganizationId> = tenants.keys().collect();
    let scope = Scope::new(&call.project.project_id, Searched::Members, &(ids, &wanted.query));
    let after = Cursor::open(&call.app.server_key, &scope, wanted.cursor.as_deref())?;
    let (mut found, mut total) = (Vec::new(), 0);
    for tenant in tenants.values() {
        total += member_search::total(conn, tenant, &wanted.query).await?;
        found.extend(member_search::page(conn, tenant, &wanted.query, (&after, wanted.limit)).await?);
        found.sort_by_cached_key(position);
        found.truncate(wanted.limit.count() + 1);
    }
    let cursor = |last: &Member| Cursor::seal(&call.app.server_key, &scope, &position(last));
    Ok(Page::new(found, total, wanted.limit, cursor))
}

fn position(it: &Member) -> Position {
    Position { created_at: it.created_at, id: it.member_id.to_string() }
}
