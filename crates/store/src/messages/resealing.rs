//! The bodies that wait, to be put under another version of the server key.

use super::Message;
use crate::db::{Conn, Fault, Table, Tx, statement::sql};
use domain::sealing::Sealed;

/// The waiting messages after one, by their ids.
///
/// # Errors
/// When the database fails.
pub async fn waiting(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<Message>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Message::COLUMNS,
        " FROM messages WHERE messages.message_id > $1 AND messages.sealed_body IS NOT NULL
          ORDER BY messages.message_id LIMIT $2"
    ))
    .bind(&after.to_owned())
    .bind(&limit)
    .all()
    .await
}

/// `false` when the message left meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn renew(tx: &mut Tx, before: &Message, sealed: &Sealed) -> Result<bool, Fault> {
    let renewed = tx
        .sql(sql!(
            "UPDATE messages SET sealed_body = $4
              WHERE project_id = $1 AND message_id = $2 AND sealed_body = $3"
        ))
        .bind(&before.project_id)
        .bind(&before.message_id)
        .bind(&before.sealed_body)
        .bind(sealed)
        .execute()
        .await?;
    Ok(renewed == 1)
}
