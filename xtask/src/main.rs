//! The workspace's own commands: `cargo xtask test` is what CI runs, `cargo xtask bench` measures.

mod args;
mod bench;
mod browser;
mod database;
mod deny;
mod e2e;
mod env_file;
mod kill;
mod needs;
mod port;
mod postgres;
mod process;
mod schemathesis;
mod sdk;
mod server;
mod temp;
mod test;
mod workspace;

use std::{env, error::Error, process::ExitCode};

use args::Args;

/// A sentence for the person at the terminal.
type Failure = Box<dyn Error + Send + Sync>;
type Outcome<T = ()> = Result<T, Failure>;

const USAGE: &str = "\
cargo xtask test    everything that CI checks, step by step
    --only STEP          fmt, clippy, deny, unit, e2e, browser, schemathesis or kill; may be repeated
    --sdk NAME           of the end-to-end scripts: node, python or rust; may be repeated
    --database NAME      of the end-to-end scripts and the kill test: sqlite or postgres; may be repeated
    --server PATH        this `vestibule` instead of one built here, for e2e, browser, schemathesis and kill
    --write-compatibility  writes docs/compatibility.md as this run finds it, instead of comparing
    --install            as root on Debian: install what is missing (CI=true implies it)

cargo xtask bench   what a release build does in a second, on both databases
    --only MEASURE       gauge, startup, sessions, completions, passwords or search; may be repeated
                         (search is measured only when it is named)
    --database NAME      sqlite or postgres; may be repeated
    --seconds N          how long each measure lasts (8)
    --connections N      at a time (16; completions take four times as many)
    --members N          who complete logins, each once a round (3000)
    --organizations N    that they are spread over (1)
    --searched N         members that searches look through (100000)
    --server PATH        this `vestibule` instead of one built here
    --json FILE          writes the figures there as well";

fn main() -> ExitCode {
    match dispatch(env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(mut words: Vec<String>) -> Outcome {
    if words.is_empty() || words.iter().any(|word| word == "--help") {
        println!("{USAGE}");
        return Ok(());
    }
    match words.remove(0).as_str() {
        "test" => test::run(Args::new(words)),
        "bench" => bench::run(Args::new(words)),
        other => Err(format!("there is no command `{other}`\n\n{USAGE}").into()),
    }
}
