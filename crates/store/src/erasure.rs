//! Erasing an organization: what it was is gone, that it was stays.

use crate::{
    db::{Conn, Fault, Tx, statement::sql},
    messages,
    tables::{OnErasure, TABLES},
};
use domain::{
    Timestamp,
    id::{OrganizationId, ProjectId},
    organizations::settings::Settings,
};
use std::collections::BTreeMap;

/// The slug of an organization, deleted ones included, and since when it is erased.
///
/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut Conn,
    (project, organization): (&ProjectId, &OrganizationId),
) -> Result<Option<(String, Option<Timestamp>)>, Fault> {
    conn.sql(sql!("SELECT slug, erased_at FROM organizations WHERE project_id = $1 AND organization_id = $2"))
        .bind(project)
        .bind(organization)
        .optional()
        .await
}

/// Deletes every row of the organization that is not for the record, and blanks
/// its own; of what its texts cost, sums are kept. How many rows of which table.
///
/// # Errors
/// When the database fails.
pub async fn erase(
    tx: &mut Tx,
    (project, organization): (&ProjectId, &OrganizationId),
    now: Timestamp,
) -> Result<BTreeMap<&'static str, u64>, Fault> {
    messages::spend::keep(tx, project, organization).await?;
    let mut erased = BTreeMap::new();
    erased.insert("address_passwords", shared_passwords(tx, (project, organization)).await?);
    let mut tables: Vec<_> = TABLES.iter().collect();
    tables.sort_by_key(|(table, ..)| turn(table));
    for (table, _, rule) in tables {
        if *rule == OnErasure::Deleted {
            erased.insert(*table, tx.delete_of(table, project.as_str(), organization.as_str()).await?);
        }
    }
    erased.insert("organizations", blank(tx, (project, organization), now).await?);
    erased.retain(|_, rows| *rows > 0);
    Ok(erased)
}

/// Events are made of the outbox: emptied first, it makes no more of them.
/// Everything else refers to members, which go last.
fn turn(table: &str) -> u8 {
    match table {
        "webhook_outbox" => 0,
        "members" => 2,
        _ => 1,
    }
}

/// Passwords of addresses that no other organization of the project has.
async fn shared_passwords(
    tx: &mut Tx,
    (project, organization): (&ProjectId, &OrganizationId),
) -> Result<u64, Fault> {
    tx.sql(sql!(
        "DELETE FROM address_passwords WHERE project_id = $1 AND email_canonical IN
            (SELECT email_canonical FROM email_claims AS ours WHERE project_id = $1 AND organization_id = $2
                AND NOT EXISTS (SELECT 1 FROM email_claims AS others
                                 WHERE others.project_id = $1 AND others.email_canonical = ours.email_canonical
                                   AND others.organization_id <> $2))"
    ))
    .bind(project)
    .bind(organization)
    .execute()
    .await
}

async fn blank(
    tx: &mut Tx,
    (project, organization): (&ProjectId, &OrganizationId),
    now: Timestamp,
) -> Result<u64, Fault> {
    tx.sql(sql!(
        "UPDATE organizations
            SET name = 'erased', name_folded = 'erased', slug = organization_id, slug_canonical = organization_id,
                external_id = NULL, logo_url = '', settings = $3, trusted_metadata = '{}', custom_roles = '[]',
                updated_at = $4, deleted_at = COALESCE(deleted_at, $4), erased_at = COALESCE(erased_at, $4)
          WHERE project_id = $1 AND organization_id = $2"
    ))
    .bind(project)
    .bind(organization)
    .bind(&Settings::default())
    .bind(&now)
    .execute()
    .await
}
