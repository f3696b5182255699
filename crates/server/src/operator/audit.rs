//! The audit log at the command line.

mod export;

use super::{find, open};
use crate::{
    Failure, clock,
    command::{
        Configured,
        audit::{AuditCommand, Verify},
    },
    heads_file,
};
use domain::time::Span;
use flows::{
    App, Error,
    audit::{
        keys, offline,
        verification::{self, Kept, Part, Report},
    },
};
use std::{
    fs::File,
    io::{BufRead, BufReader, Write, stdout},
    path::Path,
    process::ExitCode,
};
use store::{Tenant, audit::heads, tenant};

/// Documents read at a time.
const DOCUMENTS: i64 = 20;

/// # Errors
/// When what was named is not there, or cannot be read.
pub async fn run(command: AuditCommand) -> Result<ExitCode, Failure> {
    match command {
        AuditCommand::Verify(options) => verify(&options).await,
        AuditCommand::Export(options) => export::run(options).await,
        AuditCommand::Key(configured) => key(&configured).await,
        AuditCommand::RotateKey { activate_after, configured } => {
            rotate_key(&configured, activate_after).await
        }
        AuditCommand::Heads { after, configured } => print_heads(&configured, after).await,
    }
}

async fn verify(options: &Verify) -> Result<ExitCode, Failure> {
    if let Some(export) = &options.export {
        return offline(export, options);
    }
    let app = open(&options.configured).await?;
    let part = part(&app, options).await?;
    let kept = kept(options)?;
    let mut seen = |chain: &domain::audit::chain::ChainId, end: &domain::audit::chain::End| {
        if options.chains {
            println!("{chain}: {} rows, head {}", end.length, end.head);
        }
    };
    let report = verification::verify(&app.db, &part, kept, &mut seen).await?;
    Ok(show(&report))
}

/// Without the database and without the server key.
fn offline(export: &Path, options: &Verify) -> Result<ExitCode, Failure> {
    if options.heads.is_some() && options.public_key.is_empty() {
        return Err("--heads: name the --public-key that checks them; `vestibule audit key` prints it".into());
    }
    let file = File::open(export).map_err(|error| format!("{}: {error}", export.display()))?;
    let lines = BufReader::new(file).lines().map(|line| line.map_err(|error| error.to_string()));
    let report = offline::verify(lines, &options.public_key, kept(options)?);
    if options.heads.is_none() {
        println!("Without --heads, nobody can tell whether the export ends where it should.");
    }
    Ok(show(&report))
}

fn kept(options: &Verify) -> Result<Option<Kept>, Failure> {
    Ok(match &options.heads {
        Some(file) => Some(Box::new(heads_file::read(file)?)),
        None => None,
    })
}

/// What is wrong goes to standard output too: it is the answer.
fn show(report: &Report) -> ExitCode {
    for bad in &report.bad {
        println!("BAD  {bad}");
    }
    for wrong in &report.heads {
        println!("BAD  {wrong}");
    }
    println!("{} chains, {} good rows, {} signed documents", report.chains, report.rows, report.documents);
    if report.is_good() {
        println!("The audit log is as it was written.");
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn part(app: &App, options: &Verify) -> Result<Part, Failure> {
    let Some(project) = &options.project else { return Ok(Part::default()) };
    let project = find(app, project).await?.project_id;
    let Some(reference) = &options.organization else {
        return Ok(Part { project: Some(project), organization: None });
    };
    // The chain of an organization that was deleted is still there, under its id.
    let organization = match tenant::resolve(&mut app.db.read().await?, &project, reference).await? {
        Some(found) => Tenant::organization_id(&found).clone(),
        None => {
            reference.parse().map_err(|_| Error::Operator(format!("there is no organization {reference}")))?
        }
    };
    Ok(Part { project: Some(project), organization: Some(organization) })
}

async fn key(configured: &Configured) -> Result<ExitCode, Failure> {
    let app = open(configured).await?;
    let key = app.db.audit_key().ok_or("the database has no audit key")?;
    key.public_keys().iter().for_each(|it| println!("{it}"));
    Ok(ExitCode::SUCCESS)
}

async fn rotate_key(configured: &Configured, notice: Span) -> Result<ExitCode, Failure> {
    let (app, now) = (open(configured).await?, clock::machine());
    let version = keys::rotate(&app.db, &app.server_key, notice, (now, &mut clock::luck())).await?;
    println!("Version {version} proves the audit log from {} on. Its public key:", now.plus(notice));
    let key = app.db.audit_key().ok_or("the database has no audit key")?;
    key.public_keys().iter().filter(|it| it.version == version).for_each(|it| println!("{it}"));
    Ok(ExitCode::SUCCESS)
}

async fn print_heads(configured: &Configured, mut after: i64) -> Result<ExitCode, Failure> {
    let app = open(configured).await?;
    loop {
        let some = heads::after(&mut app.db.read().await?, after, DOCUMENTS).await?;
        let Some(last) = some.last() else { return Ok(ExitCode::SUCCESS) };
        after = last.number;
        for document in &some {
            writeln!(stdout(), "{}", serde_json::to_string(&document.signed)?)?;
        }
    }
}
