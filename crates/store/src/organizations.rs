//! Organizations.

use crate::{
    Tenant,
    db::{Conflict, Conn, Fault, Table, Tx, statement::sql},
    folding,
};
use domain::{
    Timestamp,
    id::{OrganizationId, ProjectId},
    organizations::Organization,
};

/// Creates an organization; `false` when its slug or external id is taken.
///
/// # Errors
/// When the database fails.
pub async fn create(tx: &mut Tx, it: &Organization) -> Result<Option<Tenant>, Fault> {
    let created = tx
        .sql(sql!(
            "INSERT INTO organizations (organization_id, project_id, name, slug, slug_canonical, external_id, logo_url,
                                        settings, trusted_metadata, custom_roles, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING"
        ))
        .bind(&it.organization_id)
        .bind(&it.project_id)
        .bind(&it.name)
        .bind(&it.slug)
        .bind(&it.slug.canonical())
        .bind(&it.external_id)
        .bind(&it.logo_url)
        .bind(&it.settings)
        .bind(&it.trusted_metadata)
        .bind(&it.custom_roles)
        .bind(&it.created_at)
        .bind(&it.updated_at)
        .execute()
        .await?;
    if created == 0 {
        return Ok(None);
    }
    let tenant = Tenant::of(it.clone());
    folding::organization(tx, it).await?;
    claim_domains(tx, &tenant, &it.settings.claimed_email_domains).await?;
    Ok(Some(tenant))
}

/// Locks the organization for the rest of the transaction and reads it as it is now.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &mut Tx, tenant: &Tenant, now: Timestamp) -> Result<Option<Tenant>, Fault> {
    let found = tx
        .sql(sql!(
            "UPDATE organizations SET updated_at = $3
              WHERE project_id = $1 AND organization_id = $2 AND deleted_at IS NULL
          RETURNING ",
            Organization::COLUMNS
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(&now)
        .optional()
        .await?;
    Ok(found.map(Tenant::of))
}

/// Writes a changed organization back; the caller holds its lock.
///
/// # Errors
/// When the database fails. `Conflict` when the new slug or external id is taken.
pub async fn save(
    tx: &mut Tx,
    tenant: &Tenant,
    it: &Organization,
) -> Result<Result<Tenant, Conflict>, Fault> {
    let saved = tx
        .sql(sql!(
            "UPDATE organizations
                SET name = $3, slug = $4, slug_canonical = $5, external_id = $6, logo_url = $7, settings = $8,
                    trusted_metadata = $9, custom_roles = $10
              WHERE project_id = $1 AND organization_id = $2 AND deleted_at IS NULL"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(&it.name)
        .bind(&it.slug)
        .bind(&it.slug.canonical())
        .bind(&it.external_id)
        .bind(&it.logo_url)
        .bind(&it.settings)
        .bind(&it.trusted_metadata)
        .bind(&it.custom_roles)
        .execute_unless_taken()
        .await?;
    if saved.is_err() {
        return Ok(Err(Conflict));
    }
    folding::organization(tx, it).await?;
    claim_domains(tx, tenant, &it.settings.claimed_email_domains).await?;
    Ok(Ok(Tenant::of(it.clone())))
}

/// Marks the organization deleted; its slug and external id are free again.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, tenant: &Tenant, now: Timestamp) -> Result<bool, Fault> {
    let deleted = tx
        .sql(sql!(
            "UPDATE organizations SET deleted_at = $3
              WHERE project_id = $1 AND organization_id = $2 AND deleted_at IS NULL"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(&now)
        .execute()
        .await?;
    claim_domains(tx, tenant, &[]).await?;
    Ok(deleted == 1)
}

/// Deletes every member, and with them whatever could still let one in.
///
/// # Errors
/// When the database fails.
pub async fn end_everything_in(tx: &mut Tx, tenant: &Tenant) -> Result<(), Fault> {
    for text in [
        sql!("UPDATE members SET status = 'deleted' WHERE project_id = $1 AND organization_id = $2"),
        sql!("DELETE FROM sessions WHERE project_id = $1 AND organization_id = $2"),
        sql!("DELETE FROM intermediate_sessions WHERE project_id = $1 AND organization_id = $2"),
        sql!("DELETE FROM magic_links WHERE project_id = $1 AND organization_id = $2"),
        sql!("DELETE FROM password_resets WHERE project_id = $1 AND organization_id = $2"),
        sql!("DELETE FROM passcodes WHERE project_id = $1 AND organization_id = $2"),
        sql!("DELETE FROM totps WHERE project_id = $1 AND organization_id = $2 AND is_active = FALSE"),
        sql!("DELETE FROM email_claims WHERE project_id = $1 AND organization_id = $2"),
    ] {
        tx.sql(text).bind(tenant.project_id()).bind(tenant.organization_id()).execute().await?;
    }
    Ok(())
}

/// Whether the slug or the external id is taken in the project by another
/// organization; tells which, for the answer after a conflict.
///
/// # Errors
/// When the database fails.
pub async fn slug_is_taken(conn: &mut Conn, project: &ProjectId, it: &Organization) -> Result<bool, Fault> {
    let other: Option<OrganizationId> = conn
        .sql(sql!(
            "SELECT organization_id FROM organizations
              WHERE project_id = $1 AND slug_canonical = $2 AND organization_id <> $3 AND deleted_at IS NULL"
        ))
        .bind(project)
        .bind(&it.slug.canonical())
        .bind(&it.organization_id)
        .optional()
        .await?;
    Ok(other.is_some())
}

/// Whether a domain is claimed by other organizations of the project and not by this one.
///
/// # Errors
/// When the database fails.
pub async fn domain_is_claimed_elsewhere(
    conn: &mut Conn,
    tenant: &Tenant,
    domain: &str,
) -> Result<bool, Fault> {
    let claimants: Vec<OrganizationId> = conn
        .sql(sql!("SELECT organization_id FROM claimed_domains WHERE project_id = $1 AND domain = $2"))
        .bind(tenant.project_id())
        .bind(&domain.to_owned())
        .all()
        .await?;
    Ok(!claimants.is_empty() && !claimants.contains(tenant.organization_id()))
}

async fn claim_domains(tx: &mut Tx, tenant: &Tenant, domains: &[String]) -> Result<(), Fault> {
    tx.sql(sql!("DELETE FROM claimed_domains WHERE project_id = $1 AND organization_id = $2"))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .execute()
        .await?;
    for domain in domains {
        tx.sql(sql!("INSERT INTO claimed_domains (organization_id, project_id, domain) VALUES ($1, $2, $3)"))
            .bind(tenant.organization_id())
            .bind(tenant.project_id())
            .bind(domain)
            .execute()
            .await?;
    }
    Ok(())
}
