//! The bill: what a project's texts cost, as a whole and in parts.

use super::{BudgetState, budgets};
use crate::{App, Result};
use domain::{
    Refusal, Timestamp,
    id::{OrganizationId, ProjectId},
    messages::SpendBy,
    projects::Project,
    send_limits::{Subject, Window},
    sms_spend::{LONGEST, Sums, beginning_of},
    time::Span,
};
use store::{
    Conn,
    messages::spend::{self, Page, Part},
    tenant,
};

/// Parts that are told at a time, at most.
pub const MOST: i64 = 100;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// At or after it; without it, the beginning of the month (UTC) that the report ends in.
    pub from: Option<Timestamp>,
    /// Before it; without it, the end of this month.
    pub to: Option<Timestamp>,
    pub by: SpendBy,
    pub page: Page,
}

/// What texts of a time cost.
#[derive(Debug)]
pub struct Report {
    pub from: Timestamp,
    pub to: Timestamp,
    pub whole: Sums,
    /// The dearest first; days in their order.
    pub lines: Vec<Line>,
    /// Where the next page begins; none after the last.
    pub next: Option<(i64, String)>,
}

/// One part of the bill.
#[derive(Debug)]
pub struct Line {
    /// The id of an organization, a country, a provider, a purpose, or a day as `2026-02-28`.
    pub of: String,
    pub sums: Sums,
    /// Of an organization that is there.
    pub organization: Option<Payer>,
}

/// An organization, and how far its budgets are used now, whatever time the report is of.
#[derive(Debug)]
pub struct Payer {
    pub slug: String,
    /// Of this day and this month.
    pub budgets: Vec<BudgetState>,
}

/// Sums the attempts that are charged, and what is kept of those of organizations that are erased.
///
/// # Errors
/// `ProjectNotFound`; `InvalidArgument` for a time that ends before it begins, or is longer than 366 days.
pub async fn report(app: &App, project: &ProjectId, asked: &Asked, now: Timestamp) -> Result<Report> {
    let (from, to) = time(asked, now)?;
    let mut conn = app.db.survey().await?;
    let found = store::projects::find(&mut conn, project).await?.ok_or(Refusal::ProjectNotFound)?;
    let whole = spend::whole(&mut conn, project, (from, to)).await?;
    let page = Page { limit: asked.page.limit.clamp(1, MOST), ..asked.page.clone() };
    let parts = spend::parts(&mut conn, project, (from, to), (asked.by, &page)).await?;
    let is_full = i64::try_from(parts.len()).is_ok_and(|it| it == page.limit);
    let next = parts.last().filter(|_| is_full).map(|it| (it.rank, it.of.clone()));
    let mut lines = Vec::new();
    for part in parts {
        lines.push(line(app, &mut conn, &found, (asked.by, part), now).await?);
    }
    Ok(Report { from, to, whole, lines, next })
}

fn time(asked: &Asked, now: Timestamp) -> Result<(Timestamp, Timestamp)> {
    let to = asked.to.unwrap_or_else(|| Window::Month.end(now));
    let from = asked.from.unwrap_or_else(|| Window::Month.start(to.minus(Span::milliseconds(1))));
    let refused = |field, reason| Err(Refusal::InvalidArgument { field, reason }.into());
    if from >= to {
        return refused("from", "a time before the end of the report");
    }
    if from.plus(LONGEST) < to {
        return refused("to", "at most 366 days after the beginning of the report");
    }
    Ok((from, to))
}

async fn line(
    app: &App,
    conn: &mut Conn,
    project: &Project,
    (by, Part { of, sums, .. }): (SpendBy, Part),
    now: Timestamp,
) -> Result<Line> {
    Ok(match by {
        SpendBy::Organization => {
            Line { organization: payer(app, conn, (project, &of), now).await?, of, sums }
        }
        SpendBy::Day => Line { of: of.parse().map_or(of, date), sums, organization: None },
        SpendBy::Country | SpendBy::Provider | SpendBy::Purpose => Line { of, sums, organization: None },
    })
}

fn date(day: i64) -> String {
    beginning_of(day).to_string().chars().take("2026-02-28".len()).collect()
}

/// None for one that is deleted or erased: its texts have been paid all the same.
async fn payer(
    app: &App,
    conn: &mut Conn,
    (project, organization): (&Project, &str),
    now: Timestamp,
) -> Result<Option<Payer>> {
    let Ok(id) = organization.parse::<OrganizationId>() else { return Ok(None) };
    let Some(tenant) = tenant::by_id(conn, &project.project_id, &id).await? else { return Ok(None) };
    let slug = tenant.organization().slug.to_string();
    let mut states = budgets(app, conn, (project, &tenant), now).await?;
    states.retain(|it| it.subject == Subject::OrganizationMoney);
    Ok(Some(Payer { slug, budgets: states }))
}
