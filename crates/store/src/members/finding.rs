//! Members, by what they are known by.

use crate::{
    Tenant,
    db::{Conn, Fault, Table, statement::sql},
};
use domain::{
    email::EmailAddress,
    id::{MemberId, MemberPasswordId, ProjectId},
    members::Member,
    organizations::Organization,
};

/// Finds a member by id, or by the external id they have in the organization.
/// Deleted members are found by id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Conn, tenant: &Tenant, reference: &str) -> Result<Option<Member>, Fault> {
    if let Ok(id) = reference.parse::<MemberId>() {
        return by_id(conn, tenant, &id).await;
    }
    conn.sql(sql!(
        "SELECT ",
        Member::COLUMNS,
        " FROM members
          WHERE project_id = $1 AND organization_id = $2 AND external_id = $3 AND status <> 'deleted'"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(&reference.to_owned())
    .optional()
    .await
}

/// # Errors
/// When the database fails.
pub async fn by_id(conn: &mut Conn, tenant: &Tenant, id: &MemberId) -> Result<Option<Member>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Member::COLUMNS,
        " FROM members WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .optional()
    .await
}

/// The member whose primary address it is; never a deleted one.
///
/// # Errors
/// When the database fails.
pub async fn by_email(
    conn: &mut Conn,
    tenant: &Tenant,
    email: &EmailAddress,
) -> Result<Option<Member>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Member::COLUMNS,
        " FROM email_claims
          JOIN members ON members.organization_id = email_claims.organization_id
                      AND members.member_id = email_claims.member_id
         WHERE email_claims.project_id = $1 AND email_claims.organization_id = $2
           AND email_claims.email_canonical = $3 AND email_claims.is_retired = $4"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(&email.canonical().to_owned())
    .bind(&false)
    .optional()
    .await
}

/// The member whose password has this id.
///
/// # Errors
/// When the database fails.
pub async fn by_password_id(
    conn: &mut Conn,
    tenant: &Tenant,
    id: &MemberPasswordId,
) -> Result<Option<Member>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Member::COLUMNS,
        " FROM members
          WHERE project_id = $1 AND organization_id = $2 AND password_id = $3 AND status <> 'deleted'"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .optional()
    .await
}

/// Finds a member of any organization of the project, with the organization.
/// For callers with project authority who hold a member id and nothing else.
///
/// # Errors
/// When the database fails.
pub async fn in_project(
    conn: &mut Conn,
    project: &ProjectId,
    id: &MemberId,
) -> Result<Option<(Tenant, Member)>, Fault> {
    let found: Option<(Organization, Member)> = conn
        .sql(sql!(
            "SELECT ",
            Organization::COLUMNS,
            ", ",
            Member::COLUMNS,
            " FROM members JOIN organizations ON organizations.organization_id = members.organization_id
              WHERE members.project_id = $1 AND members.member_id = $2 AND organizations.deleted_at IS NULL"
        ))
        .bind(project)
        .bind(id)
        .optional()
        .await?;
    Ok(found.map(|(organization, member)| (Tenant::of(organization), member)))
}
