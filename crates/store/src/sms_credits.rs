//! The credit of unverified codes, per organization and country.

use crate::{
    Tenant,
    db::{Fault, Tx, statement::sql},
};
use domain::{Timestamp, phone::Country, sms_credit::Credit};

/// What is left, with the row locked until the end of the transaction; made as
/// it is for a first code where there is none.
///
/// # Errors
/// When the database fails.
pub async fn hold(tx: &mut Tx, tenant: &Tenant, country: Country, first: Credit) -> Result<Credit, Fault> {
    let (left, at) = tx
        .sql(sql!(
            "INSERT INTO sms_credits (project_id, organization_id, country, credit_left, credit_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (project_id, organization_id, country)
             DO UPDATE SET credit_left = sms_credits.credit_left
             RETURNING credit_left, credit_at"
        ))
        .bind(tenant.project_id())
        .bind(tenant.organization_id())
        .bind(&country.to_string())
        .bind(&first.left)
        .bind(&first.at)
        .optional::<(i64, Timestamp)>()
        .await?
        .unwrap_or((first.left, first.at));
    Ok(Credit { left, at })
}

/// Writes what is left, by whoever holds it.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &mut Tx, tenant: &Tenant, country: Country, credit: Credit) -> Result<(), Fault> {
    tx.sql(sql!(
        "UPDATE sms_credits SET credit_left = $4, credit_at = $5
          WHERE project_id = $1 AND organization_id = $2 AND country = $3"
    ))
    .bind(tenant.project_id())
    .bind(tenant.organization_id())
    .bind(&country.to_string())
    .bind(&credit.left)
    .bind(&credit.at)
    .execute()
    .await?;
    Ok(())
}
