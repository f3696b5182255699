//! One script on one database.

use super::{Tally, compatibility::Finding};
use crate::{
    Outcome, args::Choice, database::Database, postgres::Postgres, process, sdk::Sdk, server::Server,
    temp::Temp,
};
use std::{
    fmt,
    fs::{self, File},
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

const LONGEST: Duration = Duration::from_mins(5);

#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub sdk: Sdk,
    pub database: Database,
}

/// How a script went.
#[derive(Default)]
pub struct Walk {
    pub tally: Tally,
    pub seconds: f64,
    /// Of every operation, in every way that the client can ask it.
    pub findings: Vec<Finding>,
    /// Came to its closing line and found nothing wrong, by its own judgement.
    ended_well: bool,
    output: String,
    server_log: String,
}

impl Case {
    /// Against a new server with an empty database, stopped afterwards.
    pub fn walk(self, binary: &Path, postgres: &Postgres) -> Outcome<Walk> {
        let home = Temp::new()?;
        let database = self.database.fresh(postgres, &format!("e2e_{}", self.sdk.name()))?;
        let server = Server::start(binary, home.path(), database.as_deref())?;
        let walk = self.follow(&server, home.path())?;
        server.stop()?;
        Ok(walk)
    }

    fn follow(self, server: &Server, home: &Path) -> Outcome<Walk> {
        let path = home.join("script.log");
        let log = File::create(&path)?;
        let lines = home.join("conformance");
        let start = Instant::now();
        let mut script = self.sdk.script();
        script.envs(server.variables()).env("VESTIBULE_CONFORMANCE", &lines);
        script.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let mut child = script.spawn().map_err(|error| format!("cannot start the script: {error}"))?;
        let status = process::wait_at_most(&mut child, LONGEST)?;
        if status.is_none() {
            child.kill()?;
            child.wait()?;
        }
        let output = String::from_utf8_lossy(&fs::read(path)?).into_owned();
        let lines = fs::read_to_string(lines).unwrap_or_default();
        let closing = Tally::closing(&output);
        Ok(Walk {
            tally: closing.unwrap_or_default(),
            seconds: start.elapsed().as_secs_f64(),
            findings: Finding::read(&lines, self.sdk, self.database)?,
            ended_well: closing.is_some() && status.is_some_and(|status| status.success()),
            output,
            server_log: server.log(),
        })
    }
}

impl Walk {
    pub fn is_good(&self) -> bool {
        self.ended_well && self.tally.failed == 0 && self.tally.passed > 0
    }

    pub fn whole_story(&self) -> String {
        let Self { output, server_log, seconds, .. } = self;
        format!("-- the script, {seconds:.1} s:\n{output}\n-- the server:\n{server_log}")
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} on {}", self.sdk.name(), self.database.name())
    }
}
