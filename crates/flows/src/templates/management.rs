//! Keeping templates, on the operator's word.

use crate::{
    App, Result,
    projects::{document::Administrator, event},
};
use domain::{
    Refusal, Timestamp,
    audit::{Action, Details},
    id::ProjectId,
    locale::Locale,
    templates::{MOST, Template, TemplateId},
};
use rand::RngCore;
use serde_json::{Map, json};
use store::{Conn, Tenant, Tx, projects, templates as stored, tenant};

/// Whose templates: a project's, or one organization's.
pub type Owner<'a> = (&'a ProjectId, Option<&'a str>);

/// Every template of the owner's own, by id and language.
///
/// # Errors
/// `ProjectNotFound`, `OrganizationNotFound`.
pub async fn all(app: &App, owner: Owner<'_>) -> Result<Vec<Template>> {
    let mut conn = app.db.read().await?;
    let tenant = tenant_of(&mut conn, owner).await?;
    Ok(stored::all(&mut conn, (owner.0, tenant.as_ref())).await?)
}

/// One template of the owner's own.
///
/// # Errors
/// `ProjectNotFound`, `OrganizationNotFound`, `EmailTemplateNotFound`.
pub async fn find(app: &App, owner: Owner<'_>, (id, locale): (&str, Option<Locale>)) -> Result<Template> {
    let id: TemplateId = id.parse().map_err(|_| Refusal::EmailTemplateNotFound)?;
    let mut conn = app.db.read().await?;
    let tenant = tenant_of(&mut conn, owner).await?;
    let found = stored::find(&mut conn, (owner.0, tenant.as_ref()), (&id, locale)).await?;
    Ok(found.ok_or(Refusal::EmailTemplateNotFound)?)
}

/// Keeps a template in place of the one before it, in its language.
///
/// # Errors
/// `ProjectNotFound`, `OrganizationNotFound`, `InvalidEmailTemplateContent` which says what is wrong,
/// `InvalidTemplateId` where the id is of another kind in another language, `TooManyEmailTemplates`.
pub async fn put(
    app: &App,
    owner: Owner<'_>,
    template: &Template,
    by: Administrator,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    template.content.check().map_err(Refusal::InvalidEmailTemplateContent)?;
    let mut tx = app.db.write().await?;
    if !projects::lock(&mut tx, owner.0).await? {
        return Err(Refusal::ProjectNotFound.into());
    }
    let tenant = tenant_of(&mut tx, owner).await?;
    let there = stored::all(&mut tx, (owner.0, tenant.as_ref())).await?;
    fits_beside(template, &there)?;
    stored::put(&mut tx, (owner.0, tenant.as_ref()), template, now).await?;
    let event = Action::MailTemplateSaved;
    let which = (&template.template_id, template.content.locale());
    note(&mut tx, (owner.0, tenant.as_ref()), (event, which), by, (now, rng)).await?;
    Ok(tx.commit().await?)
}

/// One id is one kind, in all its languages.
fn fits_beside(template: &Template, there: &[Template]) -> Result<()> {
    let is_same = |it: &&Template| it.template_id == template.template_id;
    let others = there.iter().filter(is_same).filter(|it| !it.is_in_place_of(template));
    if others.clone().any(|it| it.content.kind() != template.content.kind()) {
        return Err(Refusal::InvalidTemplateId.into());
    }
    if there.len() >= MOST && !there.iter().any(|it| it.is_in_place_of(template)) {
        return Err(Refusal::TooManyEmailTemplates.into());
    }
    Ok(())
}

/// Deletes a template; of every language where none is named.
///
/// # Errors
/// `ProjectNotFound`, `OrganizationNotFound`, `EmailTemplateNotFound`.
pub async fn delete(
    app: &App,
    owner: Owner<'_>,
    (id, locale): (&str, Option<Locale>),
    by: Administrator,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    let id: TemplateId = id.parse().map_err(|_| Refusal::EmailTemplateNotFound)?;
    let mut tx = app.db.write().await?;
    let tenant = tenant_of(&mut tx, owner).await?;
    let whose = (owner.0, tenant.as_ref());
    if stored::delete(&mut tx, whose, (&id, locale)).await? == 0 {
        return Err(Refusal::EmailTemplateNotFound.into());
    }
    note(&mut tx, whose, (Action::MailTemplateDeleted, (&id, locale)), by, (now, rng)).await?;
    Ok(tx.commit().await?)
}

async fn tenant_of(conn: &mut Conn, (project, organization): Owner<'_>) -> Result<Option<Tenant>> {
    projects::find(conn, project).await?.ok_or(Refusal::ProjectNotFound)?;
    let Some(organization) = organization else { return Ok(None) };
    let tenant = tenant::resolve(conn, project, organization).await?;
    Ok(Some(tenant.ok_or(Refusal::OrganizationNotFound)?))
}

/// Puts on record that a template was kept, or deleted.
pub(crate) async fn note(
    tx: &mut Tx,
    (project, tenant): (&ProjectId, Option<&Tenant>),
    (action, (id, locale)): (Action, (&TemplateId, Option<Locale>)),
    by: Administrator,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    let mut event = event(project, action, now, rng);
    event.organization_id = tenant.map(|it| it.organization_id().clone());
    let details = [("template_id", json!(id)), ("locale", json!(locale))];
    event.details =
        Details(details.into_iter().map(|(name, it)| (name.to_owned(), it)).collect::<Map<_, _>>());
    by.sign(&mut event);
    Ok(store::audit::append(tx, &event).await?)
}
