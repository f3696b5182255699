//! What the operator set of a project's roles and resources.

use crate::db::{Conn, Fault, Tx, statement::sql};
use domain::{
    Timestamp,
    id::ProjectId,
    rbac::{CustomRoles, Policy},
};

/// None until the operator sets one.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Conn, project: &ProjectId) -> Result<Option<Policy>, Fault> {
    conn.sql(sql!("SELECT policy FROM project_policies WHERE project_id = $1")).bind(project).optional().await
}

/// # Errors
/// When the database fails.
pub async fn save(tx: &mut Tx, project: &ProjectId, policy: &Policy, now: Timestamp) -> Result<(), Fault> {
    tx.sql(sql!(
        "INSERT INTO project_policies (project_id, policy, updated_at) VALUES ($1, $2, $3)
         ON CONFLICT (project_id) DO UPDATE SET policy = excluded.policy, updated_at = excluded.updated_at"
    ))
    .bind(project)
    .bind(policy)
    .bind(&now)
    .execute()
    .await?;
    Ok(())
}

/// The roles of every organization of the project that has roles of its own.
///
/// # Errors
/// When the database fails.
pub async fn custom_roles_in(conn: &mut Conn, project: &ProjectId) -> Result<Vec<CustomRoles>, Fault> {
    conn.sql(sql!(
        "SELECT custom_roles FROM organizations
          WHERE project_id = $1 AND custom_roles <> '[]' AND deleted_at IS NULL"
    ))
    .bind(project)
    .all()
    .await
}
