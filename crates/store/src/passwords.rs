//! Passwords, and the counter of their wrong guesses.

use crate::{
    Tenant,
    db::{Conn, Fault, Tx, statement::sql},
};
use domain::{
    Timestamp,
    id::{MemberId, MemberPasswordId},
    locks::LockPolicy,
    passwords::PasswordHash,
};

/// A member's password, with the id that outlives a better hash of it.
///
/// # Errors
/// When the database fails.
pub async fn find_with_id(
    conn: &mut Conn,
    tenant: &Tenant,
    member: &MemberId,
) -> Result<Option<(MemberPasswordId, PasswordHash)>, Fault> {
    conn.sql(sql!(
        "SELECT password_id, hash FROM passwords
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(member)
    .optional()
    .await
}

/// `false` when the member has one.
///
/// # Errors
/// When the database fails.
pub async fn create(
    tx: &mut Tx,
    tenant: &Tenant,
    member: &MemberId,
    (id, hash): (&MemberPasswordId, &PasswordHash),
    now: Timestamp,
) -> Result<bool, Fault> {
    let created = tx
        .sql(sql!(
            "INSERT INTO passwords (organization_id, member_id, project_id, password_id, hash, created_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"
        ))
        .bind(tenant.organization_id())
        .bind(member)
        .bind(tenant.project_id())
        .bind(id)
        .bind(hash)
        .bind(&now)
        .execute()
        .await?;
    Ok(created == 1)
}

/// Puts a password in place of the one before, if there was one, under an id of its own.
///
/// # Errors
/// When the database fails.
pub async fn set(
    tx: &mut Tx,
    tenant: &Tenant,
    member: &MemberId,
    (id, hash): (&MemberPasswordId, &PasswordHash),
    now: Timestamp,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "INSERT INTO passwords (organization_id, member_id, project_id, password_id, hash, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (organization_id, member_id)
             DO UPDATE SET password_id = excluded.password_id, hash = excluded.hash, created_at = excluded.created_at"
    ))
    .bind(tenant.organization_id())
    .bind(member)
    .bind(tenant.project_id())
    .bind(id)
    .bind(hash)
    .bind(&now)
    .execute()
    .await?;
    Ok(())
}

/// Puts a better hash of the same password in place of the one that was just
/// verified; nothing happens if it changed meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn rehash(
    tx: &mut Tx,
    tenant: &Tenant,
    member: &MemberId,
    (verified, better): (&PasswordHash, &PasswordHash),
) -> Result<bool, Fault> {
    let changed = tx
        .sql(sql!(
            "UPDATE passwords SET hash = $5
              WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND hash = $4"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(member)
        .bind(verified)
        .bind(better)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, tenant: &Tenant, member: &MemberId) -> Result<bool, Fault> {
    let deleted = tx
        .sql(sql!("DELETE FROM passwords WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(member)
        .execute()
        .await?;
    Ok(deleted == 1)
}

/// Counts a guess before it is compared; `false` when the passwords of the
/// member are locked. In a transaction of its own, committed before hashing:
/// hashing is slow.
///
/// # Errors
/// When the database fails.
pub async fn reserve_guess(
    tx: &mut Tx,
    tenant: &Tenant,
    member: &MemberId,
    policy: LockPolicy,
    now: Timestamp,
) -> Result<bool, Fault> {
    let reserved = tx
        .sql(sql!(
            "UPDATE members
                SET password_failures = CASE WHEN password_locked_until <= $4 THEN 1 ELSE password_failures + 1 END,
                    password_locked_at =
                        CASE WHEN (CASE WHEN password_locked_until <= $4 THEN 1 ELSE password_failures + 1 END)
                                  >= $5 THEN $4 ELSE NULL END,
                    password_locked_until =
                        CASE WHEN (CASE WHEN password_locked_until <= $4 THEN 1 ELSE password_failures + 1 END)
                                  >= $5 THEN $6 ELSE NULL END
              WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND status <> 'deleted'
                AND (password_locked_until IS NULL OR password_locked_until <= $4)"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(member)
        .bind(&now)
        .bind(&i64::from(policy.threshold))
        .bind(&now.plus(policy.span()))
        .execute()
        .await?;
    Ok(reserved == 1)
}

/// Forgets the wrong guesses: the password was right, or an administrator says so.
///
/// # Errors
/// When the database fails.
pub async fn clear_guesses(tx: &mut Tx, tenant: &Tenant, member: &MemberId) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE members SET password_failures = 0, password_locked_at = NULL, password_locked_until = NULL
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(member)
    .execute()
    .await?;
    Ok(())
}
