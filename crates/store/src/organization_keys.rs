//! The keys of organizations, each sealed under the server key: in a table that
//! no backup holds, or in a folder beside the server key.

pub mod folder;

use crate::{
    columns::table,
    db::{Column, Conn, Fault, FromRow, RowReader, Table, Tx, Value, statement::sql},
};
use domain::{
    Timestamp,
    id::{OrganizationId, ProjectId},
    sealing::Sealed,
};

/// A key as it is kept.
#[derive(Debug, Clone)]
pub struct KeptKey {
    pub organization_id: OrganizationId,
    pub project_id: ProjectId,
    /// None once destroyed; what was under it cannot be read by anybody.
    pub sealed_key: Option<Sealed>,
    pub created_at: Timestamp,
    pub destroyed_at: Option<Timestamp>,
}

table!(KeptKey = "organization_keys" { organization_id, project_id, sealed_key, created_at, destroyed_at });

/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut Conn,
    (project, organization): (&ProjectId, &OrganizationId),
) -> Result<Option<KeptKey>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        KeptKey::COLUMNS,
        " FROM organization_keys WHERE project_id = $1 AND organization_id = $2"
    ))
    .bind(project)
    .bind(organization)
    .optional()
    .await
}

/// Keeps a new key; `false` where there is one, or was.
///
/// # Errors
/// When the database fails.
pub async fn add(tx: &mut Tx, key: &KeptKey) -> Result<bool, Fault> {
    tx.insert(key).await
}

/// Forgets the key, and remembers that; `false` where there was none.
///
/// # Errors
/// When the database fails.
pub async fn destroy(
    tx: &mut Tx,
    (project, organization): (&ProjectId, &OrganizationId),
    now: Timestamp,
) -> Result<bool, Fault> {
    let destroyed = tx
        .sql(sql!(
            "UPDATE organization_keys SET sealed_key = NULL, destroyed_at = $3
              WHERE project_id = $1 AND organization_id = $2 AND destroyed_at IS NULL"
        ))
        .bind(project)
        .bind(organization)
        .bind(&now)
        .execute()
        .await?;
    Ok(destroyed == 1)
}

/// The keys after one, by organization, those destroyed included.
///
/// # Errors
/// When the database fails.
pub async fn after(conn: &mut Conn, organization: &str, limit: i64) -> Result<Vec<KeptKey>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        KeptKey::COLUMNS,
        " FROM organization_keys WHERE organization_keys.organization_id > $1
          ORDER BY organization_keys.organization_id LIMIT $2"
    ))
    .bind(&organization.to_owned())
    .bind(&limit)
    .all()
    .await
}

/// Organizations after one that hold something sealed under a key of their own, by id.
///
/// # Errors
/// When the database fails.
pub async fn needed(conn: &mut Conn, organization: &str, limit: i64) -> Result<Vec<OrganizationId>, Fault> {
    conn.sql(sql!(
        "SELECT organizations.organization_id FROM organizations
          WHERE organizations.organization_id > $1
            AND (EXISTS (SELECT 1 FROM totps
                          WHERE totps.project_id = organizations.project_id
                            AND totps.organization_id = organizations.organization_id
                            AND totps.sealed_secret LIKE 'o.%')
              OR EXISTS (SELECT 1 FROM recovery_codes
                          WHERE recovery_codes.project_id = organizations.project_id
                            AND recovery_codes.organization_id = organizations.organization_id
                            AND recovery_codes.sealed_code LIKE 'o.%'))
          ORDER BY organizations.organization_id LIMIT $2"
    ))
    .bind(&organization.to_owned())
    .bind(&limit)
    .all()
    .await
}

/// `false` when somebody changed the row meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn renew(tx: &mut Tx, before: &KeptKey, sealed: &Sealed) -> Result<bool, Fault> {
    let renewed = tx
        .sql(sql!(
            "UPDATE organization_keys SET sealed_key = $4
              WHERE project_id = $1 AND organization_id = $2 AND sealed_key = $3"
        ))
        .bind(&before.project_id)
        .bind(&before.organization_id)
        .bind(&before.sealed_key)
        .bind(sealed)
        .execute()
        .await?;
    Ok(renewed == 1)
}
