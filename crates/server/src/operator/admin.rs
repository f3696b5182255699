//! Projects as code, and the tokens that administer them over HTTP.

use super::{meant, open};
use crate::{
    Failure, clock,
    command::{
        Configured,
        admin::{AdminTokenCommand, Apply},
    },
};
use domain::projects::document::ProjectDocument;
use flows::{
    admin_tokens,
    projects::document::{self, Administrator, Applied},
};
use serde_json::{Value, json};
use std::{fs, path::Path, process::ExitCode};

/// What `--dry-run` ends with when something would change.
const WOULD_CHANGE: u8 = 2;

/// # Errors
/// When the project does not exist, or the document cannot be read or taken.
pub async fn apply(options: Apply) -> Result<ExitCode, Failure> {
    let wanted = read(&options.file)?;
    let app = open(&options.configured).await?;
    let project = meant(&app, options.project.as_deref()).await?.project_id;
    let apply = document::Apply {
        project: &project,
        document: &wanted,
        revision: None,
        dry_run: options.dry_run,
        by: Administrator::Operator,
    };
    let applied = document::apply(&app, apply, (clock::machine(), &mut clock::luck())).await;
    let applied = applied.map_err(|error| format!("{}: {error}", options.file.display()))?;
    tell(&applied, &options)?;
    let would_change = options.dry_run && !applied.changes.is_empty();
    Ok(if would_change { ExitCode::from(WOULD_CHANGE) } else { ExitCode::SUCCESS })
}

/// Prints the whole document of a project, as `apply` reads it.
///
/// # Errors
/// When the project does not exist.
pub async fn export(project: Option<&str>, json: bool, configured: &Configured) -> Result<(), Failure> {
    let app = open(configured).await?;
    let project = meant(&app, project).await?.project_id;
    let (_, document) = document::read(&app, &project).await?;
    if json {
        println!("{}", serde_json::to_string_pretty(&document)?);
    } else {
        println!("{}", toml::to_string(&document)?.trim_end());
    }
    Ok(())
}

/// # Errors
/// When there is no such token, or it would be a wrong one.
pub async fn tokens(command: AdminTokenCommand) -> Result<(), Failure> {
    match command {
        AdminTokenCommand::Create { name, lasts, configured } => {
            let luck = (clock::machine(), &mut clock::luck());
            let (token, made) =
                admin_tokens::create(&*open(&configured).await?, (&name, lasts), luck).await?;
            println!("id       {}", made.id);
            println!("token    {}", token.expose());
            println!("expires  {}", made.expires_at);
            println!();
            println!("The token is shown once; only its digest is kept. It administers every project.");
        }
        AdminTokenCommand::List(configured) => {
            for it in admin_tokens::list(&*open(&configured).await?).await? {
                let since = format!("since {} until {}", it.created_at, it.expires_at);
                println!("{}  …{}  {since}  {}", it.id, it.last_four, it.name);
            }
        }
        AdminTokenCommand::Revoke { id, configured } => {
            let luck = (clock::machine(), &mut clock::luck());
            admin_tokens::revoke(&*open(&configured).await?, &id, luck).await?;
            println!("The token is revoked.");
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<ProjectDocument, Failure> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let text = fs::read_to_string(file).map_err(|error| named(&error))?;
    if file.extension().is_some_and(|it| it.eq_ignore_ascii_case("json")) {
        Ok(serde_json::from_str(&text).map_err(|error| named(&error))?)
    } else {
        Ok(toml::from_str(&text).map_err(|error| named(&error))?)
    }
}

/// The secrets of new endpoints are printed here and nowhere else: in JSON, beside the change that made them.
fn tell(Applied { changes, made, .. }: &Applied, options: &Apply) -> Result<(), Failure> {
    if options.json {
        let mut told = serde_json::to_value(changes)?;
        for (endpoint, secret) in made {
            let is_its = |it: &&mut Value| {
                it["after"]["url"] == endpoint.url.to_string() && it.get("secret").is_none()
            };
            let created = told.as_array_mut().into_iter().flatten().filter(|it| it["before"].is_null());
            if let Some(change) = created.into_iter().find(is_its) {
                change["endpoint_id"] = json!(endpoint.endpoint_id);
                change["secret"] = json!(secret.expose());
            }
        }
        println!("{}", serde_json::to_string_pretty(&told)?);
        return Ok(());
    }
    for change in changes {
        println!("{change}");
    }
    for (endpoint, secret) in made {
        println!();
        println!("url          {}", endpoint.url);
        super::webhooks::show_secret(endpoint, secret);
        println!();
    }
    println!(
        "{}",
        match (changes.len(), options.dry_run) {
            (0, _) => "Nothing to change.".to_owned(),
            (1, true) => "1 setting would change.".to_owned(),
            (1, false) => "1 setting changed.".to_owned(),
            (many, true) => format!("{many} settings would change."),
            (many, false) => format!("{many} settings changed."),
        }
    );
    Ok(())
}
