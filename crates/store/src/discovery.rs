//! Where an address leads: a question over the organizations of a project.

use crate::{
    Tenant,
    db::{Conn, Fault, Table, statement::sql},
};
use domain::{email::EmailAddress, id::ProjectId, members::Member, organizations::Organization};

/// The organizations that have a member with this address, and the member;
/// at most 1,000, oldest membership first.
///
/// # Errors
/// When the database fails.
pub async fn memberships(
    conn: &mut Conn,
    project: &ProjectId,
    email: &EmailAddress,
) -> Result<Vec<(Tenant, Member)>, Fault> {
    let found: Vec<(Organization, Member)> = conn
        .sql(sql!(
            "SELECT ",
            Organization::COLUMNS,
            ", ",
            Member::COLUMNS,
            " FROM email_claims
              JOIN members ON members.organization_id = email_claims.organization_id
                          AND members.member_id = email_claims.member_id
              JOIN organizations ON organizations.organization_id = email_claims.organization_id
             WHERE email_claims.project_id = $1 AND email_claims.email_canonical = $2
               AND email_claims.is_retired = FALSE
               AND members.status <> 'deleted' AND organizations.deleted_at IS NULL
             ORDER BY members.created_at, members.member_id LIMIT 1000"
        ))
        .bind(project)
        .bind(&email.canonical().to_owned())
        .all()
        .await?;
    Ok(found.into_iter().map(|(organization, member)| (Tenant::of(organization), member)).collect())
}

/// The organizations that list a domain of addresses; at most 1,000, oldest
/// first. Whether the domain admits anybody is for their settings to say.
///
/// # Errors
/// When the database fails.
pub async fn listing_domain(
    conn: &mut Conn,
    project: &ProjectId,
    domain: &str,
) -> Result<Vec<Tenant>, Fault> {
    let found: Vec<Organization> = conn
        .sql(sql!(
            "SELECT ",
            Organization::COLUMNS,
            " FROM allowed_domains
              JOIN organizations ON organizations.organization_id = allowed_domains.organization_id
             WHERE allowed_domains.project_id = $1 AND allowed_domains.domain = $2
               AND organizations.deleted_at IS NULL
             ORDER BY organizations.created_at, organizations.organization_id LIMIT 1000"
        ))
        .bind(project)
        .bind(&domain.to_owned())
        .all()
        .await?;
    Ok(found.into_iter().map(Tenant::of).collect())
}

/// Whether some member has a verified address of the domain.
///
/// # Errors
/// When the database fails.
pub async fn has_verified_address_in(conn: &mut Conn, tenant: &Tenant, domain: &str) -> Result<bool, Fault> {
    let found: Option<bool> = conn
        .sql(sql!(
            "SELECT email_address_verified FROM members
              WHERE project_id = $1 AND organization_id = $2 AND email_domain = $3
                AND email_address_verified = TRUE AND status <> 'deleted' LIMIT 1"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(&domain.to_owned())
        .optional()
        .await?;
    Ok(found.is_some())
}
