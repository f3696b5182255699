//! Inviting a member who was never in.

use crate::{
    Tenant,
    db::{Fault, Tx, statement::sql},
};
use domain::id::MemberId;

/// A pending member is invited from now on; the caller holds the lock.
///
/// # Errors
/// When the database fails.
pub async fn invite(tx: &mut Tx, tenant: &Tenant, id: &MemberId) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE members SET status = 'invited'
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND status = 'pending'"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .execute()
    .await?;
    Ok(())
}
