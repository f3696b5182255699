//! The endpoints of a project, as the operator and administrators manage them.

use crate::{App, Result, projects, projects::document::Administrator};
use delivery::SigningSecret;
use domain::{
    Refusal, Timestamp,
    audit::Action,
    id::{ProjectId, WebhookEndpointId},
    projects::{Project, document::WantedEndpoint},
    sealing::{SealError, Sealed},
    webhooks::{Endpoint, Filters, HookUrl, OVERLAP},
};
use rand::RngCore;
use serde_json::json;
use store::{Tx, webhooks};

/// What a secret that is shown once belongs to.
pub type Made = (Endpoint, SigningSecret);

/// What an endpoint shall be like; absent stays as it is, or has its default.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub url: Option<String>,
    pub description: Option<String>,
    /// Event types and beginnings of them; empty for those of the contract.
    pub events: Option<Vec<String>>,
    pub disabled: Option<bool>,
}

/// Adds an endpoint. Its secret is shown once, here.
///
/// # Errors
/// `InvalidArgument`, `TooManyWebhookEndpoints`.
pub async fn create(
    app: &App,
    (project, wanted): (&Project, Wanted),
    by: Administrator,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Made> {
    let url = wanted.url.as_deref().ok_or(Refusal::InvalidArgument { field: "url", reason: "needed" })?;
    let wanted = WantedEndpoint {
        url: checked(app, url)?,
        description: described(wanted.description.unwrap_or_default())?,
        filters: filters(wanted.events.unwrap_or_default())?,
        enabled: !wanted.disabled.unwrap_or_default(),
    };
    let mut tx = locked(app, &project.project_id).await?;
    if webhooks::of_project(&mut tx, &project.project_id).await?.len() >= Endpoint::MOST {
        return Err(Refusal::TooManyWebhookEndpoints.into());
    }
    let made = insert(app, &mut tx, (project, wanted), (now, rng)).await?;
    written(tx, &made.0, (Action::WebhookEndpointCreated, by), (now, rng)).await?;
    Ok(made)
}

/// Adds an endpoint in an open transaction that holds the project's row; on record it goes by its caller.
pub(crate) async fn insert(
    app: &App,
    tx: &mut Tx,
    (project, wanted): (&Project, WantedEndpoint),
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Made> {
    let WantedEndpoint { url, description, filters, enabled } = wanted;
    let endpoint_id = WebhookEndpointId::random(project.environment, rng);
    let (secret, sealed_secret) = fresh(app, (&project.project_id, &endpoint_id), rng)?;
    let endpoint = Endpoint {
        endpoint_id,
        project_id: project.project_id.clone(),
        url,
        description,
        filters,
        sealed_secret,
        sealed_previous: None,
        previous_until: None,
        failing_since: None,
        last_failed_at: None,
        disabled_at: (!enabled).then_some(now),
        created_at: now,
    };
    webhooks::create(tx, &endpoint).await?;
    Ok((endpoint, secret))
}

/// The endpoints of a project, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_project(app: &App, project: &ProjectId) -> Result<Vec<Endpoint>> {
    Ok(webhooks::of_project(&mut app.db.read().await?, project).await?)
}

/// # Errors
/// `WebhookEndpointNotFound`.
pub async fn find(app: &App, project: &ProjectId, id: &WebhookEndpointId) -> Result<Endpoint> {
    let found = webhooks::find(&mut app.db.read().await?, project, id).await?;
    Ok(found.ok_or(Refusal::WebhookEndpointNotFound)?)
}

/// Changes an endpoint. One that is enabled again is given its time anew.
///
/// # Errors
/// `WebhookEndpointNotFound`, `InvalidArgument`.
pub async fn update(
    app: &App,
    (project, id, wanted): (&ProjectId, &WebhookEndpointId, Wanted),
    by: Administrator,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Endpoint> {
    let mut tx = locked(app, project).await?;
    let found = webhooks::find(&mut tx, project, id).await?;
    let mut endpoint = found.ok_or(Refusal::WebhookEndpointNotFound)?;
    if let Some(url) = wanted.url {
        endpoint.url = checked(app, &url)?;
    }
    if let Some(text) = wanted.description {
        endpoint.description = described(text)?;
    }
    if let Some(events) = wanted.events {
        endpoint.filters = filters(events)?;
    }
    if let Some(disabled) = wanted.disabled {
        switch(&mut endpoint, !disabled, now);
    }
    webhooks::save(&mut tx, &endpoint).await?;
    written(tx, &endpoint, (Action::WebhookEndpointUpdated, by), (now, rng)).await?;
    Ok(endpoint)
}

/// Enables an endpoint, which is given its time anew, or disables it.
pub(crate) fn switch(endpoint: &mut Endpoint, enabled: bool, now: Timestamp) {
    if enabled {
        (endpoint.disabled_at, endpoint.failing_since, endpoint.last_failed_at) = (None, None, None);
    } else {
        endpoint.disabled_at = endpoint.disabled_at.or(Some(now));
    }
}

/// Removes an endpoint; what is on its way to it is not sent any more.
///
/// # Errors
/// `WebhookEndpointNotFound`.
pub async fn delete(
    app: &App,
    (project, id): (&ProjectId, &WebhookEndpointId),
    by: Administrator,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    let mut tx = locked(app, project).await?;
    let endpoint = webhooks::find(&mut tx, project, id).await?.ok_or(Refusal::WebhookEndpointNotFound)?;
    webhooks::delete(&mut tx, project, id).await?;
    written(tx, &endpoint, (Action::WebhookEndpointDeleted, by), (now, rng)).await
}

/// Gives an endpoint another secret, shown once. The old one signs beside it for a day.
///
/// # Errors
/// `WebhookEndpointNotFound`.
pub async fn rotate(
    app: &App,
    (project, id): (&ProjectId, &WebhookEndpointId),
    by: Administrator,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Made> {
    let mut tx = locked(app, project).await?;
    let before = webhooks::find(&mut tx, project, id).await?.ok_or(Refusal::WebhookEndpointNotFound)?;
    let (secret, sealed_secret) = fresh(app, (project, id), rng)?;
    let endpoint = Endpoint {
        sealed_previous: Some(before.sealed_secret.clone()),
        previous_until: Some(now.plus(OVERLAP)),
        sealed_secret,
        ..before
    };
    webhooks::save(&mut tx, &endpoint).await?;
    written(tx, &endpoint, (Action::WebhookSecretRotated, by), (now, rng)).await?;
    Ok((endpoint, secret))
}

/// A secret of an endpoint, opened.
pub(super) fn opened(app: &App, endpoint: &Endpoint, sealed: &Sealed) -> Result<SigningSecret> {
    let bytes = sealed.open(&app.server_key, &endpoint.place())?;
    let secret = std::str::from_utf8(&bytes).ok().and_then(|it| SigningSecret::parse(it).ok());
    Ok(secret.ok_or(SealError::Damaged)?)
}

fn fresh(
    app: &App,
    (project, id): (&ProjectId, &WebhookEndpointId),
    rng: &mut impl RngCore,
) -> Result<(SigningSecret, Sealed)> {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    let secret = SigningSecret::of(&bytes);
    let place = ["webhook_endpoints", project.as_str(), id.as_str()];
    let sealed = Sealed::seal(&app.server_key, &place, secret.expose().as_bytes(), rng)?;
    Ok((secret, sealed))
}

/// A transaction that holds the project's row: its endpoints change one after another.
async fn locked(app: &App, project: &ProjectId) -> Result<Tx> {
    let mut tx = app.db.write().await?;
    if store::projects::lock(&mut tx, project).await? { Ok(tx) } else { Err(Refusal::ProjectNotFound.into()) }
}

/// Marks the project, puts the change on record and commits.
async fn written(
    mut tx: Tx,
    endpoint: &Endpoint,
    what: (Action, Administrator),
    luck: (Timestamp, &mut impl RngCore),
) -> Result<()> {
    webhooks::mark(&mut tx, &endpoint.project_id).await?;
    note(&mut tx, endpoint, what, luck).await?;
    Ok(tx.commit().await?)
}

/// Puts a change of an endpoint on record.
pub(crate) async fn note(
    tx: &mut Tx,
    endpoint: &Endpoint,
    (action, by): (Action, Administrator),
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    let mut event = projects::event(&endpoint.project_id, action, now, rng);
    event.details.0.insert("endpoint_id".to_owned(), json!(endpoint.endpoint_id));
    by.sign(&mut event);
    Ok(store::audit::append(tx, &event).await?)
}

/// Why a URL cannot be called that is one all the same.
pub(crate) const FORBIDDEN: &str =
    "this server may not call it: it leads to a private address, or is not https";

fn checked(app: &App, text: &str) -> Result<HookUrl> {
    let wrong = |reason| Refusal::InvalidArgument { field: "url", reason };
    let url: HookUrl = text.parse().map_err(|_| {
        wrong("an https URL of at most 1024 characters, without user name, password and fragment")
    })?;
    if app.hooks.may_call(url.as_url()) { Ok(url) } else { Err(wrong(FORBIDDEN).into()) }
}

fn described(text: String) -> Result<String> {
    let reason = "one line of at most 256 characters";
    if Endpoint::can_be_described(&text) {
        Ok(text)
    } else {
        Err(Refusal::InvalidArgument { field: "description", reason }.into())
    }
}

fn filters(events: Vec<String>) -> Result<Filters> {
    let reason = "at most 20 event types such as direct.member.update, which may end in *";
    Ok(Filters::parse(events).map_err(|_| Refusal::InvalidArgument { field: "events", reason })?)
}
