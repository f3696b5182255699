//! The figures as a person reads them.

use super::rows::{Mark, ROWS, Row};
use serde_json::Value;
use std::fmt::Write;

pub fn of(figures: &Value) -> String {
    let mut table = String::from(
        "| measure | SQLite | PostgreSQL | SQLite : PostgreSQL | marks |\n| --- | --- | --- | --- | --- |\n",
    );
    for row in ROWS {
        if let Some(line) = row.line(figures.get("sqlite"), figures.get("postgres")) {
            table.push_str(&line);
        }
    }
    if let Some(gauge) = figures.get("gauge") {
        let most = shown(gauge["per_second"].as_f64().unwrap_or_default());
        let _ = writeln!(
            table,
            "\nThe same client gets {most} answers/s of that length from a server that does nothing."
        );
    }
    table
}

impl Row {
    /// None when it was measured on neither database.
    fn line(&self, sqlite: Option<&Value>, postgres: Option<&Value>) -> Option<String> {
        let figure = |of: Option<&Value>| of?.pointer(self.figure)?.as_f64();
        let (first, second) = (figure(sqlite), figure(postgres));
        first.or(second)?;
        let ratio =
            first.zip(second).map_or_else(String::new, |(first, second)| format!("{:.1}", first / second));
        Some(format!(
            "| {} | {} | {} | {ratio} | {} |\n",
            self.what,
            self.cell(first, sqlite),
            self.cell(second, postgres),
            self.verdicts(first, second)
        ))
    }

    fn cell(&self, figure: Option<f64>, of: Option<&Value>) -> String {
        let Some(figure) = figure else { return String::new() };
        let load = self.load.and_then(|load| of?.pointer(load));
        shown(figure) + &load.map_or_else(String::new, in_detail)
    }

    fn verdicts(&self, sqlite: Option<f64>, postgres: Option<f64>) -> String {
        let Some(mark) = &self.mark else { return String::new() };
        let verdicts = [("SQLite", sqlite, mark.on_sqlite()), ("PostgreSQL", postgres, mark.on_postgres())];
        let said = verdicts.into_iter().filter_map(|(name, figure, limit)| {
            let word = if mark.is_reached(figure?, limit) { "reached" } else { "NOT reached" };
            Some(format!("{name} {} {} {word}", mark.sign(), shown(limit)))
        });
        said.collect::<Vec<_>>().join(", ")
    }
}

impl Mark {
    fn on_sqlite(&self) -> f64 {
        match *self {
            Self::AtLeast { sqlite, .. } => sqlite,
            Self::Below(limit) => limit,
        }
    }

    fn on_postgres(&self) -> f64 {
        match *self {
            Self::AtLeast { postgres, .. } => postgres,
            Self::Below(limit) => limit,
        }
    }

    fn is_reached(&self, figure: f64, limit: f64) -> bool {
        match self {
            Self::AtLeast { .. } => figure >= limit,
            Self::Below(_) => figure < limit,
        }
    }

    fn sign(&self) -> char {
        match self {
            Self::AtLeast { .. } => '≥',
            Self::Below(_) => '<',
        }
    }
}

fn in_detail(load: &Value) -> String {
    let milliseconds = |name: &str| load[name].as_f64().unwrap_or_default();
    let failed = match load["failures"].as_u64() {
        None | Some(0) => String::new(),
        Some(failures) => format!(", {failures} FAILED"),
    };
    format!(" (p50 {:.2}, p99 {:.2} ms{failed})", milliseconds("p50_ms"), milliseconds("p99_ms"))
}

/// Whole numbers from a hundred on, with a comma at each thousand.
fn shown(figure: f64) -> String {
    if figure < 100.0 {
        return format!("{figure:.1}");
    }
    let digits = format!("{figure:.0}");
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_figure_stands_beside_its_mark_on_each_database() {
        let sqlite = json!({ "per_second": 12_345.0, "p50_ms": 1.0, "p99_ms": 2.5, "failures": 0 });
        let postgres = json!({ "per_second": 6_000.0, "p50_ms": 2.0, "p99_ms": 4.0, "failures": 3 });
        let figures = json!({ "sqlite": { "load": { "sessions": sqlite } }, "postgres": { "load": { "sessions": postgres } } });
        let line = "| session checks/s | 12,345 (p50 1.00, p99 2.50 ms) | 6,000 (p50 2.00, p99 4.00 ms, 3 FAILED) \
                    | 2.1 | SQLite ≥ 12,000 reached, PostgreSQL ≥ 7,000 NOT reached |";
        assert_eq!(of(&figures).lines().nth(2), Some(line));
    }

    #[test]
    fn what_was_not_measured_has_no_line() {
        assert_eq!(of(&json!({ "sqlite": { "load": null } })).lines().count(), 2);
    }
}
