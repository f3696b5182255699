//! The one counter over all codes of an address (decision 13). It begins with
//! the first code sent there: where nothing was sent, nothing can be guessed.

use crate::db::{Conn, Fault, Tx, statement::sql};
use domain::{Timestamp, email::EmailAddress, id::ProjectId, locks::LockPolicy};

/// What became of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserved {
    /// Counted. `closes` says that this guess closed the lock; a right one opens it again.
    Counted { closes: bool },
    /// The address is locked: nothing was counted and nothing may be compared.
    Locked,
    /// No code was ever sent there.
    NothingSent,
}

/// Prepares the counter for a new code and keeps what it counted. `false`
/// while the address is locked. Queues senders and guessers on one row.
///
/// # Errors
/// When the database fails.
pub async fn begin(
    tx: &mut Tx,
    project: &ProjectId,
    address: &EmailAddress,
    now: Timestamp,
) -> Result<bool, Fault> {
    let begun = tx
        .sql(sql!(
            "INSERT INTO email_code_guards (project_id, email_address, failures, sent_at) VALUES ($1, $2, 0, $3)
             ON CONFLICT (project_id, email_address)
             DO UPDATE SET sent_at = $3
                WHERE email_code_guards.locked_until IS NULL OR email_code_guards.locked_until <= $3"
        ))
        .bind(project)
        .bind(&address.in_canonical_form())
        .bind(&now)
        .execute()
        .await?;
    Ok(begun == 1)
}

/// Counts a guess before it is compared; it queues all guesses at the address,
/// on every node. An expired lock begins the count anew.
///
/// # Errors
/// When the database fails.
pub async fn reserve(
    tx: &mut Tx,
    project: &ProjectId,
    address: &EmailAddress,
    policy: LockPolicy,
    now: Timestamp,
) -> Result<Reserved, Fault> {
    let counted: Option<Option<Timestamp>> = tx
        .sql(sql!(
            "UPDATE email_code_guards
                SET failures = CASE WHEN locked_until <= $3 THEN 1 ELSE failures + 1 END,
                    locked_until = CASE WHEN (CASE WHEN locked_until <= $3 THEN 1 ELSE failures + 1 END)
                                             >= CAST($4 AS BIGINT) THEN CAST($5 AS BIGINT) END
              WHERE project_id = $1 AND email_address = $2 AND (locked_until IS NULL OR locked_until <= $3)
          RETURNING locked_until"
        ))
        .bind(project)
        .bind(&address.in_canonical_form())
        .bind(&now)
        .bind(&i64::from(policy.threshold))
        .bind(&now.plus(policy.span()))
        .optional()
        .await?;
    match counted {
        Some(locked_until) => Ok(Reserved::Counted { closes: locked_until.is_some() }),
        None if exists(tx, project, address).await? => Ok(Reserved::Locked),
        None => Ok(Reserved::NothingSent),
    }
}

/// Forgets the failures: the address was proved.
///
/// # Errors
/// When the database fails.
pub async fn clear(tx: &mut Tx, project: &ProjectId, address: &EmailAddress) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE email_code_guards SET failures = 0, locked_until = NULL
          WHERE project_id = $1 AND email_address = $2"
    ))
    .bind(project)
    .bind(&address.in_canonical_form())
    .execute()
    .await?;
    Ok(())
}

async fn exists(conn: &mut Conn, project: &ProjectId, address: &EmailAddress) -> Result<bool, Fault> {
    let found: Option<i64> = conn
        .sql(sql!("SELECT failures FROM email_code_guards WHERE project_id = $1 AND email_address = $2"))
        .bind(project)
        .bind(&address.in_canonical_form())
        .optional()
        .await?;
    Ok(found.is_some())
}
