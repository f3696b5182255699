//! Searches among the members of one organization.
//!
//! A search that names somebody exactly starts from that index and sorts the
//! few it finds; any other walks the members in the order of creation and
//! stops when the page is full. `created_at + 0` is no column, so no index
//! offers its order: it keeps the first kind from walking.

use crate::{
    Tenant,
    db::{Built, Conn, Fault, Table, like},
};
use domain::{
    members::{Member, Status},
    roles,
    search::{Limit, Operator, Position, Query, members::MemberFilter},
};
use std::collections::BTreeSet;

/// The first members after a position, one more than the limit if there are
/// as many, in the order of creation.
///
/// # Errors
/// When the database fails.
pub async fn page(
    conn: &mut Conn,
    tenant: &Tenant,
    query: &Query<MemberFilter>,
    (after, limit): (&Position, Limit),
) -> Result<Vec<Member>, Fault> {
    conn.all_of(page_statement(tenant, query, (after, limit))).await
}

/// How many members match, whatever the page.
///
/// # Errors
/// When the database fails.
pub async fn total(conn: &mut Conn, tenant: &Tenant, query: &Query<MemberFilter>) -> Result<i64, Fault> {
    let counted = conn.all_of(total_statement(tenant, query)).await?;
    Ok(counted.into_iter().next().unwrap_or(0))
}

pub(crate) fn page_statement(
    tenant: &Tenant,
    query: &Query<MemberFilter>,
    (after, limit): (&Position, Limit),
) -> Built {
    let (keys, order) = if names_somebody(query) {
        (" AND (members.created_at + 0, members.member_id) > (", "members.created_at + 0, members.member_id")
    } else {
        (" AND (members.created_at, members.member_id) > (", "members.created_at, members.member_id")
    };
    let one_more = i64::try_from(limit.count() + 1).unwrap_or(i64::MAX);
    found(Built::default().text("SELECT ").text(Member::COLUMNS), tenant, query)
        .text(keys)
        .value(&after.created_at)
        .text(", ")
        .value(&after.id)
        .text(") ORDER BY ")
        .text(order)
        .text(" LIMIT ")
        .value(&one_more)
}

pub(crate) fn total_statement(tenant: &Tenant, query: &Query<MemberFilter>) -> Built {
    found(Built::default().text("SELECT CAST(count(*) AS BIGINT)"), tenant, query)
}

/// The organization is proved to be the project's beside the members, not row
/// by row, so that an index alone can answer.
fn found(built: Built, tenant: &Tenant, query: &Query<MemberFilter>) -> Built {
    let built = built.bind(tenant.project_id()).bind(tenant.organization_id()).text(
        " FROM members WHERE members.organization_id = $2
             AND EXISTS (SELECT 1 FROM organizations
                          WHERE organizations.project_id = $1 AND organizations.organization_id = $2)",
    );
    let built = if wants_deleted(query) { built } else { built.text(" AND members.status <> 'deleted'") };
    if query.filters.is_empty() {
        return built;
    }
    let between = match query.operator {
        Operator::And => " AND ",
        Operator::Or => " OR ",
    };
    let all = query.filters.iter().enumerate().fold(built.text(" AND ("), |built, (at, filter)| {
        matching(if at == 0 { built } else { built.text(between) }, tenant, filter)
    });
    all.text(")")
}

fn matching(built: Built, tenant: &Tenant, filter: &MemberFilter) -> Built {
    match filter {
        MemberFilter::Ids(ids) => built.text("members.member_id IN ").list(ids),
        MemberFilter::ExternalIds(ids) => built.text("members.external_id IN ").list(ids),
        MemberFilter::Emails(addresses) => {
            built.text("(members.project_id = $1 AND members.email_canonical IN ").list(addresses).text(")")
        }
        MemberFilter::EmailPart(part) => like(built, "members.email_canonical", part),
        MemberFilter::PhoneNumbers(numbers) => built.text("members.phone_number IN ").list(numbers),
        MemberFilter::PhonePart(part) => like(built, "members.phone_number", part),
        MemberFilter::Statuses(statuses) => of_statuses(built, statuses),
        MemberFilter::Roles(names) => holding(built, tenant, names),
        MemberFilter::IsBreakglass(true) => built.text("members.is_breakglass = TRUE"),
        MemberFilter::IsBreakglass(false) => built.text("members.is_breakglass = FALSE"),
        MemberFilter::PasswordExists(true) => built.text("members.password_id IS NOT NULL"),
        MemberFilter::PasswordExists(false) => built.text("members.password_id IS NULL"),
        MemberFilter::TotpExists(true) => built.text("members.totp_registration_id IS NOT NULL"),
        MemberFilter::TotpExists(false) => built.text("members.totp_registration_id IS NULL"),
        MemberFilter::OrganizationId(_)
        | MemberFilter::OrganizationSlug(_)
        | MemberFilter::OrganizationSlugPart(_) => built.text(truth(is_meant(tenant, filter))),
    }
}

/// One status is a place in an index. Several are told apart while walking:
/// so they are written as the ones that are not meant.
fn of_statuses(built: Built, meant: &BTreeSet<Status>) -> Built {
    let one = |built: Built, status: &Status| match status {
        Status::Pending => built.text("'pending'"),
        Status::Invited => built.text("'invited'"),
        Status::Active => built.text("'active'"),
        Status::Deleted => built.text("'deleted'"),
    };
    if let (Some(status), 1) = (meant.first(), meant.len()) {
        return one(built.text("members.status = "), status);
    }
    let every = [Status::Pending, Status::Invited, Status::Active, Status::Deleted];
    let others = every.iter().filter(|it| !meant.contains(it));
    let all = others.fold(built.text("(TRUE"), |built, it| one(built.text(" AND members.status <> "), it));
    all.text(")")
}

/// Those to whom a role is assigned, and those whose address gives it to them.
fn holding(built: Built, tenant: &Tenant, names: &[String]) -> Built {
    if names.iter().any(|it| it == roles::MEMBER) {
        return built.text("TRUE");
    }
    let given = &tenant.organization().settings.rbac_email_implicit_role_assignments;
    let domains: Vec<String> =
        given.iter().filter(|it| names.contains(&it.role_id)).map(|it| it.domain.clone()).collect();
    let assigned = built
        .text(
            "members.member_id IN (SELECT member_roles.member_id FROM member_roles
                WHERE member_roles.project_id = $1 AND member_roles.organization_id = $2 AND member_roles.role_id IN ",
        )
        .list(names);
    if domains.is_empty() {
        return assigned.text(")");
    }
    let by_domain = "
        UNION ALL SELECT of_domain.member_id FROM members AS of_domain
               WHERE of_domain.organization_id = $2 AND of_domain.email_domain IN ";
    assigned.text(by_domain).list(&domains).text(")")
}

fn is_meant(tenant: &Tenant, filter: &MemberFilter) -> bool {
    let it = tenant.organization();
    match filter {
        MemberFilter::OrganizationId(reference) => {
            reference == it.organization_id.as_str()
                || reference.eq_ignore_ascii_case(it.slug.as_str())
                || it.external_id.as_ref().is_some_and(|id| id.as_str() == reference)
        }
        MemberFilter::OrganizationSlug(slug) => slug.eq_ignore_ascii_case(it.slug.as_str()),
        MemberFilter::OrganizationSlugPart(part) => it.slug.canonical().contains(part.as_str()),
        MemberFilter::Ids(_)
        | MemberFilter::ExternalIds(_)
        | MemberFilter::Emails(_)
        | MemberFilter::EmailPart(_)
        | MemberFilter::PhoneNumbers(_)
        | MemberFilter::PhonePart(_)
        | MemberFilter::Statuses(_)
        | MemberFilter::Roles(_)
        | MemberFilter::IsBreakglass(_)
        | MemberFilter::PasswordExists(_)
        | MemberFilter::TotpExists(_) => true,
    }
}

fn truth(holds: bool) -> &'static str {
    if holds { "TRUE" } else { "FALSE" }
}

/// Deleted members are found only by those who ask for them.
fn wants_deleted(query: &Query<MemberFilter>) -> bool {
    query
        .filters
        .iter()
        .any(|it| matches!(it, MemberFilter::Statuses(statuses) if statuses.contains(&Status::Deleted)))
}

/// Whether few can match, and an index leads to them.
fn names_somebody(query: &Query<MemberFilter>) -> bool {
    let names = |filter: &MemberFilter| match filter {
        MemberFilter::Ids(_)
        | MemberFilter::ExternalIds(_)
        | MemberFilter::Emails(_)
        | MemberFilter::PhoneNumbers(_) => true,
        MemberFilter::Roles(roles) => roles.iter().all(|it| it != roles::MEMBER),
        MemberFilter::EmailPart(_)
        | MemberFilter::PhonePart(_)
        | MemberFilter::Statuses(_)
        | MemberFilter::IsBreakglass(_)
        | MemberFilter::PasswordExists(_)
        | MemberFilter::TotpExists(_)
        | MemberFilter::OrganizationId(_)
        | MemberFilter::OrganizationSlug(_)
        | MemberFilter::OrganizationSlugPart(_) => false,
    };
    match query.operator {
        Operator::And => query.filters.iter().any(names),
        Operator::Or => !query.filters.is_empty() && query.filters.iter().all(names),
    }
}
