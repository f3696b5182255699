//! What a project's texts cost, in parts, for holders of an admin token.

use super::{id, sms::Budget};
use crate::{
    endpoint::{Administration, Routes, Tagged},
    error::Result,
};
use domain::{Refusal, messages::SpendBy, sms_spend::Sums};
use flows::allowance::spend::{self, Asked, Line, MOST, Report};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::str::FromStr;
use store::messages::spend::Page;

/// Parts on a page where no number is asked for.
const USUAL: i64 = 50;

pub fn routes() -> Routes {
    Routes::new().admin_get("/admin/v1/projects/{project_id}/sms_spend", report)
}

/// Says what a project's texts cost that were handed over in a time: the sum of the attempts that a provider took, or
/// may have taken. Of organizations that were erased, sums a day are left.
#[derive(Deserialize, JsonSchema)]
struct SpendRequest {
    project_id: String,
    /// RFC 3339; attempts at or after it. The beginning of the month, in UTC, unless said.
    from: Option<String>,
    /// RFC 3339; attempts before it, at most 366 days later. The end of this month unless said.
    to: Option<String>,
    /// organization, country, provider, purpose or day; organization unless said.
    group: Option<String>,
    /// From the answer before.
    cursor: Option<String>,
    /// 1 to 100; 50 unless said.
    #[serde(default, deserialize_with = "count")]
    #[schemars(with = "Option<u32>")]
    limit: Option<i64>,
}

/// A report, as the admin API and `vestibule sms spend --json` write it.
#[derive(Serialize, JsonSchema)]
pub struct SpendResponse {
    /// Of all amounts; three letters of ISO 4217.
    currency: String,
    /// RFC 3339.
    from: String,
    to: String,
    group: &'static str,
    /// Of the whole time, whatever the page holds.
    total: Spent,
    /// The dearest first; days in their order.
    groups: Vec<Group>,
    /// Where the next page begins; null after the last.
    next_cursor: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Group {
    /// An organization's id, a country (empty where there is none), a provider, a purpose or a day such as 2026-02-28.
    key: String,
    #[serde(flatten)]
    spent: Spent,
    /// Of an organization that is there.
    slug: Option<String>,
    /// How far the organization has used its budgets by now, whatever time the report is of.
    budgets: Option<Vec<Budget>>,
}

#[derive(Serialize, JsonSchema)]
struct Spent {
    /// That a provider took, or may have taken.
    messages: i64,
    /// That are charged; a message that failed over may have several.
    attempts: i64,
    /// Messages whose code was entered.
    verified: i64,
    spent: String,
    /// What a code that was entered cost; null without one.
    per_verified: Option<String>,
}

async fn report(call: Administration, request: SpendRequest) -> Result<Tagged<SpendResponse>> {
    let project = id(&request.project_id)?;
    let by = parsed("group", "organization, country, provider, purpose or day", request.group.as_deref())?;
    let by = by.unwrap_or(SpendBy::Organization);
    let limit = request.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Refusal::InvalidArgument { field: "limit", reason: "1 to 100" }.into());
    }
    let after = request.cursor.as_deref().filter(|it| !it.is_empty()).map(place).transpose()?;
    let asked = Asked {
        from: parsed("from", "a time as RFC 3339 writes it", request.from.as_deref())?,
        to: parsed("to", "a time as RFC 3339 writes it", request.to.as_deref())?,
        by,
        page: Page { after, limit },
    };
    let found = spend::report(&call.app, &project, &asked, call.now).await?;
    Ok(Tagged::plain(SpendResponse::new(call.app.prices.currency(), by, found)))
}

impl SpendResponse {
    pub fn new(currency: &str, by: SpendBy, report: Report) -> Self {
        Self {
            currency: currency.to_owned(),
            from: report.from.to_string(),
            to: report.to.to_string(),
            group: by.as_str(),
            total: report.whole.into(),
            groups: report.lines.into_iter().map(Group::from).collect(),
            next_cursor: report.next.map(|(rank, name)| format!("{rank}.{name}")),
        }
    }
}

impl From<Line> for Group {
    fn from(Line { of, sums, organization }: Line) -> Self {
        let (slug, budgets) = organization.map(|it| (it.slug, it.budgets)).unzip();
        let budgets = budgets.map(|it| it.into_iter().map(Budget::from).collect());
        Self { key: of, spent: sums.into(), slug, budgets }
    }
}

impl From<Sums> for Spent {
    fn from(it: Sums) -> Self {
        Self {
            messages: it.messages,
            attempts: it.attempts,
            verified: it.verified,
            spent: it.spent.to_string(),
            per_verified: it.per_verified().map(|it| it.to_string()),
        }
    }
}

fn place(cursor: &str) -> Result<(i64, String)> {
    let read = cursor.split_once('.').and_then(|(rank, name)| Some((rank.parse().ok()?, name.to_owned())));
    let reason = "it was not given out by this report";
    Ok(read.ok_or(Refusal::InvalidArgument { field: "cursor", reason })?)
}

fn parsed<T: FromStr>(field: &'static str, reason: &'static str, text: Option<&str>) -> Result<Option<T>> {
    let read = text.map(str::parse).transpose();
    Ok(read.map_err(|_| Refusal::InvalidArgument { field, reason })?)
}

/// A number, or the digits of one as a query writes it.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<i64>, D::Error> {
    let read = match Option::<serde_json::Value>::deserialize(deserializer)? {
        None => return Ok(None),
        Some(serde_json::Value::String(digits)) => digits.parse().ok(),
        Some(other) => other.as_i64(),
    };
    read.map(Some).ok_or_else(|| D::Error::custom("a number is due"))
}
