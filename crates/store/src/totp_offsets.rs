//! By how many steps accepted codes were off. Of no member and no tenant.

use crate::db::{Conn, Fault, Tx, statement::sql};

/// Adds to the counts of a day (since the epoch).
///
/// # Errors
/// When the database fails.
pub async fn add(tx: &mut Tx, day: i64, offset: i64, accepted: i64) -> Result<(), Fault> {
    tx.sql(sql!(
        "INSERT INTO totp_offsets (day, step_offset, accepted) VALUES ($1, $2, $3)
         ON CONFLICT (day, step_offset) DO UPDATE SET accepted = totp_offsets.accepted + $3"
    ))
    .bind(&day)
    .bind(&offset)
    .bind(&accepted)
    .execute()
    .await?;
    Ok(())
}

/// Offset and count, over the days from one on.
///
/// # Errors
/// When the database fails.
pub async fn since(conn: &mut Conn, day: i64) -> Result<Vec<(i64, i64)>, Fault> {
    conn.sql(sql!(
        "SELECT step_offset, CAST(sum(accepted) AS BIGINT) FROM totp_offsets WHERE day >= $1
          GROUP BY step_offset ORDER BY step_offset"
    ))
    .bind(&day)
    .all()
    .await
}
