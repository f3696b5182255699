//! Addresses that members are about to change to: one a member, closed to
//! others until it expires.

use crate::{
    Tenant,
    db::{Conn, Fault, FromRow, RowReader, Tx, statement::sql},
};
use domain::{
    Timestamp,
    email::EmailAddress,
    id::{EmailId, MemberId},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailUpdate {
    pub member_id: MemberId,
    /// Of the address, once it is the member's.
    pub email_id: EmailId,
    /// As it was given.
    pub email_address: EmailAddress,
}

impl FromRow for EmailUpdate {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        Ok(Self { member_id: row.take()?, email_id: row.take()?, email_address: row.take()? })
    }
}

/// Reserves the address for the member, in place of an earlier wish of theirs
/// or of anybody's that has expired. `false` when it is another member's.
///
/// # Errors
/// When the database fails.
pub async fn begin(
    tx: &mut Tx,
    tenant: &Tenant,
    it: &EmailUpdate,
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<bool, Fault> {
    end_all_of(tx, tenant, &it.member_id).await?;
    let begun = tx
        .sql(sql!(
            "INSERT INTO email_updates (organization_id, email_canonical, project_id, member_id, email_id,
                                        email_address, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (organization_id, email_canonical)
             DO UPDATE SET member_id = $4, email_id = $5, email_address = $6, expires_at = $7
                WHERE email_updates.expires_at <= $8"
        ))
        .bind(tenant.organization_id())
        .bind(&it.email_address.canonical().to_owned())
        .bind(tenant.project_id())
        .bind(&it.member_id)
        .bind(&it.email_id)
        .bind(&it.email_address)
        .bind(&expires_at)
        .bind(&now)
        .execute()
        .await?;
    Ok(begun == 1)
}

/// The live wish for an address.
///
/// # Errors
/// When the database fails.
pub async fn by_address(
    conn: &mut Conn,
    tenant: &Tenant,
    address: &EmailAddress,
    now: Timestamp,
) -> Result<Option<EmailUpdate>, Fault> {
    conn.sql(sql!(
        "SELECT member_id, email_id, email_address FROM email_updates
          WHERE project_id = $1 AND organization_id = $2 AND email_canonical = $3 AND expires_at > $4"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(&address.canonical().to_owned())
    .bind(&now)
    .optional()
    .await
}

/// The live wish of a member.
///
/// # Errors
/// When the database fails.
pub async fn of(
    conn: &mut Conn,
    tenant: &Tenant,
    member: &MemberId,
    now: Timestamp,
) -> Result<Option<EmailUpdate>, Fault> {
    conn.sql(sql!(
        "SELECT member_id, email_id, email_address FROM email_updates
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND expires_at > $4"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(member)
    .bind(&now)
    .optional()
    .await
}

/// Releases what the member was about to take.
///
/// # Errors
/// When the database fails.
pub async fn end_all_of(tx: &mut Tx, tenant: &Tenant, member: &MemberId) -> Result<(), Fault> {
    tx.sql(sql!(
        "DELETE FROM email_updates WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(member)
    .execute()
    .await?;
    Ok(())
}
