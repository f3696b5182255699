//! What texts of an organization may cost, and numbers that many members share.

use super::id;
use crate::{
    b2b::fields::filled,
    endpoint::{Administration, Routes, Tagged},
    error::Result,
};
use domain::{Refusal, projects::sms::amount};
use flows::{
    allowance::{BudgetState, administration},
    projects::document::Administrator,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::sms_budgets::OwnBudget;

const BUDGET: &str = "/admin/v1/projects/{project_id}/organizations/{organization_id}/sms_budget";

pub fn routes() -> Routes {
    Routes::new()
        .admin_get(BUDGET, budget)
        .admin_put(BUDGET, set_budget)
        .admin_get("/admin/v1/projects/{project_id}/shared_numbers", shared_numbers)
}

/// Says how far the budgets are used that a text of the organization draws on.
#[derive(Deserialize, JsonSchema)]
struct GetRequest {
    project_id: String,
    /// Id, slug or external id.
    organization_id: String,
}

#[derive(Serialize, JsonSchema)]
struct BudgetsResponse {
    /// Of all amounts; three letters of ISO 4217.
    currency: String,
    budgets: Vec<Budget>,
}

#[derive(Serialize, JsonSchema)]
pub struct Budget {
    /// `organization_budget` or `project_budget`.
    budget: &'static str,
    /// `day` or `month`, in UTC.
    window: &'static str,
    used: String,
    /// Null for no limit.
    limit: Option<String>,
}

impl From<BudgetState> for Budget {
    fn from(it: BudgetState) -> Self {
        Self {
            budget: it.subject.name(),
            window: it.window.name(),
            used: it.used.to_string(),
            limit: it.limit.map(|it| it.to_string()),
        }
    }
}

async fn budget(call: Administration, request: GetRequest) -> Result<Tagged<BudgetsResponse>> {
    let project = id(&request.project_id)?;
    let of = (&project, request.organization_id.as_str());
    let budgets = administration::used(&call.app, of, call.now).await?;
    let currency = call.app.prices.currency().to_owned();
    Ok(Tagged::plain(BudgetsResponse { currency, budgets: budgets.into_iter().map(Budget::from).collect() }))
}

/// Gives an organization a budget of its own. Without `day` and `month`, what the project sets for each organization
/// holds again.
#[derive(Deserialize, JsonSchema)]
struct PutRequest {
    project_id: String,
    organization_id: String,
    /// A decimal such as `12.50`, or `none` for no limit; left out beside `month`, no limit.
    day: Option<String>,
    /// The same.
    month: Option<String>,
}

async fn set_budget(mut call: Administration, request: PutRequest) -> Result<Tagged<BudgetsResponse>> {
    let project = id(&request.project_id)?;
    let of = (&project, request.organization_id.as_str());
    let read = |field, it: Option<String>| match filled(it) {
        Some(text) => amount(&text).map_err(|_| Refusal::InvalidArgument {
            field,
            reason: "a decimal such as 12.50, or none for no limit",
        }),
        None => Ok(None),
    };
    let is_own = request.day.is_some() || request.month.is_some();
    let own = OwnBudget { day: read("day", request.day)?, month: read("month", request.month)? };
    let by = Administrator::Token(call.token.id.clone());
    let own = is_own.then_some(own);
    administration::set_own(&call.app, of, own, by, (call.now, &mut call.rng)).await?;
    let again = GetRequest { project_id: request.project_id, organization_id: request.organization_id };
    budget(call, again).await
}

/// Lists numbers, masked, that more members confirmed than `sms.shared_number_members` says; at most 100.
#[derive(Deserialize, JsonSchema)]
struct SharedRequest {
    project_id: String,
}

#[derive(Serialize, JsonSchema)]
struct SharedResponse {
    numbers: Vec<Shared>,
}

#[derive(Serialize, JsonSchema)]
struct Shared {
    number: String,
    members: i64,
}

async fn shared_numbers(call: Administration, request: SharedRequest) -> Result<Tagged<SharedResponse>> {
    let all = administration::shared(&call.app, &id(&request.project_id)?).await?;
    let shown =
        |(number, members): (domain::phone::PhoneNumber, i64)| Shared { number: number.masked(), members };
    Ok(Tagged::plain(SharedResponse { numbers: all.into_iter().map(shown).collect() }))
}
