//! Wiring: the command line, the configuration, the listener, the workers.

#[macro_use]
mod out;

mod check;
mod clock;
mod command;
mod config;
mod database;
mod dev;
mod heads_file;
mod init;
mod key_file;
mod listener;
mod operations;
mod operator;
mod places;
mod serve;
mod telemetry;
mod workers;

use clap::Parser;
use command::{Cli, Command};
use std::{
    io::{Write, stdout},
    process::ExitCode,
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Whatever stops a command, in words for the operator.
type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(run(cli)),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(code) if out::was_heard() => code,
        Ok(_) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("vestibule: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    // A core dump would hold the server key and whatever was being said.
    rlimit::setrlimit(rlimit::Resource::CORE, 0, 0)?;
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_| "a TLS provider was installed before the program's own")?;
    let done = match cli.command {
        Command::Audit(command) => return operator::audit::run(command).await,
        Command::Webhook(command) => return operator::webhooks::run(command).await,
        Command::Apply(options) => return operator::admin::apply(options).await,
        Command::Doctor(options) => return Ok(operator::doctor::run(options).await),
        Command::Health(options) => operator::health::run(&options).await,
        Command::AdminToken(command) => operator::admin::tokens(command).await,
        Command::Dev(options) => dev::run(options).await,
        Command::Serve(options) => serve::run(&options.config).await,
        Command::Init(options) => init::run(&options),
        Command::Migrate(options) => operator::migrate(&options.config).await,
        Command::CheckConfig(options) => check::run(&options.config),
        Command::Project(command) => operator::project(command).await,
        Command::Member(command) => operator::member(command).await,
        Command::Keys(command) => operator::keys::keys(command).await,
        Command::Impersonate(options) => operator::impersonate(options).await,
        Command::Secrets(command) => operator::secrets::run(command).await,
        Command::Backup(options) => operator::backup::run(options).await,
        Command::Organization(command) => operator::organizations::run(command).await,
        Command::Restore(options) => operator::backup::restore(options).await,
        Command::TrustedTokenProfile(command) => operator::trusted_tokens::trusted_tokens(command).await,
        Command::Template(command) => operator::templates::templates(command).await,
        Command::Trace(options) => operator::trace::run(options).await,
        Command::Sms(command) => operator::sms::run(command).await,
        Command::Routes => {
            print_routes();
            Ok(())
        }
        Command::Openapi => Ok(write!(stdout(), "{}", api::openapi::printed())?),
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// One `METHOD path` a line, from the table that serves them.
fn print_routes() {
    for route in api::every_route().table() {
        println!("{} {}", route.method, route.path);
    }
}
