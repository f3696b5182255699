//! The OpenAPI document held against the server: calls made up from it, answers checked against it.

use crate::{Outcome, process, sdk, server::Server, temp::Temp, workspace};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// A server error is never right, and what is answered is what the document says.
/// Not asked for: `negative_data_rejection` and `positive_data_acceptance`, as
/// requests are read leniently (null and unknown fields are absent) and refused for
/// what no schema says (an organization's rules); the checks that follow the
/// life of a resource, as an end in one call is what another test may expect.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_schema_conformance,ignored_auth,unsupported_method";
const SECONDS: &str = "45";
const EXAMPLES: &str = "8";

/// Against a new server, whose members and organizations it may do anything with.
pub fn run(binary: &Path) -> Outcome {
    sdk::unless_done(&here("schemathesis.txt"), &virtual_environment(), install)?;
    let home = Temp::new()?;
    let server = Server::start(binary, home.path(), None)?;
    let outcome = process::run(&mut check(&server, home.path())?);
    outcome.map_err(|failure| format!("{failure}\n-- the server:\n{}", server.log()))?;
    server.stop()
}

fn check(server: &Server, home: &Path) -> Outcome<Command> {
    let variable = |name| {
        let found = server.variables().find(|(it, _)| *it == name);
        found.map(|(_, value)| value.to_owned()).ok_or_else(|| format!("the server does not tell its {name}"))
    };
    let auth = format!("{}:{}", variable("VESTIBULE_PROJECT_ID")?, variable("VESTIBULE_SECRET")?);
    let mut check = Command::new(virtual_environment().join("bin/schemathesis"));
    check.arg("run").arg(workspace::root().join("docs/openapi.json"));
    check.args(["--url", &variable("VESTIBULE_URL")?, "--auth", &auth, "--checks", CHECKS]);
    // One worker: in several, CPython 3.11 loses count of its own recursion now and then.
    check.args(["--workers", "1", "--max-time", SECONDS, "--max-examples", EXAMPLES]);
    check.args(["--continue-on-failure", "--warnings", "off", "--no-color", "--generation-database", "none"]);
    check.envs(server.variables()).env("SCHEMATHESIS_HOOKS", "hooks");
    check.env("PYTHONPATH", here("")).env("PYTHONDONTWRITEBYTECODE", "1").current_dir(home);
    Ok(check)
}

fn install() -> Outcome {
    process::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(virtual_environment()))?;
    let words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
    let python = virtual_environment().join("bin/python");
    process::run(Command::new(python).args(words).arg("--requirement").arg(here("schemathesis.txt")))
}

fn virtual_environment() -> PathBuf {
    workspace::target().join("schemathesis-venv")
}

fn here(file: &str) -> PathBuf {
    workspace::root().join("e2e/openapi").join(file)
}
