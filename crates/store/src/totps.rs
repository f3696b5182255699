//! Authenticator apps: at most one registration a member, pending or active.

use crate::{
    Tenant,
    columns::table,
    db::{Column, Conn, Fault, FromRow, RowReader, Table, Tx, Value, statement::sql},
};
use domain::{
    Timestamp,
    digest::Digest,
    email::EmailAddress,
    id::{MemberId, MemberSessionId, OrganizationId, ProjectId, TotpRegistrationId},
    sealing::Sealed,
};

#[derive(Debug, Clone)]
pub struct Totp {
    pub organization_id: OrganizationId,
    pub member_id: MemberId,
    pub project_id: ProjectId,
    pub totp_registration_id: TotpRegistrationId,
    pub sealed_secret: Sealed,
    pub is_active: bool,
    /// What created a pending registration; it dies with it (decision 3).
    pub made_with_intermediate: Option<Digest>,
    pub made_with_session: Option<MemberSessionId>,
    /// When a pending registration lapses.
    pub expires_at: Timestamp,
    /// The last step that was accepted; none before it is again.
    pub last_step: i64,
    pub created_at: Timestamp,
}

table!(Totp = "totps" {
    organization_id, member_id, project_id, totp_registration_id, sealed_secret, is_active, made_with_intermediate,
    made_with_session, expires_at, last_step, created_at,
});

/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Conn, tenant: &Tenant, member: &MemberId) -> Result<Option<Totp>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Totp::COLUMNS,
        " FROM totps WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(member)
    .optional()
    .await
}

/// Development only, and a scan of everybody: the registrations of all members,
/// with the member's address and the organization's name, in the order they
/// were made. Pending ones past their time are left out.
///
/// # Errors
/// When the database fails.
pub async fn all_for_development(
    conn: &mut Conn,
    now: Timestamp,
) -> Result<Vec<(Totp, EmailAddress, String)>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Totp::COLUMNS,
        ", members.email_address, organizations.name FROM totps
           JOIN members ON members.organization_id = totps.organization_id AND members.member_id = totps.member_id
           JOIN organizations ON organizations.organization_id = totps.organization_id
          WHERE (totps.is_active = TRUE OR totps.expires_at > $1)
            AND members.status <> 'deleted' AND organizations.deleted_at IS NULL
          ORDER BY totps.created_at, totps.member_id"
    ))
    .bind(&now)
    .all()
    .await
}

/// Puts a registration in place of none or of a pending one; `false` when an
/// active one is there.
///
/// # Errors
/// When the database fails.
pub async fn replace_pending(tx: &mut Tx, tenant: &Tenant, it: &Totp) -> Result<bool, Fault> {
    let replaced = tx
        .sql(sql!(
            "INSERT INTO totps (organization_id, member_id, project_id, totp_registration_id, sealed_secret, is_active,
                                made_with_intermediate, made_with_session, expires_at, last_step, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (organization_id, member_id)
             DO UPDATE SET totp_registration_id = $4, sealed_secret = $5, is_active = $6, made_with_intermediate = $7,
                           made_with_session = $8, expires_at = $9, last_step = $10, created_at = $11
                     WHERE totps.is_active = FALSE"
        ))
        .bind(tenant.organization_id())
        .bind(&it.member_id)
        .bind(tenant.project_id())
        .bind(&it.totp_registration_id)
        .bind(&it.sealed_secret)
        .bind(&it.is_active)
        .bind(&it.made_with_intermediate)
        .bind(&it.made_with_session)
        .bind(&it.expires_at)
        .bind(&it.last_step)
        .bind(&it.created_at)
        .execute()
        .await?;
    Ok(replaced == 1)
}

/// Spends a step and makes a pending registration active. Of any number of
/// callers with one step, at most one gets `true`; earlier steps are dead too.
///
/// # Errors
/// When the database fails.
pub async fn spend_step(
    tx: &mut Tx,
    tenant: &Tenant,
    member: &MemberId,
    (registration, step): (&TotpRegistrationId, i64),
) -> Result<bool, Fault> {
    let spent = tx
        .sql(sql!(
            "UPDATE totps SET last_step = $5, is_active = TRUE
              WHERE project_id = $1 AND organization_id = $2 AND member_id = $3
                AND totp_registration_id = $4 AND last_step < $5"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(member)
        .bind(registration)
        .bind(&step)
        .execute()
        .await?;
    Ok(spent == 1)
}

/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, tenant: &Tenant, member: &MemberId) -> Result<(), Fault> {
    tx.sql(sql!("DELETE FROM totps WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(member)
        .execute()
        .await?;
    Ok(())
}

/// Ends a registration that was not confirmed, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn delete_pending(tx: &mut Tx, tenant: &Tenant, member: &MemberId) -> Result<bool, Fault> {
    let deleted = tx
        .sql(sql!(
            "DELETE FROM totps
              WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND is_active = FALSE"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(member)
        .execute()
        .await?;
    Ok(deleted == 1)
}
