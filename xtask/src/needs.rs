//! What the machine must have beside Cargo, and how a Debian gets it.

use crate::{Outcome, browser, postgres, process, test::Step};
use std::{env, fs, os::unix::fs::MetadataExt, path::Path, process::Command};

struct Need {
    what: &'static str,
    /// In Debian.
    packages: &'static [&'static str],
    steps: &'static [Step],
    is_met: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need {
        what: "a C compiler (cc)",
        packages: &["gcc", "libc6-dev"],
        steps: &[Step::Clippy, Step::Unit, Step::E2e, Step::Browser, Step::Schemathesis, Step::Kill],
        is_met: || process::succeeds(Command::new("cc").arg("--version")),
    },
    Need {
        what: "the programs of a PostgreSQL server (initdb, postgres)",
        packages: &["postgresql"],
        steps: &[Step::Unit, Step::E2e, Step::Browser, Step::Schemathesis, Step::Kill],
        is_met: || postgres::programs().is_some(),
    },
    Need {
        what: "Node.js 18 or newer, with npm",
        packages: &["nodejs", "npm"],
        steps: &[Step::E2e, Step::Browser],
        is_met: || {
            node_major().is_some_and(|major| major >= 18)
                && process::succeeds(Command::new("npm").arg("--version"))
        },
    },
    Need {
        what: "Python 3.11 or newer, with venv",
        packages: &["python3", "python3-venv"],
        steps: &[Step::E2e, Step::Schemathesis],
        is_met: || process::succeeds(Command::new("python3").args(["-c", MODERN_PYTHON])),
    },
    Need {
        what: "Chromium (or VESTIBULE_CHROMIUM with the path of one)",
        packages: &["chromium"],
        steps: &[Step::Browser],
        is_met: || process::succeeds(Command::new(browser::chromium()).arg("--version")),
    },
    Need {
        what: "OpenSSL's program",
        packages: &["openssl"],
        steps: &[Step::Browser],
        is_met: || process::succeeds(Command::new("openssl").arg("version")),
    },
];

const MODERN_PYTHON: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    IsInstalled,
    IsNamed,
}

/// Nothing that these steps need is missing when this returns.
pub fn provide(steps: &[Step], missing: Missing) -> Outcome {
    let lacking = lacking(steps);
    if lacking.is_empty() {
        return Ok(());
    }
    if missing == Missing::IsInstalled && is_root_on_debian() {
        install(&lacking)?;
        return refuse(&self::lacking(steps));
    }
    refuse(&lacking)
}

/// CI machines come bare.
pub fn is_ci() -> bool {
    env::var("CI").is_ok_and(|it| it == "true")
}

fn lacking(steps: &[Step]) -> Vec<&'static Need> {
    let concerns = |need: &&Need| need.steps.iter().any(|step| steps.contains(step));
    NEEDS.iter().filter(concerns).filter(|need| !(need.is_met)()).collect()
}

fn install(lacking: &[&Need]) -> Outcome {
    let apt = |words: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.arg("--quiet").args(words).env("DEBIAN_FRONTEND", "noninteractive");
        process::run(&mut apt)
    };
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"][..], &packages(lacking)].concat())
}

fn refuse(lacking: &[&Need]) -> Outcome {
    if lacking.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = lacking.iter().map(|need| need.what).collect();
    Err(format!(
        "this machine lacks {}.\nOn Debian, as root:\n\n    apt-get update && apt-get install {}\n\n\
         `cargo xtask test --install` does that for you.",
        names.join("; "),
        packages(lacking).join(" ")
    )
    .into())
}

fn packages(lacking: &[&Need]) -> Vec<&'static str> {
    lacking.iter().flat_map(|need| need.packages).copied().collect()
}

fn is_root_on_debian() -> bool {
    Path::new("/etc/debian_version").exists() && fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0)
}

fn node_major() -> Option<u32> {
    let version = process::output(Command::new("node").arg("--version")).ok()?;
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}
