//! Intermediate sessions.

use crate::{
    Tenant,
    db::{Conn, Fault, Table, Tx, statement::sql},
};
use domain::{
    Timestamp,
    digest::Digest,
    factors::Bag,
    id::{MemberId, ProjectId},
    intermediate_sessions::{IntermediateSession, MOST_ALIVE},
};

/// Keeps a new one. The member's oldest ends when too many are alive.
///
/// # Errors
/// When the database fails.
pub async fn create(
    tx: &mut Tx,
    tenant: &Tenant,
    it: &IntermediateSession,
    now: Timestamp,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "DELETE FROM intermediate_sessions
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3
            AND (created_at, token_digest) <=
                (SELECT alive.created_at, alive.token_digest FROM intermediate_sessions AS alive
                  WHERE alive.organization_id = $2 AND alive.member_id = $3
                    AND alive.consumed_at IS NULL AND alive.expires_at > $4
                  ORDER BY alive.created_at DESC, alive.token_digest DESC LIMIT 1 OFFSET $5)"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(&it.member_id)
    .bind(&now)
    .bind(&(MOST_ALIVE - 1)) // the new one comes on top
    .execute()
    .await?;
    if tx.insert(it).await? { Ok(()) } else { Err(Fault::IdTaken("intermediate session")) }
}

/// The one with this token, if it is alive.
///
/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut Conn,
    project: &ProjectId,
    token: &Digest,
    now: Timestamp,
) -> Result<Option<IntermediateSession>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        IntermediateSession::COLUMNS,
        " FROM intermediate_sessions
          WHERE project_id = $1 AND token_digest = $2 AND consumed_at IS NULL AND expires_at > $3"
    ))
    .bind(project)
    .bind(token)
    .bind(&now)
    .optional()
    .await
}

/// Consumes it; of any number of callers, at most one gets `true`.
///
/// # Errors
/// When the database fails.
pub async fn consume(tx: &mut Tx, tenant: &Tenant, token: &Digest, now: Timestamp) -> Result<bool, Fault> {
    let consumed = tx
        .sql(sql!(
            "UPDATE intermediate_sessions SET consumed_at = $4
              WHERE project_id = $1 AND organization_id = $2 AND token_digest = $3
                AND consumed_at IS NULL AND expires_at > $4"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(token)
        .bind(&now)
        .execute()
        .await?;
    Ok(consumed == 1)
}

/// Puts more factors into it; its end stays where it was. `false` when it is not alive.
///
/// # Errors
/// When the database fails.
pub async fn fill(
    tx: &mut Tx,
    tenant: &Tenant,
    token: &Digest,
    bag: &Bag,
    now: Timestamp,
) -> Result<bool, Fault> {
    let filled = tx
        .sql(sql!(
            "UPDATE intermediate_sessions SET bag = $4
              WHERE project_id = $1 AND organization_id = $2 AND token_digest = $3
                AND consumed_at IS NULL AND expires_at > $5"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(token)
        .bind(bag)
        .bind(&now)
        .execute()
        .await?;
    Ok(filled == 1)
}

/// # Errors
/// When the database fails.
pub async fn end_all_of(tx: &mut Tx, tenant: &Tenant, member: &MemberId) -> Result<(), Fault> {
    tx.sql(sql!(
        "DELETE FROM intermediate_sessions WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(member)
    .execute()
    .await?;
    Ok(())
}
