//! How far each chain was handed to a destination.

use super::chains::{COLUMNS, StoredChain};
use crate::db::{Conn, Fault, Tx, statement::sql};
use domain::audit::chain::ChainId;

/// The chains after one with rows that a destination does not have, and the
/// number of the last row it has.
///
/// # Errors
/// When the database fails.
pub async fn behind(
    conn: &mut Conn,
    destination: &str,
    (project, organization): (&str, &str),
    limit: i64,
) -> Result<Vec<(StoredChain, i64)>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        COLUMNS,
        ", COALESCE(audit_exports.sequence, 0)
           FROM audit_chains LEFT JOIN audit_exports
             ON audit_exports.destination = $1 AND audit_exports.project_id = audit_chains.project_id
            AND audit_exports.organization_id = audit_chains.organization_id
          WHERE (audit_chains.project_id, audit_chains.organization_id) > ($2, $3)
            AND audit_chains.length > COALESCE(audit_exports.sequence, 0)
          ORDER BY audit_chains.project_id, audit_chains.organization_id LIMIT $4"
    ))
    .bind(&destination.to_owned())
    .bind(&project.to_owned())
    .bind(&organization.to_owned())
    .bind(&limit)
    .all()
    .await
}

/// Notes how far a chain was handed over; never back.
///
/// # Errors
/// When the database fails.
pub async fn advance(tx: &mut Tx, destination: &str, chain: &ChainId, sequence: i64) -> Result<(), Fault> {
    tx.sql(sql!(
        "INSERT INTO audit_exports (destination, project_id, organization_id, sequence) VALUES ($1, $2, $3, $4)
         ON CONFLICT (destination, project_id, organization_id) DO UPDATE SET sequence = excluded.sequence
          WHERE excluded.sequence > audit_exports.sequence"
    ))
    .bind(&destination.to_owned())
    .bind(&chain.project_id)
    .bind(&chain.organization().to_owned())
    .bind(&sequence)
    .execute()
    .await?;
    Ok(())
}
