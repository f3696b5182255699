//! Searches among the organizations of one project; see `member_search` for the two kinds.

use crate::{
    Tenant,
    db::{Built, Conn, Fault, Table, like},
};
use domain::{
    id::{OrganizationId, ProjectId},
    organizations::Organization,
    search::{Limit, Operator, Position, Query, organizations::OrganizationFilter},
};

/// The first organizations after a position, one more than the limit if there
/// are as many, in the order of creation.
///
/// # Errors
/// When the database fails.
pub async fn page(
    conn: &mut Conn,
    project: &ProjectId,
    query: &Query<OrganizationFilter>,
    (after, limit): (&Position, Limit),
) -> Result<Vec<Tenant>, Fault> {
    let found = conn.all_of(page_statement(project, query, (after, limit))).await?;
    Ok(found.into_iter().map(Tenant::of).collect())
}

/// How many organizations match, whatever the page.
///
/// # Errors
/// When the database fails.
pub async fn total(
    conn: &mut Conn,
    project: &ProjectId,
    query: &Query<OrganizationFilter>,
) -> Result<i64, Fault> {
    let counted = conn.all_of(total_statement(project, query)).await?;
    Ok(counted.into_iter().next().unwrap_or(0))
}

pub(crate) fn page_statement(
    project: &ProjectId,
    query: &Query<OrganizationFilter>,
    (after, limit): (&Position, Limit),
) -> Built {
    let (keys, order) = if names_some(query) {
        (
            " AND (organizations.created_at + 0, organizations.organization_id) > (",
            "organizations.created_at + 0, organizations.organization_id",
        )
    } else {
        (
            " AND (organizations.created_at, organizations.organization_id) > (",
            "organizations.created_at, organizations.organization_id",
        )
    };
    let one_more = i64::try_from(limit.count() + 1).unwrap_or(i64::MAX);
    found(Built::default().text("SELECT ").text(Organization::COLUMNS), project, query)
        .text(keys)
        .value(&after.created_at)
        .text(", ")
        .value(&after.id)
        .text(") ORDER BY ")
        .text(order)
        .text(" LIMIT ")
        .value(&one_more)
}

pub(crate) fn total_statement(project: &ProjectId, query: &Query<OrganizationFilter>) -> Built {
    found(Built::default().text("SELECT CAST(count(*) AS BIGINT)"), project, query)
}

fn found(built: Built, project: &ProjectId, query: &Query<OrganizationFilter>) -> Built {
    let all = " FROM organizations WHERE organizations.project_id = $1 AND organizations.deleted_at IS NULL";
    let built = built.bind(project).text(all);
    if query.filters.is_empty() {
        return built;
    }
    let between = match query.operator {
        Operator::And => " AND ",
        Operator::Or => " OR ",
    };
    let all = query.filters.iter().enumerate().fold(built.text(" AND ("), |built, (at, filter)| {
        matching(if at == 0 { built } else { built.text(between) }, filter)
    });
    all.text(")")
}

fn matching(built: Built, filter: &OrganizationFilter) -> Built {
    match filter {
        OrganizationFilter::References(references) => referred_to(built, references),
        OrganizationFilter::Slugs(slugs) => built.text("organizations.slug_canonical IN ").list(slugs),
        OrganizationFilter::SlugPart(part) => like(built, "organizations.slug_canonical", part),
        OrganizationFilter::NamePart(part) => like(built, "organizations.name_folded", part),
        OrganizationFilter::MemberEmails(addresses) => {
            built.text(OF_MEMBERS).text("members.email_canonical IN ").list(addresses).text(")")
        }
        OrganizationFilter::MemberEmailPart(part) => {
            like(built.text(OF_MEMBERS), "members.email_canonical", part).text(")")
        }
        OrganizationFilter::AllowedDomains(domains) => {
            built.text(OF_ALLOWED).text("allowed_domains.domain IN ").list(domains).text(")")
        }
        OrganizationFilter::AllowedDomainPart(part) => {
            like(built.text(OF_ALLOWED), "allowed_domains.domain", part).text(")")
        }
        OrganizationFilter::ClaimedDomains(domains) => {
            built.text(OF_CLAIMED).text("claimed_domains.domain IN ").list(domains).text(")")
        }
        // No connection can be made yet, so nobody has one.
        OrganizationFilter::HasActiveSsoConnection(false) => built.text("TRUE"),
        OrganizationFilter::HasActiveSsoConnection(true) | OrganizationFilter::SsoConnectionId(_) => {
            built.text("FALSE")
        }
    }
}

const OF_MEMBERS: &str = "organizations.organization_id IN (SELECT members.organization_id FROM members
    WHERE members.project_id = $1 AND members.status <> 'deleted' AND ";
const OF_ALLOWED: &str =
    "organizations.organization_id IN (SELECT allowed_domains.organization_id FROM allowed_domains
    WHERE allowed_domains.project_id = $1 AND ";
const OF_CLAIMED: &str =
    "organizations.organization_id IN (SELECT claimed_domains.organization_id FROM claimed_domains
    WHERE claimed_domains.project_id = $1 AND ";

/// A slug or external id never looks like an id. Each kind of name is looked
/// up by its own index.
fn referred_to(built: Built, references: &[String]) -> Built {
    let (ids, names): (Vec<String>, Vec<String>) =
        references.iter().cloned().partition(|it| it.parse::<OrganizationId>().is_ok());
    if names.is_empty() {
        return built.text("organizations.organization_id IN ").list(&ids);
    }
    let slugs: Vec<String> = names.iter().map(|it| it.to_ascii_lowercase()).collect();
    let built = built.text("organizations.organization_id IN (").text(NAMED).text("named.slug_canonical IN ");
    let built = built.list(&slugs).text(" UNION ALL ").text(NAMED).text("named.external_id IN ").list(&names);
    let built = if ids.is_empty() {
        built
    } else {
        built.text(" UNION ALL ").text(NAMED).text("named.organization_id IN ").list(&ids)
    };
    built.text(")")
}

const NAMED: &str = "SELECT named.organization_id FROM organizations AS named
    WHERE named.project_id = $1 AND named.deleted_at IS NULL AND ";

/// Whether few can match, and an index leads to them.
fn names_some(query: &Query<OrganizationFilter>) -> bool {
    let names = |filter: &OrganizationFilter| match filter {
        OrganizationFilter::References(_)
        | OrganizationFilter::Slugs(_)
        | OrganizationFilter::MemberEmails(_)
        | OrganizationFilter::AllowedDomains(_)
        | OrganizationFilter::ClaimedDomains(_) => true,
        OrganizationFilter::SlugPart(_)
        | OrganizationFilter::NamePart(_)
        | OrganizationFilter::MemberEmailPart(_)
        | OrganizationFilter::AllowedDomainPart(_)
        | OrganizationFilter::HasActiveSsoConnection(_)
        | OrganizationFilter::SsoConnectionId(_) => false,
    };
    match query.operator {
        Operator::And => query.filters.iter().any(names),
        Operator::Or => !query.filters.is_empty() && query.filters.iter().all(names),
    }
}
