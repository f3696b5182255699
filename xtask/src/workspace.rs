//! Where things lie in the checkout, and how they are built.

use crate::{Outcome, process};
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

pub fn cargo<'a>(words: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new("cargo");
    command.args(words).current_dir(root());
    command
}

#[derive(Clone, Copy)]
pub enum Profile {
    Dev,
    Release,
}

/// The programs that the end-to-end, kill and bench runs start.
pub struct Binaries {
    pub vestibule: PathBuf,
    pub bench: PathBuf,
}

impl Binaries {
    /// Builds both, or only what drives the server when that is given.
    pub fn build(profile: Profile, server: Option<&Path>) -> Outcome<Self> {
        let packages: &[_] = match (profile, server) {
            (_, Some(_)) => &["--package", "bench"],
            // All of them at once: the tests then find every dependency built with the same features.
            (Profile::Dev, None) => &["--workspace"],
            (Profile::Release, None) => &["--package", "vestibule", "--package", "bench"],
        };
        process::run(cargo(["build", "--bins"]).args(packages).args(profile.flag()))?;
        let built = |name: &str| target().join(profile.directory()).join(name);
        let vestibule = server.map_or_else(|| Ok(built("vestibule")), Path::canonicalize)?;
        Ok(Self { vestibule, bench: built("bench") })
    }
}

impl Profile {
    fn flag(self) -> Option<&'static str> {
        match self {
            Self::Dev => None,
            Self::Release => Some("--release"),
        }
    }

    fn directory(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}
