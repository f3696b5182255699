//! Where chains end, and which there are: for whoever verifies, signs or exports.

use crate::db::{Conn, Fault, FromRow, RowReader, Tx, statement::sql};
use domain::audit::chain::{ChainId, End};

/// The record of where a chain ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChain {
    pub chain: ChainId,
    pub end: End,
    pub mac: String,
    /// How many rows the last signed head covers; 0 before the first.
    pub signed_length: i64,
    /// The number of the document with that head.
    pub signed_in: Option<i64>,
}

pub(super) const COLUMNS: &str = "audit_chains.project_id, audit_chains.organization_id, audit_chains.length,
    audit_chains.head, audit_chains.mac, audit_chains.signed_length, audit_chains.signed_in";

impl FromRow for StoredChain {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        let (project_id, organization): (String, String) = (row.take()?, row.take()?);
        let organization_id = (!organization.is_empty()).then_some(organization);
        Ok(Self {
            chain: ChainId { project_id, organization_id },
            end: End { length: row.take()?, head: row.take()? },
            mac: row.take()?,
            signed_length: row.take()?,
            signed_in: row.take()?,
        })
    }
}

/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Conn, chain: &ChainId) -> Result<Option<StoredChain>, Fault> {
    conn.sql(sql!("SELECT ", COLUMNS, " FROM audit_chains WHERE project_id = $1 AND organization_id = $2"))
        .bind(&chain.project_id)
        .bind(&chain.organization().to_owned())
        .optional()
        .await
}

/// The chains after one, by project and organization; a project's own comes first.
///
/// # Errors
/// When the database fails.
pub async fn after(
    conn: &mut Conn,
    (project, organization): (&str, &str),
    limit: i64,
) -> Result<Vec<StoredChain>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        COLUMNS,
        " FROM audit_chains WHERE (audit_chains.project_id, audit_chains.organization_id) > ($1, $2)
          ORDER BY audit_chains.project_id, audit_chains.organization_id LIMIT $3"
    ))
    .bind(&project.to_owned())
    .bind(&organization.to_owned())
    .bind(&limit)
    .all()
    .await
}

/// The chains after one that moved since they were signed.
///
/// # Errors
/// When the database fails.
pub async fn moved_after(
    conn: &mut Conn,
    (project, organization): (&str, &str),
    limit: i64,
) -> Result<Vec<StoredChain>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        COLUMNS,
        " FROM audit_chains
          WHERE (audit_chains.project_id, audit_chains.organization_id) > ($1, $2) AND audit_chains.moved = TRUE
          ORDER BY audit_chains.project_id, audit_chains.organization_id LIMIT $3"
    ))
    .bind(&project.to_owned())
    .bind(&organization.to_owned())
    .bind(&limit)
    .all()
    .await
}

/// Notes that a head was signed. A chain that went on meanwhile is still one that moved.
///
/// # Errors
/// When the database fails.
pub async fn signed(tx: &mut Tx, chain: &StoredChain, number: i64) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE audit_chains SET signed_length = $3, signed_in = $4, moved = (audit_chains.length <> $3)
          WHERE project_id = $1 AND organization_id = $2 AND signed_length <= $3"
    ))
    .bind(&chain.chain.project_id)
    .bind(&chain.chain.organization().to_owned())
    .bind(&chain.end.length)
    .bind(&number)
    .execute()
    .await?;
    Ok(())
}

/// The chain after one that has rows, whether or not there is a record of its end.
///
/// # Errors
/// When the database fails.
pub async fn with_rows_after(conn: &mut Conn, after: Option<&ChainId>) -> Result<Option<ChainId>, Fault> {
    if let Some(after) = after {
        let organization: Option<String> = conn
            .sql(sql!(
                "SELECT organization_id FROM audit_events WHERE project_id = $1 AND organization_id > $2
                  ORDER BY organization_id LIMIT 1"
            ))
            .bind(&after.project_id)
            .bind(&after.organization().to_owned())
            .optional()
            .await?;
        if organization.is_some() {
            return Ok(Some(ChainId { project_id: after.project_id.clone(), organization_id: organization }));
        }
    }
    let project: Option<String> = conn
        .sql(sql!("SELECT project_id FROM audit_events WHERE project_id > $1 ORDER BY project_id LIMIT 1"))
        .bind(&after.map_or_else(String::new, |it| it.project_id.clone()))
        .optional()
        .await?;
    Ok(project.map(|project_id| ChainId { project_id, organization_id: None }))
}
