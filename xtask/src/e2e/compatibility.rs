//! `docs/compatibility.md`: what every route of the contract came to, with every client, on every database.

use crate::{Outcome, args::Choice, database::Database, process, sdk::Sdk, workspace};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const CONTRACT: &str = "crates/api/tests/data/b2b.json";
const TABLE: &str = "docs/compatibility.md";

const HEADER: &str = "\
# Compatibility, route by route

Every route of Stytch's B2B API that the official clients call. `cargo xtask test --only e2e` calls those that are served
with the unmodified clients npm `stytch` 14.2.0, PyPI `stytch` 15.3.0 and crate `stytch` 11.1.0, on SQLite and on
PostgreSQL, and fails if this page does not say what came of it (`--write-compatibility` writes it).

Asked of each route: success, with every optional field and without any; null for every optional field; a field nobody
knows; a wrong secret; an organization, member or client that does not exist; each required field left out; and what is
particular to it, listed beside it. A route *works* if every client could parse every answer, and every refusal was the
one expected. The numbers count the different calls of node, Python and Rust; each was made on both databases.

Everywhere, `telemetry_id` is accepted and comes to nothing: there is no device fingerprinting, and `member_device` is null.
";

/// Whether the table is written or only held against what came of this run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Page {
    IsWritten,
    IsHeld,
}

/// One call of one client: which, and what was wrong with its answer.
pub struct Finding {
    pub sdk: Sdk,
    pub database: Database,
    operation: String,
    case: String,
    fault: Option<String>,
}

impl Finding {
    /// From the lines that a script leaves.
    pub fn read(text: &str, sdk: Sdk, database: Database) -> Outcome<Vec<Self>> {
        text.lines().map(|line| Self::of(&serde_json::from_str(line)?, sdk, database)).collect()
    }

    fn of(line: &Value, sdk: Sdk, database: Database) -> Outcome<Self> {
        let text = |name: &str| line[name].as_str().map(str::to_owned).ok_or(format!("{line} has no {name}"));
        let fault = (text("outcome")? != "works").then(|| text("how")).transpose()?;
        Ok(Self { sdk, database, operation: text("operation")?, case: text("case")?, fault })
    }
}

/// The findings of all clients on all databases become the page.
pub fn settle(binary: &Path, findings: &[Finding], page: Page) -> Outcome {
    let report = Report::of(binary, findings)?;
    report.check_completeness()?;
    let path = workspace::root().join(TABLE);
    if page == Page::IsWritten {
        return Ok(fs::write(path, report.page())?);
    }
    if fs::read_to_string(&path).unwrap_or_default() == report.page() {
        return Ok(());
    }
    Err(format!("{TABLE} is not what came of this run; `cargo xtask test --only e2e --write-compatibility`")
        .into())
}

struct Report<'a> {
    routes: Vec<Value>,
    served: BTreeSet<String>,
    scenarios: BTreeMap<String, Value>,
    findings: &'a [Finding],
}

impl<'a> Report<'a> {
    fn of(binary: &Path, findings: &'a [Finding]) -> Outcome<Self> {
        let contract = json(&workspace::root().join(CONTRACT))?;
        let served = process::output(Command::new(binary).arg("routes"))?;
        Ok(Self {
            routes: contract["routes"].as_array().cloned().unwrap_or_default(),
            served: served.lines().map(str::to_owned).collect(),
            scenarios: scenarios()?,
            findings,
        })
    }

    /// What is served is called by every client that can, on every database.
    fn check_completeness(&self) -> Outcome {
        let mut lacking = Vec::new();
        for route in self.routes.iter().filter(|route| self.is_served(route)) {
            let operation = route["operation"].as_str().unwrap_or_default();
            for &sdk in Sdk::ALL.iter().filter(|sdk| has(route, **sdk)) {
                for &database in Database::ALL {
                    let is_it =
                        |it: &&Finding| it.sdk == sdk && it.database == database && it.case == "success";
                    if !self.of_operation(operation).any(|it| is_it(&it)) {
                        lacking.push(format!("{operation} by {} on {}", sdk.name(), database.name()));
                    }
                }
            }
        }
        if lacking.is_empty() { Ok(()) } else { Err(format!("never called: {}", lacking.join(", ")).into()) }
    }

    fn page(&self) -> String {
        let mut page = HEADER.to_owned();
        let verdicts: Vec<_> = self.routes.iter().map(|route| self.verdict(route)).collect();
        let count = |start: &str| verdicts.iter().filter(|it| it.starts_with(start)).count();
        let (works, differs, not_yet) = (count("works"), count("differs"), count("not yet"));
        let _ = writeln!(
            page,
            "\nOf {} routes, {works} work, {differs} differ, {not_yet} are not served yet.",
            verdicts.len()
        );
        let mut group = "";
        for (route, verdict) in self.routes.iter().zip(&verdicts) {
            let own = route["group"].as_str().unwrap_or_default();
            if own != group {
                group = own;
                let _ = write!(page, "\n## {group}\n\n{COLUMNS}");
            }
            let _ = writeln!(page, "{}", self.row(route, verdict));
        }
        page
    }

    fn row(&self, route: &Value, verdict: &str) -> String {
        let operation = route["operation"].as_str().unwrap_or_default();
        let counts: Vec<_> =
            Sdk::ALL.iter().map(|&sdk| self.cases(operation, sdk).len().to_string()).collect();
        let counts = if self.is_served(route) { counts.join(", ") } else { String::new() };
        let particular = self.particular(operation).join("; ");
        format!("| `{operation}` | `{}` | {verdict} | {counts} | {particular} |", address(route))
    }

    fn verdict(&self, route: &Value) -> String {
        if !self.is_served(route) {
            return "not yet".to_owned();
        }
        let operation = route["operation"].as_str().unwrap_or_default();
        let faults = self
            .of_operation(operation)
            .filter_map(|it| Some(format!("{}: {}", it.case, it.fault.as_ref()?)));
        let known = self.scenarios.get(operation).and_then(|it| it["differs"].as_str()).map(str::to_owned);
        let differences: BTreeSet<_> = faults.chain(known).collect();
        if differences.is_empty() {
            return "works".to_owned();
        }
        format!("differs: {}", differences.into_iter().collect::<Vec<_>>().join("; ").replace('|', "\\|"))
    }

    /// What is asked of this operation and of few others.
    fn particular(&self, operation: &str) -> Vec<String> {
        let Some(scenario) = self.scenarios.get(operation) else { return Vec::new() };
        let refused = scenario["refused"].as_object().into_iter().flatten().map(|(what, _)| what.clone());
        let twice = (!scenario["twice"].is_null()).then(|| "a second time".to_owned());
        refused.chain(twice).chain(scenario["by_hand"].as_str().map(str::to_owned)).collect()
    }

    fn cases(&self, operation: &str, sdk: Sdk) -> BTreeSet<&str> {
        self.of_operation(operation).filter(|it| it.sdk == sdk).map(|it| it.case.as_str()).collect()
    }

    fn of_operation(&self, operation: &str) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |it| it.operation == operation)
    }

    fn is_served(&self, route: &Value) -> bool {
        self.served.contains(&address(route))
    }
}

const COLUMNS: &str = "\
| operation | route | outcome | calls | particular to it |
| --- | --- | --- | --- | --- |
";

fn has(route: &Value, sdk: Sdk) -> bool {
    route["sdks"].as_array().is_some_and(|all| all.iter().any(|it| it == sdk.name()))
}

fn address(route: &Value) -> String {
    let text = |name: &str| route[name].as_str().unwrap_or_default();
    format!("{} {}", text("method"), text("path"))
}

fn scenarios() -> Outcome<BTreeMap<String, Value>> {
    let files = fs::read_dir(workspace::root().join("e2e/conformance"))?;
    let paths: Vec<PathBuf> = files.map(|file| Ok(file?.path())).collect::<Outcome<_>>()?;
    let mut all = BTreeMap::new();
    for path in paths {
        all.extend(json(&path)?.as_object().cloned().unwrap_or_default());
    }
    Ok(all)
}

fn json(path: &Path) -> Outcome<Value> {
    let text = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_slice(&text)?)
}
