//! What the operator watches, over all projects: one statement each.

use crate::db::{Conn, Fault, statement::sql};
use domain::Timestamp;

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
