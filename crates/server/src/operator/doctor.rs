//! `vestibule doctor`: what an operator would look at one by one, looked at together.
//!
//! It changes and sends nothing, and asks only what a big database answers at once.

mod backlogs;
mod database;
mod dkim;
mod heads;
mod logins;
mod machine;
mod providers;

use crate::{clock, command::doctor::Doctor, config::Config, places};
use serde::Serialize;
use std::process::ExitCode;

/// How it stands with one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Ok,
    Warning,
    Problem,
}

/// One line of the report.
#[derive(Debug, Serialize)]
pub struct Finding {
    pub check: &'static str,
    pub verdict: Verdict,
    /// What is there.
    pub found: String,
    /// What to do about it; empty when nothing is to be done.
    pub advice: String,
}

impl Finding {
    pub fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Ok, found: found.into(), advice: String::new() }
    }

    pub fn warning(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Warning, found: found.into(), advice: advice.into() }
    }

    pub fn problem(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Problem, found: found.into(), advice: advice.into() }
    }
}

/// Looks at everything; 0 when all is well, 1 for a warning, 2 for a problem.
pub async fn run(options: Doctor) -> ExitCode {
    let findings = look(&options).await;
    let worst = findings.iter().map(|it| it.verdict).max().unwrap_or(Verdict::Ok);
    if options.json {
        let report = serde_json::json!({ "verdict": worst, "findings": findings });
        println!("{report:#}");
    } else {
        findings.iter().for_each(print);
    }
    match worst {
        Verdict::Ok => ExitCode::SUCCESS,
        Verdict::Warning => ExitCode::from(1),
        Verdict::Problem => ExitCode::from(2),
    }
}

async fn look(options: &Doctor) -> Vec<Finding> {
    const CHECK: &str = "configuration";
    let config = match Config::load(&options.configured.config) {
        Ok(config) => config,
        Err(error) => {
            return vec![Finding::problem(
                CHECK,
                error.to_string(),
                "correct it; nothing else was looked at",
            )];
        }
    };
    let mut findings = vec![Finding::ok(CHECK, "can be read")];
    let warnings = config.warnings.iter().cloned();
    findings.extend(warnings.map(|it| Finding::warning(CHECK, it, "correct it, unless it is meant")));
    findings.extend(places::stranger(&config).map(|it| {
        Finding::warning(
            "user",
            it,
            "what is said of folders and files holds for this user, not for the server",
        )
    }));
    findings.extend(machine::look(&config, clock::machine()));
    findings.extend(providers::look(&config, clock::machine()).await);
    findings.extend(dkim::look(&config).await);
    findings.extend(database::look(&config, clock::machine()).await);
    findings
}

fn print(finding: &Finding) {
    let verdict = match finding.verdict {
        Verdict::Ok => "ok",
        Verdict::Warning => "WARNING",
        Verdict::Problem => "PROBLEM",
    };
    println!("{verdict:<8} {}: {}", finding.check, finding.found);
    if !finding.advice.is_empty() {
        println!("         -> {}", finding.advice);
    }
}
