//! Figures of a project.

use crate::db::{Conn, Fault, statement::sql};
use domain::id::ProjectId;

/// How many there are, without the deleted ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    pub organizations: i64,
    pub members: i64,
    pub m2m_clients: i64,
}

/// # Errors
/// When the database fails.
pub async fn of_project(conn: &mut Conn, project: &ProjectId) -> Result<Figures, Fault> {
    let mut count = async |text| {
        let found: Option<i64> = conn.sql(text).bind(project).optional().await?;
        Ok::<i64, Fault>(found.unwrap_or(0))
    };
    Ok(Figures {
        organizations: count(sql!(
            "SELECT CAST(count(*) AS BIGINT) FROM organizations WHERE project_id = $1 AND deleted_at IS NULL"
        ))
        .await?,
        // By way of the organizations: members have no index of their project, and deletion takes both.
        members: count(sql!(
            "SELECT CAST(count(*) AS BIGINT) FROM organizations
               JOIN members ON members.organization_id = organizations.organization_id
              WHERE organizations.project_id = $1 AND organizations.deleted_at IS NULL
                AND members.status <> 'deleted'"
        ))
        .await?,
        m2m_clients: count(sql!("SELECT CAST(count(*) AS BIGINT) FROM m2m_clients WHERE project_id = $1"))
            .await?,
    })
}
