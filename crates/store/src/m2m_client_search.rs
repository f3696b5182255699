//! Searches among the clients of one project; see `member_search` for the two kinds.

use crate::db::{Built, Conn, Fault, Table};
use domain::{
    id::ProjectId,
    m2m::Client,
    search::{Limit, Operator, Position, Query, clients::ClientFilter},
};

/// The first clients after a position, one more than the limit if there are as
/// many, in the order of creation.
///
/// # Errors
/// When the database fails.
pub async fn page(
    conn: &mut Conn,
    project: &ProjectId,
    query: &Query<ClientFilter>,
    (after, limit): (&Position, Limit),
) -> Result<Vec<Client>, Fault> {
    conn.all_of(page_statement(project, query, (after, limit))).await
}

/// How many clients match, whatever the page.
///
/// # Errors
/// When the database fails.
pub async fn total(conn: &mut Conn, project: &ProjectId, query: &Query<ClientFilter>) -> Result<i64, Fault> {
    let counted = conn.all_of(total_statement(project, query)).await?;
    Ok(counted.into_iter().next().unwrap_or(0))
}

/// Every filter names some, and an index leads to them; only without one is
/// the order of creation an index to walk.
pub(crate) fn page_statement(
    project: &ProjectId,
    query: &Query<ClientFilter>,
    (after, limit): (&Position, Limit),
) -> Built {
    let (keys, order) = if query.filters.is_empty() {
        (
            " AND (m2m_clients.created_at, m2m_clients.client_id) > (",
            "m2m_clients.created_at, m2m_clients.client_id",
        )
    } else {
        (
            " AND (m2m_clients.created_at + 0, m2m_clients.client_id) > (",
            "m2m_clients.created_at + 0, m2m_clients.client_id",
        )
    };
    let one_more = i64::try_from(limit.count() + 1).unwrap_or(i64::MAX);
    found(Built::default().text("SELECT ").text(Client::COLUMNS), project, query)
        .text(keys)
        .value(&after.created_at)
        .text(", ")
        .value(&after.id)
        .text(") ORDER BY ")
        .text(order)
        .text(" LIMIT ")
        .value(&one_more)
}

pub(crate) fn total_statement(project: &ProjectId, query: &Query<ClientFilter>) -> Built {
    found(Built::default().text("SELECT CAST(count(*) AS BIGINT)"), project, query)
}

fn found(built: Built, project: &ProjectId, query: &Query<ClientFilter>) -> Built {
    let built = built.bind(project).text(" FROM m2m_clients WHERE m2m_clients.project_id = $1");
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

fn matching(built: Built, filter: &ClientFilter) -> Built {
    match filter {
        ClientFilter::Ids(ids) => built.text("m2m_clients.client_id IN ").list(ids),
        ClientFilter::Names(names) => built.text("m2m_clients.name IN ").list(names),
        ClientFilter::Scopes(scopes) => {
            built.text(HOLDERS).text("m2m_client_scopes.scope IN ").list(scopes).text(")")
        }
    }
}

const HOLDERS: &str = "m2m_clients.client_id IN (SELECT m2m_client_scopes.client_id FROM m2m_client_scopes
    WHERE m2m_client_scopes.project_id = $1 AND ";
