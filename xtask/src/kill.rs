//! The kill test: what the server has acknowledged outlives `kill -9`.

use crate::{
    Outcome, args::Choice, database::Database, postgres::Postgres, process, server::Server, temp::Temp,
    workspace::Binaries,
};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

/// How long logins go on before the kill.
const BURST: Duration = Duration::from_millis(1500);
const LONGEST: Duration = Duration::from_mins(1);

/// Logs in without pause, kills the server in the midst of it, starts it again
/// on the same data and tries everything it had answered for. The closing line
/// of each database counts those checks.
pub fn run(binaries: &Binaries, databases: &[Database], postgres: &Postgres) -> Outcome {
    for &database in databases {
        println!("-- {}", database.name());
        let url = database.fresh(postgres, "kill")?;
        kill_and_replay(binaries, url.as_deref())?;
    }
    Ok(())
}

fn kill_and_replay(binaries: &Binaries, database: Option<&str>) -> Outcome {
    let home = Temp::new()?;
    let record = home.path().join("acknowledged.json");
    let server = Server::start(&binaries.vestibule, home.path(), database)?;
    let mut burst = bench(binaries, &server, "burst", &record).stdout(Stdio::piped()).spawn()?;
    wait_for_first_line(&mut burst)?;
    thread::sleep(BURST);
    server.kill()?;
    end_of(&mut burst)?;

    let server = Server::start(&binaries.vestibule, home.path(), database)?;
    process::run(&mut bench(binaries, &server, "replay", &record))
        .map_err(|failure| format!("{failure}\n-- the server:\n{}", server.log()))?;
    server.stop()
}

fn bench(binaries: &Binaries, server: &Server, what: &str, record: &Path) -> Command {
    let mut bench = Command::new(&binaries.bench);
    bench.args([what, "--record"]).arg(record).envs(server.variables()).stdin(Stdio::null());
    bench
}

/// It says when the logins have begun.
fn wait_for_first_line(burst: &mut Child) -> Outcome {
    let mut line = String::new();
    if let Some(stdout) = burst.stdout.take() {
        BufReader::new(stdout).read_line(&mut line)?;
    }
    if line.is_empty() { Err("the burst of logins did not begin".into()) } else { Ok(()) }
}

fn end_of(burst: &mut Child) -> Outcome {
    match process::wait_at_most(burst, LONGEST)? {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(format!("the burst of logins ended with {status}").into()),
        None => {
            burst.kill()?;
            burst.wait()?;
            Err("the burst of logins did not notice that the server is gone".into())
        }
    }
}
