//! Issuers that a project trusts, and their tokens that were traded.

use crate::db::{Conn, Fault, Table, Tx, statement::sql};
use domain::{
    Timestamp,
    digest::Digest,
    id::{ProjectId, TrustedTokenProfileId},
    trusted_tokens::Profile,
};

/// # Errors
/// When the database fails.
pub async fn create(tx: &mut Tx, profile: &Profile) -> Result<bool, Fault> {
    tx.insert(profile).await
}

/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut Conn,
    project: &ProjectId,
    id: &TrustedTokenProfileId,
) -> Result<Option<Profile>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Profile::COLUMNS,
        " FROM trusted_token_profiles WHERE project_id = $1 AND profile_id = $2"
    ))
    .bind(project)
    .bind(id)
    .optional()
    .await
}

/// The profiles of a project, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_project(conn: &mut Conn, project: &ProjectId) -> Result<Vec<Profile>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Profile::COLUMNS,
        " FROM trusted_token_profiles WHERE project_id = $1 ORDER BY created_at, profile_id"
    ))
    .bind(project)
    .all()
    .await
}

/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, project: &ProjectId, id: &TrustedTokenProfileId) -> Result<bool, Fault> {
    let deleted = tx
        .sql(sql!("DELETE FROM trusted_token_profiles WHERE project_id = $1 AND profile_id = $2"))
        .bind(project)
        .bind(id)
        .execute()
        .await?;
    Ok(deleted == 1)
}

/// Spends a token until it expires by itself; of any number of callers, at most one gets `true`.
/// Nobody does where the database was put back to an earlier moment since the token was usable:
/// it may have been spent in what was lost.
///
/// # Errors
/// When the database fails.
pub async fn spend(
    tx: &mut Tx,
    project: &ProjectId,
    token: &Digest,
    (usable_since, expires_at): (Timestamp, Timestamp),
) -> Result<bool, Fault> {
    let spent = tx
        .sql(sql!(
            "INSERT INTO spent_trusted_tokens (project_id, token_digest, expires_at)
             SELECT $1, $2, CAST($3 AS BIGINT)
              WHERE NOT EXISTS (SELECT 1 FROM installation WHERE name = 'this' AND restored_at >= $4)
             ON CONFLICT DO NOTHING"
        ))
        .bind(project)
        .bind(token)
        .bind(&expires_at)
        .bind(&usable_since)
        .execute()
        .await?;
    Ok(spent == 1)
}
