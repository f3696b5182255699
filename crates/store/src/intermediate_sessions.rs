//! Intermediate sessions.

use crate::{
    Tenant,
    db::{Conn, Fault, Table, Tx, statement::sql},
};
use domain::{
    Timestamp,
    digest::Digest,
    email::EmailAddress,
    factors::Bag,
    id::{MemberId, OrganizationId, ProjectId},
    intermediate_sessions::{IntermediateSession, MOST_ALIVE},
};

/// Keeps a new one. The oldest of the same member, or of the same address
/// before an organization is chosen, ends when too many are alive.
///
/// # Errors
/// When the database fails.
pub async fn create(tx: &mut Tx, it: &IntermediateSession, now: Timestamp) -> Result<(), Fault> {
    match (&it.organization_id, &it.member_id) {
        (Some(organization), Some(member)) => end_oldest_of(tx, it, (organization, member), now).await?,
        _ => end_oldest_of_address(tx, it, now).await?,
    }
    if tx.insert(it).await? { Ok(()) } else { Err(Fault::IdTaken("intermediate session")) }
}

async fn end_oldest_of(
    tx: &mut Tx,
    it: &IntermediateSession,
    (organization, member): (&OrganizationId, &MemberId),
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
    .bind(&it.project_id)
    .bind(organization)
    .bind(member)
    .bind(&now)
    .bind(&(MOST_ALIVE - 1)) // the new one comes on top
    .execute()
    .await?;
    Ok(())
}

async fn end_oldest_of_address(tx: &mut Tx, it: &IntermediateSession, now: Timestamp) -> Result<(), Fault> {
    tx.sql(sql!(
        "DELETE FROM intermediate_sessions
          WHERE project_id = $1 AND email_address = $2 AND member_id IS NULL
            AND (created_at, token_digest) <=
                (SELECT alive.created_at, alive.token_digest FROM intermediate_sessions AS alive
                  WHERE alive.project_id = $1 AND alive.email_address = $2 AND alive.member_id IS NULL
                    AND alive.consumed_at IS NULL AND alive.expires_at > $3
                  ORDER BY alive.created_at DESC, alive.token_digest DESC LIMIT 1 OFFSET $4)"
    ))
    .bind(&it.project_id)
    .bind(&it.email_address)
    .bind(&now)
    .bind(&(MOST_ALIVE - 1))
    .execute()
    .await?;
    Ok(())
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
pub async fn consume(
    tx: &mut Tx,
    project: &ProjectId,
    token: &Digest,
    now: Timestamp,
) -> Result<bool, Fault> {
    let consumed = tx
        .sql(sql!(
            "UPDATE intermediate_sessions SET consumed_at = $3
              WHERE project_id = $1 AND token_digest = $2 AND consumed_at IS NULL AND expires_at > $3"
        ))
        .bind(project)
        .bind(token)
        .bind(&now)
        .execute()
        .await?;
    Ok(consumed == 1)
}

/// Gives it to a member, with what was proved for that member; its end stays
/// where it was. `false` when it is not alive.
///
/// # Errors
/// When the database fails.
pub async fn fill(
    tx: &mut Tx,
    tenant: &Tenant,
    (member, token): (&MemberId, &Digest),
    bag: &Bag,
    now: Timestamp,
) -> Result<bool, Fault> {
    let filled = tx
        .sql(sql!(
            "UPDATE intermediate_sessions SET organization_id = $3, member_id = $4, bag = $5
              WHERE project_id = $1 AND token_digest = $2 AND consumed_at IS NULL AND expires_at > $6"
        ))
        .bind(tenant.project_id())
        .bind(token)
        .bind(tenant.organization_id())
        .bind(member)
        .bind(bag)
        .bind(&now)
        .execute()
        .await?;
    Ok(filled == 1)
}

/// Puts more factors into one that belongs to an address alone. `false` when
/// it is not alive, or a member's meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn fill_unclaimed(
    tx: &mut Tx,
    project: &ProjectId,
    token: &Digest,
    bag: &Bag,
    now: Timestamp,
) -> Result<bool, Fault> {
    let filled = tx
        .sql(sql!(
            "UPDATE intermediate_sessions SET bag = $3
              WHERE project_id = $1 AND token_digest = $2 AND member_id IS NULL
                AND consumed_at IS NULL AND expires_at > $4"
        ))
        .bind(project)
        .bind(token)
        .bind(bag)
        .bind(&now)
        .execute()
        .await?;
    Ok(filled == 1)
}

/// Ends every one of an address: what it rests on is no longer to be relied upon.
///
/// # Errors
/// When the database fails.
pub async fn end_all_of_address(
    tx: &mut Tx,
    project: &ProjectId,
    address: &EmailAddress,
) -> Result<(), Fault> {
    tx.sql(sql!("DELETE FROM intermediate_sessions WHERE project_id = $1 AND email_address = $2"))
        .bind(project)
        .bind(&address.in_canonical_form())
        .execute()
        .await?;
    Ok(())
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

/// All of a member but the one to keep.
///
/// # Errors
/// When the database fails.
pub async fn end_others_of(
    tx: &mut Tx,
    tenant: &Tenant,
    member: &MemberId,
    kept: &Digest,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "DELETE FROM intermediate_sessions
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND token_digest <> $4"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(member)
    .bind(kept)
    .execute()
    .await?;
    Ok(())
}

/// All of an address but the one to keep.
///
/// # Errors
/// When the database fails.
pub async fn end_others_of_address(
    tx: &mut Tx,
    project: &ProjectId,
    address: &EmailAddress,
    kept: &Digest,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "DELETE FROM intermediate_sessions WHERE project_id = $1 AND email_address = $2 AND token_digest <> $3"
    ))
    .bind(project)
    .bind(&address.in_canonical_form())
    .bind(kept)
    .execute()
    .await?;
    Ok(())
}
