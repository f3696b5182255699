//! `cargo xtask test`: everything that must hold before a change lands.

use crate::{
    Outcome,
    args::{Args, Choice},
    browser,
    database::Database,
    deny,
    e2e::{self, Page},
    kill,
    needs::{self, Missing},
    postgres::{Durability, Postgres},
    process, schemathesis,
    sdk::Sdk,
    workspace::{Binaries, Profile, cargo},
};
use std::{path::PathBuf, time::Instant};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Fmt,
    Clippy,
    Deny,
    Unit,
    E2e,
    Browser,
    Schemathesis,
    Kill,
}

impl Choice for Step {
    const ALL: &'static [Self] = &[
        Self::Fmt,
        Self::Clippy,
        Self::Deny,
        Self::Unit,
        Self::E2e,
        Self::Browser,
        Self::Schemathesis,
        Self::Kill,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Clippy => "clippy",
            Self::Deny => "deny",
            Self::Unit => "unit",
            Self::E2e => "e2e",
            Self::Browser => "browser",
            Self::Schemathesis => "schemathesis",
            Self::Kill => "kill",
        }
    }
}

struct Plan {
    steps: Vec<Step>,
    sdks: Vec<Sdk>,
    databases: Vec<Database>,
    server: Option<PathBuf>,
    missing: Missing,
    compatibility: Page,
}

/// Stops at the first step that fails.
pub fn run(args: Args) -> Outcome {
    let plan = Plan::read(args)?;
    timed("needs", || needs::provide(&plan.steps, plan.missing))?;
    plan.inspect()?;
    plan.try_out()
}

impl Plan {
    fn read(mut args: Args) -> Outcome<Self> {
        let install = args.flag("--install") || needs::is_ci();
        let writes = args.flag("--write-compatibility");
        let plan = Self {
            steps: args.chosen("--only")?,
            sdks: args.chosen("--sdk")?,
            databases: args.chosen("--database")?,
            server: args.path("--server")?,
            compatibility: if writes { Page::IsWritten } else { Page::IsHeld },
            missing: if install { Missing::IsInstalled } else { Missing::IsNamed },
        };
        args.finish()?;
        Ok(plan)
    }

    /// What can be said without running anything.
    fn inspect(&self) -> Outcome {
        self.step(Step::Fmt, || process::run(&mut cargo(["fmt", "--all", "--check"])))?;
        self.step(Step::Clippy, || {
            let words = ["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"];
            process::run(&mut cargo(words))
        })?;
        self.step(Step::Deny, deny::check)
    }

    fn try_out(&self) -> Outcome {
        const THESE: [Step; 5] = [Step::Unit, Step::E2e, Step::Browser, Step::Schemathesis, Step::Kill];
        if !THESE.into_iter().any(|it| self.has(it)) {
            return Ok(());
        }
        let binaries = timed("build", || Binaries::build(Profile::Dev, self.server.as_deref()))?;
        let postgres = timed("postgres", || Postgres::start(Durability::None))?;
        self.step(Step::Unit, || unit(&postgres))?;
        self.step(Step::E2e, || {
            e2e::run(&binaries.vestibule, (&self.sdks, &self.databases), &postgres, self.compatibility)
        })?;
        self.step(Step::Browser, || browser::run(&binaries.vestibule))?;
        self.step(Step::Schemathesis, || schemathesis::run(&binaries.vestibule))?;
        self.step(Step::Kill, || kill::run(&binaries, &self.databases, &postgres))
    }

    fn has(&self, step: Step) -> bool {
        self.steps.contains(&step)
    }

    fn step(&self, step: Step, work: impl FnOnce() -> Outcome) -> Outcome {
        if self.has(step) { timed(step.name(), work) } else { Ok(()) }
    }
}

fn unit(postgres: &Postgres) -> Outcome {
    let mut tests = cargo(["test", "--workspace"]);
    process::run(tests.env("VESTIBULE_TEST_POSTGRES", postgres.url()))
}

/// Says what is done, how long it took, and which step a failure belongs to.
fn timed<T>(name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    println!("\n== {name}");
    let start = Instant::now();
    let outcome = work();
    let seconds = start.elapsed().as_secs_f64();
    match outcome {
        Ok(value) => {
            println!("== {name}: done in {seconds:.1} s");
            Ok(value)
        }
        Err(failure) => Err(format!("step {name} failed after {seconds:.1} s\n{failure}").into()),
    }
}
