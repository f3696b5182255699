//! Sessions. The row is the truth; a session JWT is a hint.

use crate::{
    Tenant,
    db::{Conn, Fault, Table, Tx, statement::sql},
};
use domain::{
    Timestamp,
    digest::Digest,
    id::{MemberId, MemberSessionId, OrganizationId, ProjectId},
    members::Member,
    organizations::Organization,
    sessions::Session,
};

/// A live session with its member and organization as they are now.
pub struct Live {
    pub session: Session,
    pub tenant: Tenant,
    pub member: Member,
}

const LIVE: &str = const_format::concatcp!(
    "SELECT ",
    Session::COLUMNS,
    ", ",
    Organization::COLUMNS,
    ", ",
    Member::COLUMNS,
    " FROM sessions
      JOIN members ON members.organization_id = sessions.organization_id AND members.member_id = sessions.member_id
      JOIN organizations ON organizations.organization_id = sessions.organization_id
     WHERE members.status = 'active' AND organizations.deleted_at IS NULL"
);

/// The only way into the table; the one caller is the flow that asked the policy.
///
/// # Errors
/// When the database fails.
pub async fn create(tx: &mut Tx, session: &Session) -> Result<bool, Fault> {
    tx.insert(session).await
}

/// The live session with this token: one indexed read, on the hot path.
///
/// # Errors
/// When the database fails.
pub async fn by_token(
    conn: &mut Conn,
    project: &ProjectId,
    token: &Digest,
    now: Timestamp,
) -> Result<Option<Live>, Fault> {
    let found: Option<(Session, Organization, Member)> = conn
        .sql(sql!(
            LIVE,
            " AND sessions.project_id = $1 AND sessions.token_digest = $2 AND sessions.expires_at > $3"
        ))
        .bind(project)
        .bind(token)
        .bind(&now)
        .optional()
        .await?;
    Ok(found.map(live))
}

/// The live session with this id, for callers who hold its JWT.
///
/// # Errors
/// When the database fails.
pub async fn by_id(
    conn: &mut Conn,
    project: &ProjectId,
    (organization, id): (&OrganizationId, &MemberSessionId),
    now: Timestamp,
) -> Result<Option<Live>, Fault> {
    let found: Option<(Session, Organization, Member)> = conn
        .sql(sql!(
            LIVE,
            " AND sessions.project_id = $1 AND sessions.organization_id = $2 AND sessions.member_session_id = $3
              AND sessions.expires_at > $4"
        ))
        .bind(project)
        .bind(organization)
        .bind(id)
        .bind(&now)
        .optional()
        .await?;
    Ok(found.map(live))
}

/// The live session with this id in any organization of the project; for callers with project authority.
///
/// # Errors
/// When the database fails.
pub async fn in_project(
    conn: &mut Conn,
    project: &ProjectId,
    id: &MemberSessionId,
    now: Timestamp,
) -> Result<Option<Live>, Fault> {
    let found: Option<(Session, Organization, Member)> = conn
        .sql(sql!(
            LIVE,
            " AND sessions.project_id = $1 AND sessions.member_session_id = $2 AND sessions.expires_at > $3"
        ))
        .bind(project)
        .bind(id)
        .bind(&now)
        .optional()
        .await?;
    Ok(found.map(live))
}

/// The live sessions of a member, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_member(
    conn: &mut Conn,
    tenant: &Tenant,
    member: &MemberId,
    now: Timestamp,
) -> Result<Vec<Session>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Session::COLUMNS,
        " FROM sessions
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND expires_at > $4
          ORDER BY started_at, member_session_id"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(member)
    .bind(&now)
    .all()
    .await
}

/// How many live sessions a member has.
///
/// # Errors
/// When the database fails.
pub async fn count_of(
    conn: &mut Conn,
    tenant: &Tenant,
    member: &MemberId,
    now: Timestamp,
) -> Result<i64, Fault> {
    let count: Option<i64> = conn
        .sql(sql!(
            "SELECT CAST(count(*) AS BIGINT) FROM sessions
              WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND expires_at > $4"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(member)
        .bind(&now)
        .optional()
        .await?;
    Ok(count.unwrap_or_default())
}

/// Locks a live session for the rest of the transaction and reads it as it is
/// now. Every change of a session begins with it.
///
/// # Errors
/// When the database fails.
pub async fn lock(
    tx: &mut Tx,
    tenant: &Tenant,
    token: &Digest,
    now: Timestamp,
) -> Result<Option<Session>, Fault> {
    tx.sql(sql!(
        "UPDATE sessions SET last_accessed_at = $4
          WHERE project_id = $1 AND organization_id = $2 AND token_digest = $3 AND expires_at > $4
      RETURNING ",
        Session::COLUMNS
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(token)
    .bind(&now)
    .optional()
    .await
}

/// Writes a changed session (factors, claims, end) under a new token. The old
/// token dies in the same statement; `false` when it was dead already.
///
/// # Errors
/// When the database fails.
pub async fn save(
    tx: &mut Tx,
    tenant: &Tenant,
    old_token: &Digest,
    it: &Session,
    now: Timestamp,
) -> Result<bool, Fault> {
    let saved = tx
        .sql(sql!(
            "UPDATE sessions
                SET token_digest = $4, token_seed = $5, bag = $6, custom_claims = $7, last_accessed_at = $8,
                    expires_at = $9
              WHERE project_id = $1 AND organization_id = $2 AND token_digest = $3 AND expires_at > $10"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(old_token)
        .bind(&it.token_digest)
        .bind(&it.token_seed)
        .bind(&it.bag)
        .bind(&it.custom_claims)
        .bind(&it.last_accessed_at)
        .bind(&it.expires_at)
        .bind(&now)
        .execute()
        .await?;
    Ok(saved == 1)
}

/// Notes that a session was used; never a security decision by itself.
///
/// # Errors
/// When the database fails.
pub async fn touch(tx: &mut Tx, project: &ProjectId, token: &Digest, at: Timestamp) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE sessions SET last_accessed_at = $3
          WHERE project_id = $1 AND token_digest = $2 AND last_accessed_at < $3"
    ))
    .bind(project)
    .bind(token)
    .bind(&at)
    .execute()
    .await?;
    Ok(())
}

/// # Errors
/// When the database fails.
pub async fn revoke(tx: &mut Tx, tenant: &Tenant, id: &MemberSessionId) -> Result<bool, Fault> {
    let revoked = tx
        .sql(sql!(
            "DELETE FROM sessions WHERE project_id = $1 AND organization_id = $2 AND member_session_id = $3"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(id)
        .execute()
        .await?;
    Ok(revoked == 1)
}

/// # Errors
/// When the database fails.
pub async fn revoke_all_of(tx: &mut Tx, tenant: &Tenant, member: &MemberId) -> Result<u64, Fault> {
    tx.sql(sql!("DELETE FROM sessions WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(member)
        .execute()
        .await
}

/// All but the one to keep; returns them.
///
/// # Errors
/// When the database fails.
pub async fn revoke_others_of(
    tx: &mut Tx,
    tenant: &Tenant,
    member: &MemberId,
    kept: &MemberSessionId,
) -> Result<Vec<MemberSessionId>, Fault> {
    tx.sql(sql!(
        "DELETE FROM sessions
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND member_session_id <> $4
      RETURNING member_session_id"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(member)
    .bind(kept)
    .all()
    .await
}

fn live((session, organization, member): (Session, Organization, Member)) -> Live {
    Live { session, tenant: Tenant::of(organization), member }
}
