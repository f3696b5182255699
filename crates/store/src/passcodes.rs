//! Passcodes sent by text message: one live one a member.

use crate::{
    Tenant,
    db::{Conn, Fault, Tx, statement::sql},
};
use domain::{
    Timestamp,
    digest::Digest,
    factors::sms_otp::LIFETIME,
    id::{MemberId, PhoneId},
    locks::GUESSES_PER_PASSCODE,
};

/// What became of a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guess {
    /// Right, and spent now.
    Right,
    Wrong,
    /// The code was used, has expired or was guessed too often; nothing was compared.
    Dead,
}

/// Puts a new code in place of any earlier one.
///
/// # Errors
/// When the database fails.
pub async fn replace(
    tx: &mut Tx,
    tenant: &Tenant,
    member: &MemberId,
    (phone, digest): (&PhoneId, &Digest),
    now: Timestamp,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "INSERT INTO passcodes (organization_id, member_id, project_id, code_digest, phone_id, guesses, created_at,
                                expires_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6, $7)
         ON CONFLICT (organization_id, member_id)
         DO UPDATE SET code_digest = $4, phone_id = $5, guesses = 0, created_at = $6, expires_at = $7, spent_at = NULL"
    ))
    .bind(tenant.organization_id())
    .bind(member)
    .bind(tenant.project_id())
    .bind(digest)
    .bind(phone)
    .bind(&now)
    .bind(&now.plus(LIFETIME))
    .execute()
    .await?;
    Ok(())
}

/// Which version of the server key the digest of the member's code is under.
///
/// # Errors
/// When the database fails.
pub async fn key_version(conn: &mut Conn, tenant: &Tenant, member: &MemberId) -> Result<Option<u32>, Fault> {
    let digest: Option<Digest> = conn
        .sql(sql!(
            "SELECT code_digest FROM passcodes WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(member)
        .optional()
        .await?;
    Ok(digest.map(|it| it.key_version()))
}

/// Counts, compares and spends in one statement. Of any number of concurrent
/// callers, at most one is told `Right`. Commit before acting on the answer.
///
/// # Errors
/// When the database fails.
pub async fn guess(
    tx: &mut Tx,
    tenant: &Tenant,
    member: &MemberId,
    digest: &Digest,
    now: Timestamp,
) -> Result<Guess, Fault> {
    let counted: Option<Option<Timestamp>> = tx
        .sql(sql!(
            "UPDATE passcodes
                SET guesses = guesses + 1, spent_at = CASE WHEN code_digest = $4 THEN $5 END
              WHERE project_id = $1 AND organization_id = $2 AND member_id = $3
                AND spent_at IS NULL AND expires_at > $5 AND guesses < $6
          RETURNING spent_at"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(member)
        .bind(digest)
        .bind(&now)
        .bind(&GUESSES_PER_PASSCODE)
        .optional()
        .await?;
    match counted {
        Some(Some(_)) => Ok(Guess::Right),
        None if exists(tx, tenant, member).await? => Ok(Guess::Dead),
        Some(None) | None => Ok(Guess::Wrong),
    }
}

/// Takes a member's code away.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, tenant: &Tenant, member: &MemberId) -> Result<(), Fault> {
    tx.sql(sql!("DELETE FROM passcodes WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(member)
        .execute()
        .await?;
    Ok(())
}

async fn exists(conn: &mut Conn, tenant: &Tenant, member: &MemberId) -> Result<bool, Fault> {
    let found: Option<PhoneId> = conn
        .sql(sql!(
            "SELECT phone_id FROM passcodes WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(member)
        .optional()
        .await?;
    Ok(found.is_some())
}
