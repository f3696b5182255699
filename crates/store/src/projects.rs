//! Projects.

use crate::db::{Conn, Fault, Table, Tx, statement::sql};
use domain::{
    Timestamp,
    digest::Digest,
    id::{ProjectId, PublicToken},
    projects::{Project, ProjectSettings},
};

/// The project whose secret has this digest, if it is the named one.
///
/// # Errors
/// When the database fails.
pub async fn authenticate(
    conn: &mut Conn,
    id: &ProjectId,
    secret: &Digest,
    now: Timestamp,
) -> Result<Option<Project>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Project::COLUMNS,
        " FROM project_secrets JOIN projects ON projects.project_id = project_secrets.project_id
          WHERE project_secrets.secret_digest = $1 AND project_secrets.project_id = $2
            AND (project_secrets.expires_at IS NULL OR project_secrets.expires_at > $3)"
    ))
    .bind(secret)
    .bind(id)
    .bind(&now)
    .optional()
    .await
}

/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Conn, id: &ProjectId) -> Result<Option<Project>, Fault> {
    conn.sql(sql!("SELECT ", Project::COLUMNS, " FROM projects WHERE project_id = $1"))
        .bind(id)
        .optional()
        .await
}

/// The project whose pages carry this token.
///
/// # Errors
/// When the database fails.
pub async fn by_public_token(conn: &mut Conn, token: &PublicToken) -> Result<Option<Project>, Fault> {
    conn.sql(sql!("SELECT ", Project::COLUMNS, " FROM projects WHERE public_token = $1"))
        .bind(token)
        .optional()
        .await
}

/// Every project, oldest first; for the operator.
///
/// # Errors
/// When the database fails.
pub async fn all(conn: &mut Conn) -> Result<Vec<Project>, Fault> {
    conn.sql(sql!("SELECT ", Project::COLUMNS, " FROM projects ORDER BY created_at, project_id")).all().await
}

/// `false` when the id or public token exists.
///
/// # Errors
/// When the database fails.
pub async fn create(tx: &mut Tx, project: &Project) -> Result<bool, Fault> {
    tx.insert(project).await
}

/// Holds a project for the rest of the transaction: changes of its keys and
/// secrets come one after another. `false` when there is none.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &mut Tx, id: &ProjectId) -> Result<bool, Fault> {
    let locked =
        tx.sql(sql!("UPDATE projects SET name = name WHERE project_id = $1")).bind(id).execute().await?;
    Ok(locked == 1)
}

/// Keeps the settings as they are for the rest of the transaction.
///
/// # Errors
/// When the database fails.
pub async fn hold(tx: &mut Tx, id: &ProjectId) -> Result<Option<ProjectSettings>, Fault> {
    tx.sql(sql!("UPDATE projects SET name = name WHERE project_id = $1 RETURNING settings"))
        .bind(id)
        .optional()
        .await
}

/// # Errors
/// When the database fails.
pub async fn save_settings(tx: &mut Tx, id: &ProjectId, settings: &ProjectSettings) -> Result<(), Fault> {
    tx.sql(sql!("UPDATE projects SET settings = $2 WHERE project_id = $1"))
        .bind(id)
        .bind(settings)
        .execute()
        .await?;
    Ok(())
}
