//! The secrets of projects: digests, and as much as tells one from another.

use crate::{
    columns::table,
    db::{Column, Conn, Fault, FromRow, RowReader, Table, Tx, Value, statement::sql},
};
use domain::{Timestamp, digest::Digest, id::ProjectId};

/// What is kept of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectSecret {
    pub secret_digest: Digest,
    pub project_id: ProjectId,
    pub created_at: Timestamp,
    /// Its last characters, for people; empty where they were not kept.
    pub last_four: String,
    pub expires_at: Option<Timestamp>,
}

table!(ProjectSecret = "project_secrets" { secret_digest, project_id, created_at, last_four, expires_at });

/// The secrets of a project that still open it, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_project(
    conn: &mut Conn,
    project: &ProjectId,
    now: Timestamp,
) -> Result<Vec<ProjectSecret>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        ProjectSecret::COLUMNS,
        " FROM project_secrets WHERE project_id = $1 AND (expires_at IS NULL OR expires_at > $2)
          ORDER BY created_at, secret_digest"
    ))
    .bind(project)
    .bind(&now)
    .all()
    .await
}

/// # Errors
/// When the database fails.
pub async fn add(tx: &mut Tx, secret: &ProjectSecret) -> Result<bool, Fault> {
    tx.insert(secret).await
}

/// Gives an end to every secret that has none, or a later one.
///
/// # Errors
/// When the database fails.
pub async fn expire(tx: &mut Tx, project: &ProjectId, at: Timestamp) -> Result<u64, Fault> {
    tx.sql(sql!(
        "UPDATE project_secrets SET expires_at = $2
          WHERE project_id = $1 AND (expires_at IS NULL OR expires_at > $2)"
    ))
    .bind(project)
    .bind(&at)
    .execute()
    .await
}

/// # Errors
/// When the database fails.
pub async fn remove(tx: &mut Tx, project: &ProjectId, secret: &Digest) -> Result<bool, Fault> {
    let removed = tx
        .sql(sql!("DELETE FROM project_secrets WHERE project_id = $1 AND secret_digest = $2"))
        .bind(project)
        .bind(secret)
        .execute()
        .await?;
    Ok(removed == 1)
}
