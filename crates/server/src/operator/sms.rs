//! `vestibule sms`: what texts cost.

use super::{find, open};
use crate::{
    Failure, clock,
    command::sms::{SmsCommand, Spend},
};
use api::SpendResponse;
use domain::{id::ProjectId, send_limits::Window, sms_spend::Sums};
use flows::{
    App,
    allowance::spend::{self, Asked, Line, Payer, Report},
};
use std::io::{Write, stdout};
use store::messages::spend::Page;

/// # Errors
/// When there is no such project, or the time ends before it begins.
pub async fn run(command: SmsCommand) -> Result<(), Failure> {
    let SmsCommand::Spend(options) = command;
    let app = open(&options.configured).await?;
    let project = project(&app, &options).await?;
    let page = Page { after: None, limit: options.limit };
    let asked = Asked { from: options.from, to: options.to, by: options.by, page };
    let report = spend::report(&app, &project, &asked, clock::machine()).await?;
    let printed = if options.json {
        format!(
            "{:#}\n",
            serde_json::to_value(SpendResponse::new(app.prices.currency(), options.by, report))?
        )
    } else {
        table(options.by.as_str(), app.prices.currency(), &report)
    };
    Ok(write!(stdout(), "{printed}")?)
}

async fn project(app: &App, options: &Spend) -> Result<ProjectId, Failure> {
    if let Some(named) = &options.project {
        return Ok(find(app, named).await?.project_id);
    }
    let all = store::projects::all(&mut app.db.read().await?).await?;
    match all.as_slice() {
        [only] => Ok(only.project_id.clone()),
        [] => Err("there is no project yet".into()),
        [..] => Err("--project: there are several; `vestibule project show` lists them".into()),
    }
}

/// Words stand to the left, numbers to the right.
fn table(by: &str, currency: &str, report: &Report) -> String {
    let heads = [by, "texts", "attempts", "verified", currency, "per verified", "day", "month"];
    let mut rows = vec![heads.map(str::to_owned)];
    rows.extend(report.lines.iter().map(row));
    if report.next.is_some() {
        rows.push(cells("…".to_owned(), None, None));
    }
    rows.push(cells("all".to_owned(), Some(report.whole), None));
    // Only organizations have budgets.
    let columns = if report.lines.iter().any(|it| it.organization.is_some()) { heads.len() } else { 6 };
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(&widths).enumerate();
        let cells = cells.map(|(at, (cell, &width))| match at {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    });
    format!("{} to {}\n\n", report.from, report.to) + &lines.collect::<String>()
}

fn row(line: &Line) -> [String; 8] {
    let name = match &line.organization {
        Some(payer) => payer.slug.clone(),
        None if line.of.is_empty() => "none".to_owned(),
        None => line.of.clone(),
    };
    cells(name, Some(line.sums), line.organization.as_ref())
}

fn cells(name: String, sums: Option<Sums>, payer: Option<&Payer>) -> [String; 8] {
    let of = |it: fn(Sums) -> String| sums.map(it).unwrap_or_default();
    let budget = |window| {
        let state = payer.and_then(|it| it.budgets.iter().find(|it| it.window == window));
        let limit = state.map(|it| it.limit.map_or("no limit".to_owned(), |it| it.to_string()));
        state.zip(limit).map(|(state, limit)| format!("{} of {limit}", state.used)).unwrap_or_default()
    };
    [
        name,
        of(|it| it.messages.to_string()),
        of(|it| it.attempts.to_string()),
        of(|it| it.verified.to_string()),
        of(|it| it.spent.to_string()),
        of(|it| it.per_verified().map(|it| it.to_string()).unwrap_or_default()),
        budget(Window::DAY),
        budget(Window::Month),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Timestamp, money::Micros};

    #[test]
    fn numbers_stand_under_each_other() {
        let sums =
            |messages, spent| Sums { messages, attempts: messages, verified: 2, spent: Micros::new(spent) };
        let line = |of: &str, sums| Line { of: of.to_owned(), sums, organization: None };
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let report = Report {
            from: at("2026-02-01T00:00:00Z"),
            to: at("2026-03-01T00:00:00Z"),
            whole: sums(1204, 60_009_000),
            lines: vec![line("CH", sums(1200, 60_000_000)), line("", sums(4, 9_000))],
            next: None,
        };
        let expected = "\
2026-02-01T00:00:00Z to 2026-03-01T00:00:00Z

country  texts  attempts  verified     USD  per verified
CH        1200      1200         2   60.00         30.00
none         4         4         2   0.009        0.0045
all       1204      1204         2  60.009       30.0045
";
        assert_eq!(table("country", "USD", &report), expected);
    }
}
