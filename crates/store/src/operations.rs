//! What the operator watches, over all projects: one statement each.

pub mod backlogs;

use crate::db::Table;
use crate::db::{Conn, Db, Fault, statement::sql};
use domain::{
    Timestamp,
    id::{OrganizationId, ProjectId},
    members::Member,
    organizations::Organization,
};

/// Writes something that changes nothing, to find out whether anything can be written.
///
/// # Errors
/// When it cannot, or the database fails otherwise.
pub async fn try_to_write(db: &Db) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    tx.sql(sql!("UPDATE installation SET created_at = created_at WHERE name = 'this'")).execute().await?;
    tx.commit().await
}

/// Since when the version of the server key that seals has done so; the
/// installation's own beginning before the first replacement.
///
/// # Errors
/// When the database fails.
pub async fn server_key_since(conn: &mut Conn) -> Result<Option<Timestamp>, Fault> {
    let found: Option<(Timestamp, Timestamp)> = conn
        .sql(sql!("SELECT created_at, sealing_since FROM installation WHERE name = 'this'"))
        .optional()
        .await?;
    Ok(found.map(|(created, sealing)| created.max(sealing)))
}

/// When a backup was last written by this program, if one ever was.
///
/// # Errors
/// When the database fails.
pub async fn backed_up_at(conn: &mut Conn) -> Result<Option<Timestamp>, Fault> {
    let found: Option<Timestamp> =
        conn.sql(sql!("SELECT backed_up_at FROM installation WHERE name = 'this'")).optional().await?;
    Ok(found.filter(|it| it.milliseconds() > 0))
}

/// Since when the key of a project signs that has signed for longest. Keys
/// are two or three a project, so they are looked through.
///
/// # Errors
/// When the database fails.
pub async fn oldest_signing_key(conn: &mut Conn) -> Result<Option<Timestamp>, Fault> {
    let found: Option<Option<Timestamp>> = conn
        .sql(sql!(
            "SELECT CAST(min(since) AS BIGINT) FROM (
                SELECT max(activates_at) AS since FROM signing_keys
                 WHERE retires_at IS NULL GROUP BY project_id
             ) AS signing"
        ))
        .optional()
        .await?;
    Ok(found.flatten())
}

/// The number of the newest migration that the database has seen.
///
/// # Errors
/// When the database fails, or was never migrated.
pub async fn schema(conn: &mut Conn) -> Result<Option<i64>, Fault> {
    let text = sql!("SELECT CAST(max(version) AS BIGINT) FROM refinery_schema_history");
    Ok(conn.sql(text).optional::<Option<i64>>().await?.flatten())
}

/// Some organizations of a project, for a look at their settings.
///
/// # Errors
/// When the database fails.
pub async fn organizations(
    conn: &mut Conn,
    project: &ProjectId,
    limit: i64,
) -> Result<Vec<Organization>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Organization::COLUMNS,
        " FROM organizations WHERE project_id = $1 AND deleted_at IS NULL ORDER BY slug_canonical LIMIT $2"
    ))
    .bind(project)
    .bind(&limit)
    .all()
    .await
}

/// Some members of an organization, the deleted ones left out.
///
/// # Errors
/// When the database fails.
pub async fn members(
    conn: &mut Conn,
    (project, organization): (&ProjectId, &OrganizationId),
    limit: i64,
) -> Result<Vec<Member>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Member::COLUMNS,
        " FROM members WHERE project_id = $1 AND organization_id = $2 AND status <> 'deleted' LIMIT $3"
    ))
    .bind(project)
    .bind(organization)
    .bind(&limit)
    .all()
    .await
}
