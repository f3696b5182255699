//! Passwords of an address, in every organization of a project, and the
//! counter of their wrong guesses.

use crate::db::{Conn, Fault, FromRow, RowReader, Tx, statement::sql};
use domain::{
    Timestamp,
    email::EmailAddress,
    id::{MemberPasswordId, ProjectId},
    locks::LockPolicy,
    passwords::PasswordHash,
};

#[derive(Debug, Clone)]
pub struct AddressPassword {
    pub password_id: MemberPasswordId,
    pub hash: PasswordHash,
    /// Good for nothing until it is reset by mail.
    pub must_reset: bool,
}

impl FromRow for AddressPassword {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        Ok(Self { password_id: row.take()?, hash: row.take()?, must_reset: row.take()? })
    }
}

/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut Conn,
    project: &ProjectId,
    email: &EmailAddress,
) -> Result<Option<AddressPassword>, Fault> {
    conn.sql(sql!(
        "SELECT password_id, hash, must_reset FROM address_passwords
          WHERE project_id = $1 AND email_canonical = $2"
    ))
    .bind(project)
    .bind(&email.canonical().to_owned())
    .optional()
    .await
}

/// Puts a password in place of the one before, if there was one; failures and locks are forgotten.
///
/// # Errors
/// When the database fails.
pub async fn set(
    tx: &mut Tx,
    project: &ProjectId,
    email: &EmailAddress,
    (id, hash): (&MemberPasswordId, &PasswordHash),
    now: Timestamp,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "INSERT INTO address_passwords (project_id, email_canonical, password_id, hash, must_reset, failures,
                                        created_at)
         VALUES ($1, $2, $3, $4, FALSE, 0, $5)
             ON CONFLICT (project_id, email_canonical)
             DO UPDATE SET password_id = excluded.password_id, hash = excluded.hash, must_reset = FALSE,
                           failures = 0, locked_at = NULL, locked_until = NULL, created_at = excluded.created_at"
    ))
    .bind(project)
    .bind(&email.canonical().to_owned())
    .bind(id)
    .bind(hash)
    .bind(&now)
    .execute()
    .await?;
    Ok(())
}

/// Puts a better hash of the same password in place of the one that was just verified.
///
/// # Errors
/// When the database fails.
pub async fn rehash(
    tx: &mut Tx,
    project: &ProjectId,
    email: &EmailAddress,
    (verified, better): (&PasswordHash, &PasswordHash),
) -> Result<bool, Fault> {
    let changed = tx
        .sql(sql!(
            "UPDATE address_passwords SET hash = $4
              WHERE project_id = $1 AND email_canonical = $2 AND hash = $3"
        ))
        .bind(project)
        .bind(&email.canonical().to_owned())
        .bind(verified)
        .bind(better)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// # Errors
/// When the database fails.
pub async fn require_reset(tx: &mut Tx, project: &ProjectId, email: &EmailAddress) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE address_passwords SET must_reset = TRUE WHERE project_id = $1 AND email_canonical = $2"
    ))
    .bind(project)
    .bind(&email.canonical().to_owned())
    .execute()
    .await?;
    Ok(())
}

/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, project: &ProjectId, email: &EmailAddress) -> Result<(), Fault> {
    tx.sql(sql!("DELETE FROM address_passwords WHERE project_id = $1 AND email_canonical = $2"))
        .bind(project)
        .bind(&email.canonical().to_owned())
        .execute()
        .await?;
    Ok(())
}

/// Counts a guess before it is compared: none when the password is locked,
/// otherwise whether a wrong one closes the lock. In a transaction of its own.
///
/// # Errors
/// When the database fails.
pub async fn reserve_guess(
    tx: &mut Tx,
    project: &ProjectId,
    email: &EmailAddress,
    policy: LockPolicy,
    now: Timestamp,
) -> Result<Option<bool>, Fault> {
    tx.sql(sql!(
        "UPDATE address_passwords SET failures = 0, locked_at = NULL, locked_until = NULL
          WHERE project_id = $1 AND email_canonical = $2 AND locked_until <= $3"
    ))
    .bind(project)
    .bind(&email.canonical().to_owned())
    .bind(&now)
    .execute()
    .await?;
    let failures: Option<i64> = tx
        .sql(sql!(
            "UPDATE address_passwords SET failures = failures + 1
              WHERE project_id = $1 AND email_canonical = $2 AND locked_until IS NULL RETURNING failures"
        ))
        .bind(project)
        .bind(&email.canonical().to_owned())
        .optional()
        .await?;
    let Some(failures) = failures else { return Ok(None) };
    let closes = failures >= i64::from(policy.threshold);
    if closes {
        tx.sql(sql!(
            "UPDATE address_passwords SET locked_at = $3, locked_until = $4
              WHERE project_id = $1 AND email_canonical = $2"
        ))
        .bind(project)
        .bind(&email.canonical().to_owned())
        .bind(&now)
        .bind(&now.plus(policy.span()))
        .execute()
        .await?;
    }
    Ok(Some(closes))
}

/// Forgets the wrong guesses.
///
/// # Errors
/// When the database fails.
pub async fn clear_guesses(tx: &mut Tx, project: &ProjectId, email: &EmailAddress) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE address_passwords SET failures = 0, locked_at = NULL, locked_until = NULL
          WHERE project_id = $1 AND email_canonical = $2"
    ))
    .bind(project)
    .bind(&email.canonical().to_owned())
    .execute()
    .await?;
    Ok(())
}

/// Whether a project has passwords, of members or of addresses.
///
/// # Errors
/// When the database fails.
pub async fn any_in(conn: &mut Conn, project: &ProjectId) -> Result<bool, Fault> {
    let of_members: Option<MemberPasswordId> = conn
        .sql(sql!("SELECT password_id FROM passwords WHERE project_id = $1 LIMIT 1"))
        .bind(project)
        .optional()
        .await?;
    let of_addresses: Option<MemberPasswordId> = conn
        .sql(sql!("SELECT password_id FROM address_passwords WHERE project_id = $1 LIMIT 1"))
        .bind(project)
        .optional()
        .await?;
    Ok(of_members.is_some() || of_addresses.is_some())
}
