//! A client that never rests: how much a Vestibule does in a second, and what
//! is left of its word after `kill -9`. `cargo xtask` starts the servers; this
//! program talks to the one that the variables of its `--env-file` name.

mod api;
mod authenticator;
mod backlog;
mod crew;
mod dev;
mod http;
mod kill;
mod load;
mod login;
mod people;

use std::{env, error::Error, path::PathBuf, process::ExitCode, rc::Rc};

use api::Api;
use load::{Load, Pace};

type Failure = Box<dyn Error>;
type Outcome<T = ()> = Result<T, Failure>;

const USAGE: &str = "\
bench gauge                   the same client against a server that does nothing
bench load MEASURE…           of sessions, completions, passwords, outage and search
    --members N                 who log in (3000)
    --organizations N           that they are spread over (1)
    --searched N                members that searches look through (100000)
bench pile-up --messages N    mails that nobody takes
bench go-on                   their time is over, and one more is asked for
bench burst --record FILE     logs in until the server is gone
bench replay --record FILE    tries everything that the burst was answered

gauge and load take --seconds N (8) and --connections N (16) and print JSON.";

/// One thread, so that the server keeps the rest of the machine.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let work = tokio::task::LocalSet::new();
    match work.run_until(dispatch(env::args().skip(1).collect())).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(words: Vec<String>) -> Outcome {
    let order = Order::read(words)?;
    match order.command.as_str() {
        "gauge" => load::gauge(order.pace).await,
        "load" => {
            let Order { measures, pace, members, organizations, searched, .. } = order;
            Load { measures, pace, members, organizations, searched }.run(&api()?).await
        }
        "pile-up" => backlog::pile_up(&api()?, order.messages).await,
        "go-on" => backlog::go_on(&api()?).await,
        "burst" => kill::burst(&api()?, &order.record).await,
        "replay" => kill::replay(&api()?, &order.record).await,
        _ => Err(USAGE.into()),
    }
}

fn api() -> Outcome<Rc<Api>> {
    Ok(Rc::new(Api::from_environment()?))
}

/// What the command line asks for.
struct Order {
    command: String,
    measures: Vec<String>,
    pace: Pace,
    members: usize,
    organizations: usize,
    searched: usize,
    messages: usize,
    record: PathBuf,
}

impl Order {
    fn read(words: Vec<String>) -> Outcome<Self> {
        let mut order = Self {
            command: String::new(),
            measures: Vec::new(),
            pace: Pace { seconds: 8, connections: 16 },
            members: 3000,
            organizations: 1,
            searched: 100_000,
            messages: 100_000,
            record: PathBuf::from("acknowledged.json"),
        };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} wants a value"));
            match word.as_str() {
                "--seconds" => order.pace.seconds = value()?.parse()?,
                "--connections" => order.pace.connections = value()?.parse()?,
                "--members" => order.members = value()?.parse()?,
                "--organizations" => order.organizations = value()?.parse()?,
                "--searched" => order.searched = value()?.parse()?,
                "--messages" => order.messages = value()?.parse()?,
                "--record" => order.record = PathBuf::from(value()?),
                _ if order.command.is_empty() => order.command = word,
                _ => order.measures.push(word),
            }
        }
        Ok(order)
    }
}
