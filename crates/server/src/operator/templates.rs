//! Mail templates, at the command line.

use super::{meant, open};
use crate::{
    Failure, clock,
    command::templates::{Owner, Part, TemplateCommand},
};
use domain::{
    id::ProjectId,
    templates::{Content, Rendered, Template},
};
use flows::{
    App,
    projects::document::Administrator,
    templates::{management, preview},
};
use std::{fs, path::Path, sync::Arc};

/// # Errors
/// When there is no such project, organization or template, or the file holds none that can be taken.
pub async fn templates(command: TemplateCommand) -> Result<(), Failure> {
    match command {
        TemplateCommand::List { owner } => list(&owner).await,
        TemplateCommand::Set { owner, id, default, file } => set(&owner, (&id, default), &file).await,
        TemplateCommand::Show { owner, id, locale } => {
            let (app, project) = opened(&owner).await?;
            let whose = (&project, owner.organization.as_deref());
            let template = management::find(&app, whose, (&id, locale)).await?;
            println!("{}", serde_json::to_string_pretty(&template.content)?);
            Ok(())
        }
        TemplateCommand::Preview { file, kind, locale, part } => {
            let Rendered { subject, text, html } = preview::of(read(&file)?, (kind, locale))?;
            let shown = match part {
                Part::Subject => subject,
                Part::Text => text,
                Part::Html => html,
            };
            println!("{shown}");
            Ok(())
        }
        TemplateCommand::Delete { owner, id, locale } => {
            let (app, project) = opened(&owner).await?;
            let whose = (&project, owner.organization.as_deref());
            let luck = (clock::machine(), &mut clock::luck());
            management::delete(&app, whose, (&id, locale), Administrator::Operator, luck).await?;
            println!("The template is deleted.");
            Ok(())
        }
    }
}

async fn list(owner: &Owner) -> Result<(), Failure> {
    let (app, project) = opened(owner).await?;
    for it in management::all(&app, (&project, owner.organization.as_deref())).await? {
        let kind = it.content.kind().map_or_else(|| "every kind".to_owned(), |it| it.to_string());
        let locale = it.content.locale().map_or_else(|| "every language".to_owned(), |it| it.to_string());
        let default = if it.is_default { "  default" } else { "" };
        println!("{}  {kind}  {locale}{default}", it.template_id);
    }
    Ok(())
}

async fn set(owner: &Owner, (id, is_default): (&str, bool), file: &Path) -> Result<(), Failure> {
    let template = Template { template_id: id.parse()?, is_default, content: read(file)? };
    let (app, project) = opened(owner).await?;
    let whose = (&project, owner.organization.as_deref());
    let luck = (clock::machine(), &mut clock::luck());
    management::put(&app, whose, &template, Administrator::Operator, luck).await?;
    println!("The template is kept.");
    Ok(())
}

async fn opened(owner: &Owner) -> Result<(Arc<App>, ProjectId), Failure> {
    let app = open(&owner.configured).await?;
    let project = meant(&app, owner.project.as_deref()).await?.project_id;
    Ok((app, project))
}

/// JSON by its ending, else TOML.
fn read(file: &Path) -> Result<Content, Failure> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let wrong = |error: String| format!("{}: {error}", file.display());
    if file.extension().is_some_and(|it| it == "json") {
        return Ok(serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?);
    }
    Ok(toml::from_str(&text).map_err(|error| wrong(error.to_string()))?)
}
