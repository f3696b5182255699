//! The one counter over all second factors of a member (decision 13).

use crate::{
    Tenant,
    db::{Fault, Table, Tx, statement::sql},
};
use domain::{
    Timestamp,
    id::MemberId,
    locks::{DISABLED_AT, LockPolicy},
    members::Member,
};

/// Counts a guess before it is compared, and reads the member as it is now.
/// Nobody when the member is locked: nothing was counted and nothing may be
/// compared. The first statement of its transaction: it queues all guesses
/// on the member's row, on every node.
///
/// The guess that reaches the threshold closes the lock; if it turns out
/// right, [`clear`] opens it again in the same transaction.
///
/// # Errors
/// When the database fails.
pub async fn reserve(
    tx: &mut Tx,
    tenant: &Tenant,
    id: &MemberId,
    policy: LockPolicy,
    now: Timestamp,
) -> Result<Option<Member>, Fault> {
    tx.sql(sql!(
        "UPDATE members
            SET second_factor_failures_total = second_factor_failures_total + 1,
                second_factor_failures =
                    CASE WHEN second_factor_locked_until <= $4 THEN 1 ELSE second_factor_failures + 1 END,
                second_factor_locked_at =
                    CASE WHEN (CASE WHEN second_factor_locked_until <= $4 THEN 1 ELSE second_factor_failures + 1 END)
                              >= $5 OR second_factor_failures_total + 1 >= $7 THEN $4 ELSE NULL END,
                second_factor_locked_until =
                    CASE WHEN (CASE WHEN second_factor_locked_until <= $4 THEN 1 ELSE second_factor_failures + 1 END)
                              >= $5 OR second_factor_failures_total + 1 >= $7 THEN $6 ELSE NULL END
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3 AND status = 'active'
            AND (second_factor_locked_until IS NULL OR second_factor_locked_until <= $4)
            AND second_factor_failures_total < $7
      RETURNING ",
        Member::COLUMNS
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .bind(&now)
    .bind(&i64::from(policy.threshold))
    .bind(&now.plus(policy.span()))
    .bind(&DISABLED_AT)
    .optional()
    .await
}

/// Forgets the failures: a second factor was completed, or an administrator says so.
///
/// # Errors
/// When the database fails.
pub async fn clear(tx: &mut Tx, tenant: &Tenant, id: &MemberId) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE members
            SET second_factor_failures = 0, second_factor_failures_total = 0,
                second_factor_locked_at = NULL, second_factor_locked_until = NULL
          WHERE project_id = $1 AND organization_id = $2 AND member_id = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(id)
    .execute()
    .await?;
    Ok(())
}
