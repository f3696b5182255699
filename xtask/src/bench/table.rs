//! The figures as a person reads them.

use serde_json::Value;
use std::fmt::Write;

/// A line of the table. The pointers lead into the figures of one database.
struct Row {
    what: &'static str,
    figure: &'static str,
    /// Where the latencies and the failures of the same measure are.
    load: Option<&'static str>,
    mark: Option<Mark>,
}

enum Mark {
    AtLeast { sqlite: f64, postgres: f64 },
    Below(f64),
}

const ROWS: &[Row] = &[
    Row {
        what: "session checks/s",
        figure: "/load/sessions/per_second",
        load: Some("/load/sessions"),
        mark: Some(Mark::AtLeast { sqlite: 12_000.0, postgres: 7_000.0 }),
    },
    Row {
        what: "second-factor completions/s",
        figure: "/load/completions/per_second",
        load: Some("/load/completions"),
        mark: Some(Mark::AtLeast { sqlite: 1_500.0, postgres: 700.0 }),
    },
    Row {
        what: "password logins/s",
        figure: "/load/passwords/per_second",
        load: Some("/load/passwords"),
        mark: None,
    },
    Row {
        what: "search: everybody, ms",
        figure: "/load/search/everybody/p50_ms",
        load: Some("/load/search/everybody"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "metrics of an organization, ms",
        figure: "/load/search/metrics/p50_ms",
        load: Some("/load/search/metrics"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: ids, ms",
        figure: "/load/search/ids/p50_ms",
        load: Some("/load/search/ids"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: external ids, ms",
        figure: "/load/search/external_ids/p50_ms",
        load: Some("/load/search/external_ids"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: addresses, ms",
        figure: "/load/search/emails/p50_ms",
        load: Some("/load/search/emails"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: numbers, ms",
        figure: "/load/search/phone_numbers/p50_ms",
        load: Some("/load/search/phone_numbers"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: roles, ms",
        figure: "/load/search/admins/p50_ms",
        load: Some("/load/search/admins"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: one status, few, ms",
        figure: "/load/search/pending/p50_ms",
        load: Some("/load/search/pending"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: two statuses, few, ms",
        figure: "/load/search/pending_invited/p50_ms",
        load: Some("/load/search/pending_invited"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: one status, most, ms",
        figure: "/load/search/active/p50_ms",
        load: Some("/load/search/active"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: deleted ones, ms",
        figure: "/load/search/deleted/p50_ms",
        load: Some("/load/search/deleted"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: break-glass, ms",
        figure: "/load/search/breakglass/p50_ms",
        load: Some("/load/search/breakglass"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: not break-glass, ms",
        figure: "/load/search/not_breakglass/p50_ms",
        load: Some("/load/search/not_breakglass"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: with a password, none, ms",
        figure: "/load/search/with_password/p50_ms",
        load: Some("/load/search/with_password"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: without a password, all, ms",
        figure: "/load/search/without_password/p50_ms",
        load: Some("/load/search/without_password"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: with an authenticator, none, ms",
        figure: "/load/search/with_totp/p50_ms",
        load: Some("/load/search/with_totp"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: without one, all, ms",
        figure: "/load/search/without_totp/p50_ms",
        load: Some("/load/search/without_totp"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: part of an address, many, ms",
        figure: "/load/search/email_part_many/p50_ms",
        load: Some("/load/search/email_part_many"),
        mark: None,
    },
    Row {
        what: "search: part of an address, none, ms",
        figure: "/load/search/email_part_none/p50_ms",
        load: Some("/load/search/email_part_none"),
        mark: None,
    },
    Row {
        what: "search: part of a number, ms",
        figure: "/load/search/phone_part/p50_ms",
        load: Some("/load/search/phone_part"),
        mark: None,
    },
    Row {
        what: "start, median of 5, ms",
        figure: "/start_up/median_ms",
        load: None,
        mark: Some(Mark::Below(150.0)),
    },
    Row { what: "start, least of 5, ms", figure: "/start_up/min_ms", load: None, mark: None },
    Row { what: "first start, ms", figure: "/start_up/first_ms", load: None, mark: None },
    Row { what: "memory idle, MB", figure: "/memory/idle_mb", load: None, mark: Some(Mark::Below(40.0)) },
    Row { what: "memory after the load, MB", figure: "/memory/after_load_mb", load: None, mark: None },
];

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
