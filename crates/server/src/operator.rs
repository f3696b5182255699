//! What the operator does at the command line: schema, projects, locked members.

pub mod admin;
pub mod audit;
pub mod backup;
pub mod doctor;
pub mod health;
pub mod keys;
pub mod organizations;
pub mod secrets;
pub mod sms;
pub mod templates;
pub mod trace;
pub mod trusted_tokens;
pub mod webhooks;

use crate::{
    Failure, clock,
    command::{Configured, Impersonate, MemberCommand, ProjectCommand},
    config::Config,
    serve,
};
use domain::{
    audit::Actor,
    email::EmailAddress,
    id::ProjectId,
    projects::{Environment, Project},
};
use flows::{
    App,
    impersonation::{self, Mint},
    projects::{self, document::Administrator},
};
use std::{path::Path, sync::Arc};

/// Brings the schema up to date.
///
/// # Errors
/// When a migration fails.
pub async fn migrate(config: &Path) -> Result<(), Failure> {
    let config = Config::load(config)?;
    serve::open(&config).await?;
    println!("{}: the schema is up to date.", config.database);
    Ok(())
}

/// # Errors
/// When the project does not exist or a setting is wrong.
pub async fn project(command: ProjectCommand) -> Result<(), Failure> {
    match command {
        ProjectCommand::Create { name, environment, configured } => {
            let app = open(&configured).await?;
            create(&app, &name, environment).await
        }
        ProjectCommand::Show { project_id: Some(id), configured } => {
            let app = open(&configured).await?;
            show(&find(&app, &id).await?);
            Ok(())
        }
        ProjectCommand::Show { project_id: None, configured } => {
            let app = open(&configured).await?;
            list(&app).await
        }
        ProjectCommand::Set { project_id, settings, configured } => {
            let app = open(&configured).await?;
            set(&app, &project_id, &settings).await
        }
        ProjectCommand::Export { project_id, json, configured } => {
            admin::export(project_id.as_deref(), json, &configured).await
        }
        ProjectCommand::Secret(command) => keys::secrets(command).await,
    }
}

/// # Errors
/// When there is no such member.
pub async fn member(command: MemberCommand) -> Result<(), Failure> {
    let MemberCommand::Unlock { project, organization, member, configured } = command;
    let app = open(&configured).await?;
    let project = meant(&app, project.as_deref()).await?.project_id;
    let (now, mut luck) = (clock::machine(), clock::luck());
    projects::unlock(&app, (&project, &organization, &member), (now, &mut luck)).await?;
    println!("The member is unlocked.");
    Ok(())
}

/// # Errors
/// When there is no such member, or they may not be impersonated.
pub async fn impersonate(options: Impersonate) -> Result<(), Failure> {
    let app = open(&options.configured).await?;
    let project = meant(&app, options.project.as_deref()).await?;
    let wanted = Mint {
        project: &project,
        organization: &options.organization,
        member: &options.member,
        impersonator_id: "operator",
        impersonator_email_address: EmailAddress::parse(&options.by)?,
        reason: &options.reason,
        actor: Actor::Operator,
    };
    let minted = impersonation::mint(&app, wanted, (clock::machine(), &mut clock::luck())).await?;
    println!("impersonation_token  {}", minted.token.expose());
    println!("expires_at           {}", minted.expires_at);
    Ok(())
}

async fn open(configured: &Configured) -> Result<Arc<App>, Failure> {
    serve::open(&Config::load(&configured.config)?).await
}

async fn create(app: &App, name: &str, environment: Environment) -> Result<(), Failure> {
    if name.trim().is_empty() || name.chars().count() > 128 {
        return Err("--name: 1 to 128 characters".into());
    }
    let created = projects::create(
        app,
        (name, environment),
        Administrator::Operator,
        (clock::machine(), &mut clock::luck()),
    )
    .await?;
    println!("project_id    {}", created.project.project_id);
    println!("secret        {}", created.secret.expose());
    println!("public_token  {}", created.project.public_token);
    println!();
    println!("The secret is shown once; only its digest is kept.");
    println!("Next: vestibule project set {} redirect_urls.login=https://…", created.project.project_id);
    Ok(())
}

async fn set(app: &App, id: &str, settings: &[String]) -> Result<(), Failure> {
    let project = find(app, id).await?;
    let mut changes = Vec::new();
    for setting in settings {
        let (key, value) = setting.split_once('=').ok_or_else(|| format!("{setting}: write KEY=VALUE"))?;
        changes.push((key.trim(), value.trim()));
    }
    let luck = (clock::machine(), &mut clock::luck());
    let settings = projects::change_settings(app, (&project.project_id, &changes), luck).await?;
    show(&Project { settings, ..project });
    Ok(())
}

async fn list(app: &App) -> Result<(), Failure> {
    for project in store::projects::all(&mut app.db.read().await?).await? {
        println!("{}  {}  {}", project.project_id, project.environment, project.name);
    }
    Ok(())
}

fn show(project: &Project) {
    println!("project_id = {}", project.project_id);
    println!("name = {}", project.name);
    println!("public_token = {}", project.public_token);
    for (key, value) in project.settings.written() {
        println!("{key} = {value}");
    }
}

/// The project that is named, or the only one there is.
async fn meant(app: &App, named: Option<&str>) -> Result<Project, Failure> {
    if let Some(id) = named {
        return find(app, id).await;
    }
    let mut all = store::projects::all(&mut app.db.read().await?).await?;
    match (all.pop(), all.len()) {
        (Some(only), 0) => Ok(only),
        (None, _) => Err("there is no project yet; `vestibule project create` makes one".into()),
        (Some(_), others) => Err(format!(
            "--project: name one of the {} there are; `vestibule project show` lists them",
            others + 1
        )
        .into()),
    }
}

async fn find(app: &App, id: &str) -> Result<Project, Failure> {
    let id: ProjectId = id.parse().map_err(|_| "a project id looks like project-test-… or project-live-…")?;
    let found = store::projects::find(&mut app.db.read().await?, &id).await?;
    Ok(found.ok_or_else(|| format!("there is no project {id}"))?)
}
