//! Licences, sources and advisories, as far as the machine can judge them.

use crate::{Outcome, process, workspace::cargo};

/// Fails on a finding. What could not be looked at is said, and is no failure:
/// neither the tool nor its advisories come from where every machine reaches.
pub fn check() -> Outcome {
    if !process::succeeds(&mut cargo(["deny", "--version"])) {
        println!("not run: cargo-deny is not installed (cargo install --locked cargo-deny)");
        return Ok(());
    }
    process::run(&mut cargo(["deny", "--workspace", "check", "bans", "licenses", "sources"]))?;
    match process::output(&mut cargo(["deny", "--workspace", "fetch", "db"])) {
        Ok(_) => process::run(&mut cargo(["deny", "--workspace", "check", "--disable-fetch", "advisories"])),
        Err(failure) => {
            println!("advisories not checked: their database is out of reach\n{failure}");
            Ok(())
        }
    }
}
