//! Budgets that an administrator set for single organizations.

use crate::{
    Tenant,
    db::{Conn, Fault, Tx, statement::sql},
};
use domain::{Timestamp, money::Micros};

/// What an organization may spend; none for no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnBudget {
    pub day: Option<Micros>,
    pub month: Option<Micros>,
}

/// The organization's own budget, if it has one.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut Conn, tenant: &Tenant) -> Result<Option<OwnBudget>, Fault> {
    let found = conn
        .sql(sql!(
            "SELECT budget_day, budget_month FROM sms_budgets WHERE project_id = $1 AND organization_id = $2"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .optional::<(Option<i64>, Option<i64>)>()
        .await?;
    Ok(found.map(|(day, month)| OwnBudget { day: day.map(Micros::new), month: month.map(Micros::new) }))
}

/// Sets it in place of any there was.
///
/// # Errors
/// When the database fails.
pub async fn set(tx: &mut Tx, tenant: &Tenant, budget: OwnBudget, now: Timestamp) -> Result<(), Fault> {
    tx.sql(sql!(
        "INSERT INTO sms_budgets (project_id, organization_id, budget_day, budget_month, updated_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (project_id, organization_id)
         DO UPDATE SET budget_day = excluded.budget_day, budget_month = excluded.budget_month,
                       updated_at = excluded.updated_at"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(&budget.day.map(Micros::get))
    .bind(&budget.month.map(Micros::get))
    .bind(&now)
    .execute()
    .await?;
    Ok(())
}

/// Takes it away; the project's for all holds again.
///
/// # Errors
/// When the database fails.
pub async fn clear(tx: &mut Tx, tenant: &Tenant) -> Result<(), Fault> {
    tx.sql(sql!("DELETE FROM sms_budgets WHERE project_id = $1 AND organization_id = $2"))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .execute()
        .await?;
    Ok(())
}
