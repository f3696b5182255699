//! The section about webhook endpoints. An endpoint goes by its URL: of several with one URL, by their order.

use super::Applying;
use crate::{
    Error, Result,
    webhooks::endpoints::{self, FORBIDDEN, Made},
};
use domain::{
    audit::Action,
    projects::document::{WantedEndpoint, WebhookEndpoint, Webhooks},
    webhooks::Endpoint,
};
use rand::RngCore;
use store::webhooks;

/// Makes the project's endpoints those of the section; each change is on record as its own. Returns what was
/// created, with the secrets that are shown once.
pub(super) async fn apply(it: &mut Applying<'_, impl RngCore>, section: &Webhooks) -> Result<Vec<Made>> {
    let wanted = section.wanted().map_err(Error::Setting)?;
    let mut there = webhooks::of_project(it.tx, &it.project.project_id).await?;
    let mut new = Vec::new();
    for (wanted, written) in wanted.into_iter().zip(&section.endpoints) {
        match there.iter().position(|it| it.url == wanted.url) {
            Some(at) => change(it, there.remove(at), wanted).await?,
            None => new.push((wanted, written)),
        }
    }
    for gone in there {
        webhooks::delete(it.tx, &gone.project_id, &gone.endpoint_id).await?;
        record(it, Action::WebhookEndpointDeleted, &gone).await?;
    }
    let made = create(it, new).await?;
    webhooks::mark(it.tx, &it.project.project_id).await?;
    Ok(made)
}

async fn change(it: &mut Applying<'_, impl RngCore>, before: Endpoint, wanted: WantedEndpoint) -> Result<()> {
    let WantedEndpoint { url: _, description, filters, enabled } = wanted;
    let mut after = Endpoint { description, filters, ..before.clone() };
    if enabled != before.disabled_at.is_none() {
        endpoints::switch(&mut after, enabled, it.now);
    }
    if after == before {
        return Ok(());
    }
    webhooks::save(it.tx, &after).await?;
    record(it, Action::WebhookEndpointUpdated, &after).await
}

async fn create(
    it: &mut Applying<'_, impl RngCore>,
    new: Vec<(WantedEndpoint, &WebhookEndpoint)>,
) -> Result<Vec<Made>> {
    let mut all = Vec::new();
    for (wanted, written) in new {
        if !it.app.hooks.may_call(wanted.url.as_url()) {
            return Err(Error::Setting(written.refused(FORBIDDEN)));
        }
        let made = endpoints::insert(it.app, it.tx, (it.project, wanted), (it.now, it.rng)).await?;
        record(it, Action::WebhookEndpointCreated, &made.0).await?;
        all.push(made);
    }
    Ok(all)
}

async fn record(it: &mut Applying<'_, impl RngCore>, action: Action, which: &Endpoint) -> Result<()> {
    endpoints::note(it.tx, which, (action, it.by.clone()), (it.now, it.rng)).await
}
