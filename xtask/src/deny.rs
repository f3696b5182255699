//! Licences, sources and advisories, as far as the machine can judge them.

use crate::{Outcome, process, workspace::cargo};

/// Fails on a finding. What could not be looked at is said, and is no failure:
/// neither the tool nor its advisories come from where every machine reaches.
pub fn check() -> Outcome {
    if !process::succeeds(&mut cargo(["deny", "--version"])) {
        println!("not run: cargo-deny is not installed (cargo install --locked cargo-deny)");
        return Ok(());
    }
    let judge = ["deny", "--workspace", "check", "--hide-inclusion-graph"];
    process::run(cargo(judge).args(["bans", "licenses", "sources"]))?;
    match process::output(&mut cargo(["deny", "--workspace", "fetch", "db"])) {
        Ok(_) => process::run(cargo(judge).arg("advisories")),
        Err(failure) => {
            println!("advisories not checked: their database is out of reach\n{failure}");
            Ok(())
        }
    }
}
