//! Numbers that stand with many members, over a project.

use crate::db::{Conn, Fault, statement::sql};
use domain::{id::ProjectId, phone::PhoneNumber};

/// How many live members of a project confirmed a number.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut Conn, project: &ProjectId, number: &PhoneNumber) -> Result<i64, Fault> {
    let found = conn
        .sql(sql!(
            "SELECT CAST(count(*) AS BIGINT) FROM members
              WHERE project_id = $1 AND phone_number = $2
                AND status <> 'deleted' AND phone_number IS NOT NULL AND phone_state = 'verified'"
        ))
        .bind(project)
        .bind(number)
        .optional()
        .await?;
    Ok(found.unwrap_or(0))
}

/// The numbers that more than so many live members of a project confirmed, those of most first, at most 100.
///
/// # Errors
/// When the database fails.
pub async fn of_more_than(
    conn: &mut Conn,
    project: &ProjectId,
    members: i64,
) -> Result<Vec<(PhoneNumber, i64)>, Fault> {
    conn.sql(sql!(
        "SELECT phone_number, CAST(count(*) AS BIGINT) FROM members
          WHERE project_id = $1
            AND status <> 'deleted' AND phone_number IS NOT NULL AND phone_state = 'verified'
          GROUP BY phone_number HAVING count(*) > $2
          ORDER BY 2 DESC, 1 LIMIT 100"
    ))
    .bind(project)
    .bind(&members)
    .all()
    .await
}
