//! Codes sent by e-mail: one live one per address of a project.

use crate::{
    Tenant,
    db::{Conn, Fault, Tx, statement::sql},
    passcodes::Guess,
};
use domain::{
    Timestamp,
    digest::Digest,
    email::EmailAddress,
    id::{MemberId, OrganizationId, ProjectId},
    locks::GUESSES_PER_PASSCODE,
};

/// A code on its way.
pub struct EmailCode<'a> {
    pub address: &'a EmailAddress,
    /// Whom it is bound to; nobody before an organization is chosen.
    pub member: Option<(&'a OrganizationId, &'a MemberId)>,
    pub digest: &'a Digest,
    pub expires_at: Timestamp,
}

/// Puts a new code in place of any earlier one of the address, whatever that
/// one was sent for.
///
/// # Errors
/// When the database fails.
pub async fn replace(
    tx: &mut Tx,
    project: &ProjectId,
    it: EmailCode<'_>,
    now: Timestamp,
) -> Result<(), Fault> {
    let (organization, member) = it.member.unzip();
    tx.sql(sql!(
        "INSERT INTO email_codes (project_id, email_address, organization_id, member_id, code_digest, guesses,
                                  created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6, $7)
         ON CONFLICT (project_id, email_address)
         DO UPDATE SET organization_id = $3, member_id = $4, code_digest = $5, guesses = 0, created_at = $6,
                       expires_at = $7, spent_at = NULL"
    ))
    .bind(project)
    .bind(&it.address.in_canonical_form())
    .bind(&organization.cloned())
    .bind(&member.cloned())
    .bind(it.digest)
    .bind(&now)
    .bind(&it.expires_at)
    .execute()
    .await?;
    Ok(())
}

/// Which version of the server key the digest of the address's code is under.
///
/// # Errors
/// When the database fails.
pub async fn key_version(
    conn: &mut Conn,
    project: &ProjectId,
    address: &EmailAddress,
) -> Result<Option<u32>, Fault> {
    let digest: Option<Digest> = conn
        .sql(sql!("SELECT code_digest FROM email_codes WHERE project_id = $1 AND email_address = $2"))
        .bind(project)
        .bind(&address.in_canonical_form())
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
    project: &ProjectId,
    (address, digest): (&EmailAddress, &Digest),
    now: Timestamp,
) -> Result<Guess, Fault> {
    let counted: Option<Option<Timestamp>> = tx
        .sql(sql!(
            "UPDATE email_codes
                SET guesses = guesses + 1, spent_at = CASE WHEN code_digest = $3 THEN CAST($4 AS BIGINT) END
              WHERE project_id = $1 AND email_address = $2
                AND spent_at IS NULL AND expires_at > $4 AND guesses < $5
          RETURNING spent_at"
        ))
        .bind(project)
        .bind(&address.in_canonical_form())
        .bind(digest)
        .bind(&now)
        .bind(&GUESSES_PER_PASSCODE)
        .optional()
        .await?;
    match counted {
        Some(Some(_)) => Ok(Guess::Right),
        None if exists(tx, project, address).await? => Ok(Guess::Dead),
        Some(None) | None => Ok(Guess::Wrong),
    }
}

/// Ends the codes that are bound to a member.
///
/// # Errors
/// When the database fails.
pub async fn end_all_of(
    tx: &mut Tx,
    tenant: &Tenant,
    member: &MemberId,
    now: Timestamp,
) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE email_codes SET spent_at = $4
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND spent_at IS NULL"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(member)
    .bind(&now)
    .execute()
    .await?;
    Ok(())
}

async fn exists(conn: &mut Conn, project: &ProjectId, address: &EmailAddress) -> Result<bool, Fault> {
    let found: Option<Timestamp> = conn
        .sql(sql!("SELECT expires_at FROM email_codes WHERE project_id = $1 AND email_address = $2"))
        .bind(project)
        .bind(&address.in_canonical_form())
        .optional()
        .await?;
    Ok(found.is_some())
}
