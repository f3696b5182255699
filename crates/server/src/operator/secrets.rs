//! Replacing the server key.

use crate::{Failure, clock, command::keys::SecretsCommand, config::Config, key_file, serve};
use domain::time::Span;
use flows::{
    App,
    secrets::{self, BATCH, Status},
};
use std::{path::Path, time::Duration};
use store::operations;

/// How often what came in meanwhile is put under the new key too.
const PASSES: usize = 3;

/// # Errors
/// When the key file or the database cannot be changed, or something is in the way.
pub async fn run(command: SecretsCommand) -> Result<(), Failure> {
    match command {
        SecretsCommand::Rotate { configured, status: true, .. } => {
            let app = serve::open(&Config::load(&configured.config)?).await?;
            show(&secrets::status(&app, clock::machine()).await?);
            Ok(())
        }
        SecretsCommand::Rotate { configured, stage, wait, .. } => {
            let config = Config::load(&configured.config)?;
            rotate(&config, stage, wait).await
        }
        SecretsCommand::Retire { configured, version, force } => {
            let config = Config::load(&configured.config)?;
            let app = serve::open(&config).await?;
            let luck = (clock::machine(), &mut clock::luck());
            for died in secrets::retire(&app, (version, force), luck).await? {
                println!("Dead now: {died}.");
            }
            key_file::remove_version(&config.server_key_file, version)?;
            println!("Version {version} is out of {}.", config.server_key_file.display());
            println!("Remove it from the other nodes' files, too.");
            tell_of_backups(&app, version).await
        }
    }
}

/// Retiring makes what was written under the version unreadable wherever it is.
async fn tell_of_backups(app: &App, version: u32) -> Result<(), Failure> {
    let (now, status) = (clock::machine(), secrets::status(app, clock::machine()).await?);
    println!("Backups, snapshots and files of `backup keys` from before {} cannot be read", status.since);
    println!("without it, and those from before {now} may hold rows that cannot: make new ones now.");
    match operations::backed_up_at(&mut app.db.read().await?).await? {
        Some(at) => println!("The last backup by this program is from {at}."),
        None => println!("This program made no backup of this database."),
    }
    println!("Keep a copy of version {version} apart until the last of them is deleted, and no longer;");
    println!("docs/keys.md says how such a backup is put back.");
    Ok(())
}

async fn rotate(config: &Config, stage: bool, wait: Span) -> Result<(), Failure> {
    let app = serve::open(config).await?;
    let (path, before) = (&config.server_key_file, secrets::status(&app, clock::machine()).await?);
    let staged = before.versions.last().is_some_and(|it| *it > before.sealing);
    if stage && staged {
        return Err(
            "a version waits in the key file already; `vestibule secrets rotate` puts it to use".into()
        );
    }
    if !staged && (stage || before.to_renew() == 0) {
        let version = key_file::add_version(path)?;
        app.server_key.take_up(key_file::read(path)?)?;
        println!("Version {version} is in {}. Keep a copy, apart from the database's.", path.display());
    }
    if stage {
        println!("Copy the file to every node, then run `vestibule secrets rotate` on one of them.");
        return Ok(());
    }
    activate_and_renew(&app, path, wait).await
}

async fn activate_and_renew(app: &App, path: &Path, wait: Span) -> Result<(), Failure> {
    let mut luck = clock::luck();
    let pause = Duration::from_millis(wait.as_milliseconds().unsigned_abs());
    if secrets::status(app, clock::machine()).await?.versions.last() != Some(&app.server_key.sealing()) {
        println!("Running servers read the key file …");
        tokio::time::sleep(pause).await;
    }
    let version = secrets::activate(app, (clock::machine(), &mut luck), &mut |_| Ok(())).await?;
    println!("Version {version} seals everything new. Running servers follow …");
    tokio::time::sleep(pause).await;
    for _ in 0..PASSES {
        let renewed = secrets::renew(app, (clock::machine(), BATCH), &mut luck, &mut |_| Ok(())).await?;
        println!("{renewed} rows were put under it.");
        if renewed == 0 {
            break;
        }
    }
    let status = secrets::status(app, clock::machine()).await?;
    show(&status);
    if status.to_renew() > 0 {
        return Err(format!("{} rows are not under it; run the command again", status.to_renew()).into());
    }
    let old = status.versions.iter().filter(|it| **it != version);
    for old in old {
        println!("In an hour: vestibule secrets retire {old}, which takes it out of {}", path.display());
    }
    Ok(())
}

fn show(status: &Status) {
    let versions: Vec<String> = status.versions.iter().map(|it| format!("v{it}")).collect();
    println!("in the key file  {}", versions.join(" "));
    println!("seals            v{} since {}", status.sealing, status.since);
    for it in &status.uses {
        let note =
            if it.renewable { "" } else { "  (digests alone: they stay until they are used or replaced)" };
        println!("v{}  {:>9}  {}{note}", it.version, it.rows, it.kind);
    }
}
