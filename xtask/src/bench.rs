//! `cargo xtask bench`: a release build on both databases, measured.

mod backlog;
mod rows;
mod start_up;
mod table;

use crate::{
    Outcome,
    args::{Args, Choice},
    database::Database,
    postgres::{Durability, Postgres},
    process,
    server::Server,
    temp::Temp,
    workspace::{Binaries, Profile},
};
use serde_json::{Map, Value, json};
use std::{fs, path::PathBuf, process::Command, thread, time::Duration};

/// What a server that has just started still does is over by then.
const SETTLED: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Gauge,
    StartUp,
    Sessions,
    Completions,
    Passwords,
    Search,
    Outage,
    Backlog,
}

impl Choice for Measure {
    const ALL: &'static [Self] = &[
        Self::Gauge,
        Self::StartUp,
        Self::Sessions,
        Self::Completions,
        Self::Passwords,
        Self::Search,
        Self::Outage,
        Self::Backlog,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Gauge => "gauge",
            Self::StartUp => "startup",
            Self::Sessions => "sessions",
            Self::Completions => "completions",
            Self::Passwords => "passwords",
            Self::Search => "search",
            Self::Outage => "outage",
            Self::Backlog => "backlog",
        }
    }
}

struct Plan {
    measures: Vec<Measure>,
    databases: Vec<Database>,
    seconds: u32,
    connections: u32,
    members: u32,
    organizations: u32,
    searched: u32,
    messages: u32,
    server: Option<PathBuf>,
    json: Option<PathBuf>,
}

/// Prints a table; a mark that is not reached is said, and is no failure.
pub fn run(args: Args) -> Outcome {
    let plan = Plan::read(args)?;
    let binaries = Binaries::build(Profile::Release, plan.server.as_deref())?;
    let mut figures = plan.conditions();
    if plan.measures.contains(&Measure::Gauge) {
        figures.insert("gauge".to_owned(), plan.gauge(&binaries)?);
    }
    for &database in &plan.databases {
        eprintln!("\n== {}", database.name());
        figures.insert(database.name().to_owned(), plan.measured(database, &binaries)?);
    }
    let figures = Value::Object(figures);
    println!("\n{}", table::of(&figures));
    match plan.json {
        Some(file) => Ok(fs::write(file, format!("{figures:#}\n"))?),
        None => Ok(()),
    }
}

impl Plan {
    fn read(mut args: Args) -> Outcome<Self> {
        let mut measures = args.chosen("--only")?;
        if measures == Measure::ALL {
            // What they need takes minutes to create.
            measures.retain(|it| !matches!(it, Measure::Search | Measure::Outage | Measure::Backlog));
        }
        let plan = Self {
            measures,
            databases: args.chosen("--database")?,
            seconds: args.number("--seconds", 8)?,
            connections: args.number("--connections", 16)?,
            members: args.number("--members", 3000)?,
            organizations: args.number("--organizations", 1)?,
            searched: args.number("--searched", 100_000)?,
            messages: args.number("--messages", 100_000)?,
            server: args.path("--server")?,
            json: args.path("--json")?,
        };
        args.finish()?;
        Ok(plan)
    }

    /// What the figures depend on beside the code.
    fn conditions(&self) -> Map<String, Value> {
        let cores = thread::available_parallelism().map_or(0, usize::from);
        let conditions = json!({
            "cores": cores, "seconds": self.seconds, "connections": self.connections,
            "members": self.members, "organizations": self.organizations,
        });
        Map::from_iter([("conditions".to_owned(), conditions)])
    }

    /// The same client against a server that does nothing: no other figure can be higher.
    fn gauge(&self, binaries: &Binaries) -> Outcome<Value> {
        figures_from(self.client(binaries).arg("gauge"))
    }

    /// The server's own PostgreSQL runs only as long as it is measured.
    fn measured(&self, database: Database, binaries: &Binaries) -> Outcome<Value> {
        let postgres = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(Postgres::start(Durability::Full)?),
        };
        let url = postgres.as_ref().map(|postgres| postgres.create_database("bench")).transpose()?;
        let home = Temp::on_disk()?;
        let start = || Server::start_timed(&binaries.vestibule, home.path(), url.as_deref());

        let (server, first_start) = start()?;
        thread::sleep(SETTLED);
        let idle = server.resident_megabytes()?;
        let load = self.load(binaries, &server)?;
        thread::sleep(SETTLED);
        let after_load = server.resident_megabytes()?;
        let backlog = if self.measures.contains(&Measure::Backlog) {
            backlog::measured(&server, || self.client(binaries), self.messages)?
        } else {
            Value::Null
        };
        server.stop()?;

        let start_up = if self.measures.contains(&Measure::StartUp) {
            start_up::measured(first_start, start)?
        } else {
            Value::Null
        };
        let memory = json!({ "idle_mb": idle, "after_load_mb": after_load });
        Ok(json!({ "memory": memory, "start_up": start_up, "load": load, "backlog": backlog }))
    }

    fn load(&self, binaries: &Binaries, server: &Server) -> Outcome<Value> {
        let wanted =
            [Measure::Sessions, Measure::Completions, Measure::Passwords, Measure::Search, Measure::Outage];
        let names: Vec<_> =
            wanted.into_iter().filter(|it| self.measures.contains(it)).map(Choice::name).collect();
        if names.is_empty() {
            return Ok(Value::Null);
        }
        let mut client = self.client(binaries);
        client.arg("load").args(names).args(["--members", &self.members.to_string()]);
        client.args(["--organizations", &self.organizations.to_string()]);
        client.args(["--searched", &self.searched.to_string()]);
        figures_from(client.envs(server.variables()))
    }

    fn client(&self, binaries: &Binaries) -> Command {
        let mut client = Command::new(&binaries.bench);
        client.args(["--seconds", &self.seconds.to_string()]);
        client.args(["--connections", &self.connections.to_string()]);
        client.stderr(std::process::Stdio::inherit());
        client
    }
}

fn figures_from(client: &mut Command) -> Outcome<Value> {
    Ok(serde_json::from_str(&process::output(client)?)?)
}
