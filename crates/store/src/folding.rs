//! What searches look members and organizations up by: kept beside the row,
//! in the transaction of every writer, and made up for in rows from before.

use crate::db::{Conn, Db, Fault, Table, Tx, statement::sql};
use domain::{
    id::{MemberId, OrganizationId, ProjectId},
    members::Member,
    organizations::Organization,
};

/// Rows made up for in one transaction.
const AT_ONCE: i64 = 200;

/// The address, folded.
pub(crate) async fn address(tx: &mut Tx, it: &Member) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE members SET email_canonical = $4, email_domain = $5
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(&it.project_id)
    .bind(&it.organization_id)
    .bind(&it.member_id)
    .bind(&it.email_address.canonical().to_owned())
    .bind(&it.email_address.domain().to_owned())
    .execute()
    .await?;
    Ok(())
}

/// The directly assigned roles, one a row.
pub(crate) async fn roles(tx: &mut Tx, it: &Member) -> Result<(), Fault> {
    tx.sql(sql!(
        "DELETE FROM member_roles WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(&it.project_id)
    .bind(&it.organization_id)
    .bind(&it.member_id)
    .execute()
    .await?;
    for role in &it.roles.0 {
        tx.sql(sql!(
            "INSERT INTO member_roles (organization_id, role_id, member_id, project_id) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING"
        ))
        .bind(&it.organization_id)
        .bind(&role.to_string())
        .bind(&it.member_id)
        .bind(&it.project_id)
        .execute()
        .await?;
    }
    Ok(())
}

/// The name, folded, and the allowed domains, one a row.
pub(crate) async fn organization(tx: &mut Tx, it: &Organization) -> Result<(), Fault> {
    tx.sql(sql!("UPDATE organizations SET name_folded = $3 WHERE project_id = $1 AND organization_id = $2"))
        .bind(&it.project_id)
        .bind(&it.organization_id)
        .bind(&it.name.to_lowercase())
        .execute()
        .await?;
    tx.sql(sql!("DELETE FROM allowed_domains WHERE project_id = $1 AND organization_id = $2"))
        .bind(&it.project_id)
        .bind(&it.organization_id)
        .execute()
        .await?;
    for domain in &it.settings.email_allowed_domains {
        tx.sql(sql!(
            "INSERT INTO allowed_domains (organization_id, project_id, domain) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING"
        ))
        .bind(&it.organization_id)
        .bind(&it.project_id)
        .bind(domain)
        .execute()
        .await?;
    }
    Ok(())
}

/// Makes up for what was stored before there was anything to fold, or by a
/// node that does not fold yet. Costs one look at an empty index when there is
/// nothing to do. Each row is locked and read as it is now, for others may write.
pub(crate) async fn catch_up(db: &Db) -> Result<(), Fault> {
    loop {
        let unfolded = unfolded_organizations(&mut db.read().await?).await?;
        if unfolded.is_empty() {
            break;
        }
        let mut tx = db.write().await?;
        for (project, id) in unfolded {
            if let Some(it) = take_organization(&mut tx, (&project, &id)).await? {
                organization(&mut tx, &it).await?;
            }
        }
        tx.commit().await?;
    }
    loop {
        let unfolded = unfolded_members(&mut db.read().await?).await?;
        if unfolded.is_empty() {
            return Ok(());
        }
        let mut tx = db.write().await?;
        for (project, organization, id) in unfolded {
            if let Some(it) = take_member(&mut tx, (&project, &organization, &id)).await? {
                address(&mut tx, &it).await?;
                roles(&mut tx, &it).await?;
            }
        }
        tx.commit().await?;
    }
}

async fn unfolded_organizations(conn: &mut Conn) -> Result<Vec<(ProjectId, OrganizationId)>, Fault> {
    conn.sql(sql!(
        "SELECT project_id, organization_id FROM organizations
          WHERE name_folded IS NULL ORDER BY organization_id LIMIT $1"
    ))
    .bind(&AT_ONCE)
    .all()
    .await
}

async fn take_organization(
    tx: &mut Tx,
    (project, id): (&ProjectId, &OrganizationId),
) -> Result<Option<Organization>, Fault> {
    tx.sql(sql!(
        "UPDATE organizations SET name_folded = NULL
          WHERE project_id = $1 AND organization_id = $2 AND name_folded IS NULL
      RETURNING ",
        Organization::COLUMNS
    ))
    .bind(project)
    .bind(id)
    .optional()
    .await
}

async fn unfolded_members(conn: &mut Conn) -> Result<Vec<(ProjectId, OrganizationId, MemberId)>, Fault> {
    conn.sql(sql!(
        "SELECT project_id, organization_id, member_id FROM members
          WHERE email_canonical IS NULL ORDER BY organization_id, member_id LIMIT $1"
    ))
    .bind(&AT_ONCE)
    .all()
    .await
}

async fn take_member(
    tx: &mut Tx,
    (project, organization, id): (&ProjectId, &OrganizationId, &MemberId),
) -> Result<Option<Member>, Fault> {
    tx.sql(sql!(
        "UPDATE members SET email_canonical = NULL
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND email_canonical IS NULL
      RETURNING ",
        Member::COLUMNS
    ))
    .bind(project)
    .bind(organization)
    .bind(id)
    .optional()
    .await
}
