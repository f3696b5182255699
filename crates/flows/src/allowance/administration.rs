//! What the operator sees and sets: budgets of organizations, numbers that many share.

use super::{BudgetState, budgets};
use crate::{
    App, Result,
    projects::{self, document::Administrator},
};
use domain::{
    Refusal, Timestamp,
    audit::Action,
    id::ProjectId,
    phone::PhoneNumber,
    projects::{Project, sms::written},
};
use rand::RngCore;
use serde_json::json;
use store::{Conn, Tenant, members::shared_numbers, sms_budgets, sms_budgets::OwnBudget, tenant};

/// How far an organization and its project have used their budgets.
///
/// # Errors
/// `ProjectNotFound`, `OrganizationNotFound`.
pub async fn used(
    app: &App,
    (project, organization): (&ProjectId, &str),
    now: Timestamp,
) -> Result<Vec<BudgetState>> {
    let mut conn = app.db.read().await?;
    let (project, tenant) = find(&mut conn, project, organization).await?;
    budgets(app, &mut conn, (&project, &tenant), now).await
}

/// Gives an organization a budget of its own, or, with none, what the project sets for all.
///
/// # Errors
/// `ProjectNotFound`, `OrganizationNotFound`.
pub async fn set_own(
    app: &App,
    (project, organization): (&ProjectId, &str),
    own: Option<OwnBudget>,
    by: Administrator,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    let mut tx = app.db.write().await?;
    let (_, tenant) = find(&mut tx, project, organization).await?;
    match own {
        Some(own) => sms_budgets::set(&mut tx, &tenant, own, now).await?,
        None => sms_budgets::clear(&mut tx, &tenant).await?,
    }
    let mut event = projects::event(project, Action::SmsBudgetChanged, now, rng);
    event.organization_id = Some(tenant.organization_id().clone());
    let told = |it: fn(OwnBudget) -> Option<domain::money::Micros>| json!(own.map(|own| written(it(own))));
    event.details.0.insert("day".to_owned(), told(|it| it.day));
    event.details.0.insert("month".to_owned(), told(|it| it.month));
    by.sign(&mut event);
    store::audit::append(&mut tx, &event).await?;
    Ok(tx.commit().await?)
}

/// Numbers that more members confirmed than the project's setting says, at most 100, those of most first.
///
/// # Errors
/// `ProjectNotFound`.
pub async fn shared(app: &App, project: &ProjectId) -> Result<Vec<(PhoneNumber, i64)>> {
    let mut conn = app.db.read().await?;
    let found = store::projects::find(&mut conn, project).await?.ok_or(Refusal::ProjectNotFound)?;
    let most = i64::from(found.settings.sms.shared_number_members);
    Ok(shared_numbers::of_more_than(&mut conn, project, most).await?)
}

async fn find(conn: &mut Conn, project: &ProjectId, organization: &str) -> Result<(Project, Tenant)> {
    let project = store::projects::find(conn, project).await?.ok_or(Refusal::ProjectNotFound)?;
    let tenant = tenant::resolve(conn, &project.project_id, organization).await?;
    Ok((project, tenant.ok_or(Refusal::OrganizationNotFound)?))
}
