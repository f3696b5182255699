//! The end-to-end scripts: each client on each database, with a server of its own.

mod case;
mod compatibility;
mod tally;

use crate::{Outcome, args::Choice, database::Database, postgres::Postgres, sdk::Sdk};
use case::{Case, Walk};
use compatibility::Finding;
pub use compatibility::Page;
use std::{
    collections::VecDeque,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};
pub use tally::Tally;

/// As many as the smallest machine has cores.
const AT_A_TIME: usize = 2;

/// No script begins after one has failed. The closing line counts the checks of all that ran.
/// If all clients ran on all databases, the page of compatibility is held against what they found.
pub fn run(
    binary: &Path,
    (sdks, databases): (&[Sdk], &[Database]),
    postgres: &Postgres,
    page: Page,
) -> Outcome {
    for sdk in sdks {
        sdk.install()?;
    }
    let cases = sdks.iter().flat_map(|&sdk| databases.iter().map(move |&database| Case { sdk, database }));
    let round = Round { binary, postgres, state: Mutex::new(State::waiting(cases)) };
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| round.work());
        }
    });
    let findings = round.close()?;
    if sdks.len() < Sdk::ALL.len() || databases.len() < Database::ALL.len() {
        return Ok(());
    }
    compatibility::settle(binary, &findings, page)
}

struct Round<'a> {
    binary: &'a Path,
    postgres: &'a Postgres,
    state: Mutex<State>,
}

struct State {
    waiting: VecDeque<Case>,
    total: Tally,
    bad: Vec<String>,
    findings: Vec<Finding>,
}

impl State {
    fn waiting(cases: impl Iterator<Item = Case>) -> Self {
        Self { waiting: cases.collect(), total: Tally::default(), bad: Vec::new(), findings: Vec::new() }
    }
}

impl Round<'_> {
    fn work(&self) {
        while let Some(case) = self.next() {
            match case.walk(self.binary, self.postgres) {
                Ok(walk) if walk.is_good() => self.note(case, walk),
                Ok(walk) => self.give_up(case, &walk, &walk.whole_story()),
                Err(failure) => self.give_up(case, &Walk::default(), &failure.to_string()),
            }
        }
    }

    fn next(&self) -> Option<Case> {
        self.state().waiting.pop_front()
    }

    fn note(&self, case: Case, walk: Walk) {
        println!("{case}: {} in {:.1} s", walk.tally, walk.seconds);
        let mut state = self.state();
        state.total += walk.tally;
        state.findings.extend(walk.findings);
    }

    fn give_up(&self, case: Case, walk: &Walk, story: &str) {
        println!("{case} failed\n{story}");
        let mut state = self.state();
        state.total += walk.tally;
        state.bad.push(case.to_string());
        state.waiting.clear();
    }

    fn close(self) -> Outcome<Vec<Finding>> {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        println!("{}", state.total);
        if state.bad.is_empty() {
            Ok(state.findings)
        } else {
            Err(format!("failed: {}", state.bad.join(", ")).into())
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
