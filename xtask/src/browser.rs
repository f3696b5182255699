//! The frontend SDK, as it comes from the registry, in a real browser against the built binary.

use crate::{Outcome, process, sdk, server::Server, temp::Temp};
use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

const LONGEST: Duration = Duration::from_mins(4);

/// A new server, whose clock the journeys move.
pub fn run(binary: &Path) -> Outcome {
    sdk::unless_done(&sdk::e2e("browser/package-lock.json"), &sdk::e2e("browser/node_modules"), install)?;
    let home = Temp::new()?;
    let server = Server::start(binary, home.path(), None)?;
    walk(&server).map_err(|failure| format!("{failure}\n-- the server:\n{}", server.log()))?;
    server.stop()
}

/// The one that the journeys start, where Debian has it unless the environment says otherwise.
pub fn chromium() -> PathBuf {
    env::var_os("VESTIBULE_CHROMIUM").map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from)
}

fn walk(server: &Server) -> Outcome {
    let mut journeys = Command::new("node");
    journeys.arg("run.mjs").current_dir(sdk::e2e("browser")).stdin(Stdio::null());
    journeys.envs(server.variables()).env("VESTIBULE_CHROMIUM", chromium());
    let mut child = journeys.spawn().map_err(|error| format!("cannot start the journeys: {error}"))?;
    match process::wait_at_most(&mut child, LONGEST)? {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(format!("the journeys ended with {status}").into()),
        None => {
            child.kill()?;
            child.wait()?;
            Err(format!("the journeys were not over after {} s", LONGEST.as_secs()).into())
        }
    }
}

fn install() -> Outcome {
    sdk::npm_ci("browser")
}
