//! Every operation of the table, in every way that this client can ask it; a line for each says how it went.
//!
//! The client parses each answer strictly. It writes null for what is not set, so it asks with null
//! fields, never with absent ones.

mod arrange;
mod calls;
mod table;

use std::env;
use std::fs::File;
use std::io::Write;

use serde_json::{Map, Value, json};

use crate::Failure;
use crate::checks::check;
use crate::world::client_of;
use arrange::{Arranger, Kept, Project};
use table::{Scenario, Table};

const NOBODY: [(&str, &str, &str); 3] = [
    ("organization_id", "organization-test-00000000-0000-4000-8000-000000000000", "organization_not_found"),
    ("member_id", "member-test-00000000-0000-4000-8000-000000000000", "member_not_found"),
    ("client_id", "nobody", "m2m_client_not_found"),
];

/// If somebody collects its lines; see README.md.
pub async fn walk() -> Result<(), Failure> {
    let Ok(path) = env::var("VESTIBULE_CONFORMANCE") else { return Ok(()) };
    let table = Table::read()?;
    let mut run = Run {
        lines: File::options().create(true).append(true).open(path)?,
        arranger: Arranger::new(&table).await?,
    };
    for scenario in table.scenarios() {
        if !calls::knows(&scenario.operation) {
            continue;
        }
        if let Err(failure) = run.refusals_then_success(&scenario).await {
            run.note(&scenario, "refusals then success", Some(failure.to_string()))?;
        }
        if let Err(failure) = run.nulls(&scenario).await {
            run.note(&scenario, "null fields", Some(failure.to_string()))?;
        }
    }
    Ok(())
}

struct Run<'a> {
    lines: File,
    arranger: Arranger<'a>,
}

/// What must come of a refused call.
#[derive(Default)]
struct Expected {
    error_type: Option<String>,
    status: Option<u16>,
}

impl Run<'_> {
    /// One arrangement: what was refused must not have used anything up.
    async fn refusals_then_success(&mut self, scenario: &Scenario) -> Result<(), Failure> {
        let kept = self.arranger.arrange(scenario).await?;
        let fields = kept.object(&scenario.spec["send"])?;
        for (what, changed, secret, expected) in refusals(scenario, &kept, &fields)? {
            let project =
                Project { secret: secret.unwrap_or(kept.project.secret.clone()), ..kept.project.clone() };
            let answer =
                calls::ask(&client_of(&project.id, &project.secret)?, &scenario.operation, changed).await;
            self.note(scenario, &what, refusal_fault(answer, &expected))?;
        }
        let full = with(&fields, kept.object(&scenario.spec["also"])?);
        let client = client_of(&kept.project.id, &kept.project.secret)?;
        let answer = calls::ask(&client, &scenario.operation, full.clone()).await;
        self.note(scenario, "success", answer.err().map(|error| said(&error)))?;
        if let Some(error_type) = scenario.spec["twice"].as_str() {
            let again = calls::ask(&client, &scenario.operation, full).await;
            let expected = Expected { error_type: Some(error_type.to_owned()), status: None };
            self.note(scenario, "a second time", refusal_fault(again, &expected))?;
        }
        Ok(())
    }

    async fn nulls(&mut self, scenario: &Scenario) -> Result<(), Failure> {
        if scenario.spec["also"].is_null() {
            return Ok(());
        }
        let kept = self.arranger.arrange(scenario).await?;
        let client = client_of(&kept.project.id, &kept.project.secret)?;
        let answer = calls::ask(&client, &scenario.operation, kept.object(&scenario.spec["send"])?).await;
        self.note(scenario, "null fields", answer.err().map(|error| said(&error)))
    }

    fn note(&mut self, scenario: &Scenario, case: &str, fault: Option<String>) -> Result<(), Failure> {
        let operation = &scenario.operation;
        check(&format!("conformance: {operation}: {case}"), fault.as_deref().unwrap_or("works"), "works");
        let outcome = if fault.is_some() { "differs" } else { "works" };
        let line = json!({ "operation": operation, "case": case, "outcome": outcome, "how": fault.unwrap_or_default() });
        Ok(writeln!(self.lines, "{line}")?)
    }
}

type Fields = Map<String, Value>;
type Refusal = (String, Fields, Option<String>, Expected);

fn refusals(scenario: &Scenario, kept: &Kept, fields: &Fields) -> Result<Vec<Refusal>, Failure> {
    let mut found = Vec::new();
    if scenario.route["auth"] == "basic" {
        let expected =
            Expected { error_type: Some("unauthorized_credentials".to_owned()), status: Some(401) };
        found.push((
            "a wrong secret".to_owned(),
            fields.clone(),
            Some("secret-test-wrong".to_owned()),
            expected,
        ));
        for (name, nobody, error_type) in NOBODY.into_iter().filter(|(name, ..)| fields.contains_key(*name)) {
            let error_type = scenario.spec["unknown"][name].as_str().unwrap_or(error_type).to_owned();
            let expected = Expected { error_type: Some(error_type), status: None };
            let changed = with(fields, [(name.to_owned(), json!(nobody))].into_iter().collect());
            found.push((format!("an unknown {name}"), changed, None, expected));
        }
    }
    for (what, refusal) in scenario.spec["refused"].as_object().into_iter().flatten() {
        let expected = Expected {
            error_type: refusal["type"].as_str().map(str::to_owned),
            status: refusal["status"].as_u64().and_then(|status| status.try_into().ok()),
        };
        found.push((what.clone(), with(fields, kept.object(&refusal["with"])?), None, expected));
    }
    Ok(found)
}

fn with(fields: &Fields, more: Fields) -> Fields {
    fields.clone().into_iter().chain(more).collect()
}

fn refusal_fault(answer: Result<(), stytch::Error>, expected: &Expected) -> Option<String> {
    let error = match answer {
        Err(error) => error,
        Ok(()) => return Some("no refusal".to_owned()),
    };
    let stytch::Error::Response(response) = &error else { return Some(said(&error)) };
    let is_so = expected.error_type.as_ref().is_none_or(|it| *it == response.error_type)
        && expected.status.is_none_or(|it| it == response.status_code.as_u16());
    (!is_so).then(|| format!("{} in place of {:?} {:?}", said(&error), expected.status, expected.error_type))
}

fn said(error: &stytch::Error) -> String {
    match error {
        stytch::Error::Response(it) => format!("{} {}", it.status_code.as_u16(), it.error_type),
        other => format!("{other:?}"),
    }
}
