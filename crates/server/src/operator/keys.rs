//! The keys that sign, and the secrets of projects.

use super::{find, meant, open};
use crate::{
    Failure, clock,
    command::keys::{KeysCommand, OfProject, SecretCommand},
};
use domain::{id::ProjectId, signing_keys::Handover, time::Span};
use flows::{
    App,
    keys::{self, Rotated},
    projects::secrets::{self, Added},
};

/// # Errors
/// When the project or the key does not exist, or clients could not follow.
pub async fn keys(command: KeysCommand) -> Result<(), Failure> {
    match command {
        KeysCommand::List(of) => {
            let (app, project) = project_of(&of).await?;
            list(&app, &project).await
        }
        KeysCommand::Rotate { of, activate_after, overlap } => {
            let plan = Handover::new(activate_after, overlap)?;
            let (app, project) = project_of(&of).await?;
            rotate(&app, &project, plan).await
        }
        KeysCommand::Revoke { of, key_id } => {
            let (app, project) = project_of(&of).await?;
            revoke(&app, &project, &key_id).await
        }
    }
}

/// # Errors
/// When the project or the secret does not exist, or it is the last one.
pub async fn secrets(command: SecretCommand) -> Result<(), Failure> {
    let (now, mut luck) = (clock::machine(), clock::luck());
    match command {
        SecretCommand::List(of) => {
            let app = open(&of.configured).await?;
            list_secrets(&app, &find(&app, &of.project_id).await?.project_id).await
        }
        SecretCommand::Add(of) => {
            let app = open(&of.configured).await?;
            let project = find(&app, &of.project_id).await?.project_id;
            show(&secrets::add(&app, &project, (now, &mut luck)).await?);
            Ok(())
        }
        SecretCommand::Rotate { of, overlap } => {
            let app = open(&of.configured).await?;
            let project = find(&app, &of.project_id).await?.project_id;
            show(&secrets::rotate(&app, &project, overlap, (now, &mut luck)).await?);
            println!("Earlier secrets of the project end at {}.", now.plus(overlap));
            Ok(())
        }
        SecretCommand::Remove { of, secret, force } => {
            let app = open(&of.configured).await?;
            let project = find(&app, &of.project_id).await?.project_id;
            secrets::remove(&app, &project, (&secret, force), (now, &mut luck)).await?;
            println!("The secret is removed: calls with it are refused from now on.");
            Ok(())
        }
    }
}

async fn project_of(of: &OfProject) -> Result<(std::sync::Arc<App>, ProjectId), Failure> {
    let app = open(&of.configured).await?;
    let project = meant(&app, of.project.as_deref()).await?.project_id;
    Ok((app, project))
}

async fn list(app: &App, project: &ProjectId) -> Result<(), Failure> {
    let now = clock::machine();
    for key in keys::list(app, project, now).await? {
        let until = key.life.retires_at.map_or_else(|| "-".to_owned(), |it| it.to_string());
        println!(
            "{}  {:<9}  created {}  signs from {}  listed until {until}",
            key.key_id, key.stage, key.life.created_at, key.life.activates_at
        );
    }
    for key in keys::due(app, now).await?.into_iter().filter(|it| &it.project_id == project) {
        let days = key.age.as_milliseconds() / Span::days(1).as_milliseconds();
        println!();
        println!("{} is {days} days old. Replace it every six months: vestibule keys rotate", key.key_id);
    }
    Ok(())
}

async fn rotate(app: &App, project: &ProjectId, plan: Handover) -> Result<(), Failure> {
    match keys::rotate(app, project, plan, (clock::machine(), &mut clock::luck())).await? {
        Rotated::Follows { key_id, activates_at, old_until } => {
            println!("{key_id} is published and signs from {activates_at}.");
            println!("Earlier keys stay listed until {old_until}. Nothing is left to do.");
            Ok(())
        }
        Rotated::Waits { key_id, activates_at } => {
            Err(format!("a rotation is under way: {key_id} signs from {activates_at}").into())
        }
    }
}

async fn revoke(app: &App, project: &ProjectId, key_id: &str) -> Result<(), Failure> {
    let signs = keys::revoke(app, project, key_id, (clock::machine(), &mut clock::luck())).await?;
    println!("{key_id} is revoked: this server's nodes refuse what it signed. Sessions live on.");
    println!("{signs} signs now; a running node takes it up within 5 seconds.");
    println!("Backends that check JWTs themselves follow when they read the key set again: clients");
    println!("keep it for 10 minutes, believe the revoked key for as long, and may refuse new JWTs");
    println!("until then. Restart them to be sure.");
    Ok(())
}

async fn list_secrets(app: &App, project: &ProjectId) -> Result<(), Failure> {
    for secret in secrets::list(app, project, clock::machine()).await? {
        let last_four = if secret.last_four.is_empty() { "????" } else { &secret.last_four };
        let until = secret.expires_at.map_or_else(String::new, |it| format!("  ends {it}"));
        println!("{}  …{last_four}  created {}{until}", secret.name, secret.created_at);
    }
    Ok(())
}

fn show(added: &Added) {
    println!("name    {}", added.name);
    println!("secret  {}", added.secret.expose());
    println!();
    println!("The secret is shown once; only its digest is kept.");
}
