//! The section about mail templates: what is not in it is deleted, what differs is kept.

use super::Applying;
use crate::{Error, Result, templates::management::note};
use domain::{audit::Action, projects::document::Templates, templates::Template};
use rand::RngCore;
use store::templates;

/// Makes the project's own templates those of the section; each change is on record as its own.
pub(super) async fn apply(it: &mut Applying<'_, impl RngCore>, section: &Templates) -> Result<()> {
    let wanted = section.wanted().map_err(Error::Setting)?;
    let owner = (&it.project.project_id, None);
    let before = templates::all(it.tx, owner).await?;
    let is_gone = |there: &&Template| !wanted.iter().any(|it| it.is_in_place_of(there));
    for gone in before.iter().filter(is_gone) {
        templates::delete_one(it.tx, owner, (&gone.template_id, gone.content.locale())).await?;
        record(it, Action::MailTemplateDeleted, gone).await?;
    }
    for template in wanted.iter().filter(|it| !before.contains(it)) {
        templates::put(it.tx, owner, template, it.now).await?;
        record(it, Action::MailTemplateSaved, template).await?;
    }
    Ok(())
}

async fn record(it: &mut Applying<'_, impl RngCore>, action: Action, which: &Template) -> Result<()> {
    let (owner, which) = ((&it.project.project_id, None), (&which.template_id, which.content.locale()));
    note(it.tx, owner, (action, which), it.by.clone(), (it.now, it.rng)).await
}
