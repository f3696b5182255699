//! The official clients that the end-to-end scripts use: how each is installed and run.

use crate::{Outcome, args::Choice, process, workspace};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sdk {
    Node,
    Python,
    Rust,
}

impl Choice for Sdk {
    const ALL: &'static [Self] = &[Self::Node, Self::Python, Self::Rust];

    fn name(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Python => "python",
            Self::Rust => "rust",
        }
    }
}

impl Sdk {
    /// Installs what the lock file of the script names. A second time costs nothing.
    pub fn install(self) -> Outcome {
        match self {
            Self::Node => {
                unless_done(&e2e("node/package-lock.json"), &e2e("node/node_modules"), || npm_ci("node"))
            }
            Self::Python => unless_done(&e2e("python/requirements.txt"), &virtual_environment(), pip_install),
            Self::Rust => cargo_build(),
        }
    }

    /// The script, ready to be run against the server that its environment names.
    pub fn script(self) -> Command {
        match self {
            Self::Node => in_directory("node", Command::new("node"), "run.mjs"),
            Self::Python => in_directory("python", Command::new(python()), "run.py"),
            Self::Rust => Command::new(workspace::target().join("debug/e2e")),
        }
    }
}

/// What the lock file of this script's directory names, and no program of theirs is run.
pub fn npm_ci(directory: &str) -> Outcome {
    let words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    process::run(Command::new("npm").args(words).current_dir(e2e(directory)))
}

fn pip_install() -> Outcome {
    process::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(virtual_environment()))?;
    let words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    process::run(Command::new(python()).args(words).arg(e2e("python/requirements.txt")))
}

/// Cargo knows by itself what is done already.
fn cargo_build() -> Outcome {
    let mut build = workspace::cargo(["build", "--locked", "--manifest-path"]);
    process::run(build.arg(e2e("rust/Cargo.toml")).arg("--target-dir").arg(workspace::target()))
}

/// Does the work unless it was done for this very lock file and its result is
/// still there. A copy of the lock file under `target/` remembers that.
pub fn unless_done(lock: &Path, result: &Path, work: fn() -> Outcome) -> Outcome {
    let wanted = fs::read(lock).map_err(|error| format!("cannot read {}: {error}", lock.display()))?;
    let name = lock.strip_prefix(e2e("")).unwrap_or(lock).to_string_lossy().replace('/', "-");
    let memory = workspace::target().join(format!("e2e-{name}"));
    if result.exists() && fs::read(&memory).is_ok_and(|done| done == wanted) {
        return Ok(());
    }
    work()?;
    Ok(fs::write(memory, wanted)?)
}

fn in_directory(directory: &str, mut command: Command, script: &str) -> Command {
    command.arg(script).current_dir(e2e(directory));
    command
}

fn python() -> PathBuf {
    virtual_environment().join("bin/python")
}

fn virtual_environment() -> PathBuf {
    workspace::target().join("e2e-venv")
}

pub fn e2e(path: &str) -> PathBuf {
    workspace::root().join("e2e").join(path)
}
