//! What is on its way, as the operator and administrators look at it, try it and send it again.

use super::{attempt::attempt, endpoints::find, telling::delivery};
use crate::{App, Result, projects, projects::document::Administrator};
use domain::{
    Refusal, Timestamp,
    audit::Action,
    id::{ProjectId, WebhookEndpointId, WebhookEventId},
    projects::Project,
    webhooks::{Attempt, Delivery, EventType, ObjectType, Source, State, Telling, Verb},
};
use rand::RngCore;
use serde_json::json;
use store::webhooks::{
    deliveries,
    outbox::{self, Event},
};

/// Deliveries on one page.
pub const PAGE: i64 = 100;
/// Dead ones that are replayed in one transaction.
const REPLAYED_AT_ONCE: i64 = 500;

/// The deliveries of an endpoint, newest first, before one that was seen.
///
/// # Errors
/// `WebhookEndpointNotFound`, `WebhookEventNotFound`.
pub async fn list(
    app: &App,
    (project, endpoint): (&ProjectId, &WebhookEndpointId),
    (state, before): (Option<State>, Option<&WebhookEventId>),
    limit: i64,
) -> Result<Vec<Delivery>> {
    find(app, project, endpoint).await?;
    let mut conn = app.db.read().await?;
    let from = match before {
        None => (Timestamp::from_milliseconds(i64::MAX), String::new()),
        Some(id) => {
            let found = deliveries::find(&mut conn, project, (endpoint, id)).await?;
            (found.ok_or(Refusal::WebhookEventNotFound)?.created_at, id.to_string())
        }
    };
    let (at, id) = (from.0, from.1.as_str());
    let limit = limit.clamp(1, PAGE);
    Ok(deliveries::before(&mut conn, (project, endpoint), state, ((at, id), limit)).await?)
}

/// One delivery, what it says, and every try of it.
///
/// # Errors
/// `WebhookEventNotFound`.
pub async fn one(
    app: &App,
    (project, endpoint, event): (&ProjectId, &WebhookEndpointId, &WebhookEventId),
) -> Result<(Delivery, Option<String>, Vec<Attempt>)> {
    let mut conn = app.db.read().await?;
    let found = deliveries::find(&mut conn, project, (endpoint, event)).await?;
    let found = found.ok_or(Refusal::WebhookEventNotFound)?;
    let body = outbox::body(&mut conn, project, event).await?;
    let attempts = deliveries::attempts(&mut conn, project, (endpoint, event)).await?;
    Ok((found, body, attempts))
}

/// What to send again, from the first attempt on.
#[derive(Debug, Clone)]
pub enum Replay {
    One(WebhookEventId),
    /// Every dead one that was queued since.
    DeadSince(Timestamp),
}

/// Sends again; returns how many. Many are taken up in steps, so that nobody waits behind them.
///
/// # Errors
/// `WebhookEndpointNotFound`, `WebhookEventNotFound`.
pub async fn replay(
    app: &App,
    (project, endpoint, which): (&ProjectId, &WebhookEndpointId, Replay),
    by: Administrator,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<u64> {
    find(app, project, endpoint).await?;
    let mut event = projects::event(project, Action::WebhookEventsReplayed, now, rng);
    event.details.0.insert("endpoint_id".to_owned(), json!(endpoint));
    by.sign(&mut event);
    let mut tx = app.db.write().await?;
    let mut replayed = match &which {
        Replay::One(id) => {
            event.details.0.insert("event_id".to_owned(), json!(id));
            if !deliveries::replay(&mut tx, project, (endpoint, id), now).await? {
                return Err(Refusal::WebhookEventNotFound.into());
            }
            1
        }
        Replay::DeadSince(since) => {
            event.details.0.insert("since".to_owned(), json!(since.to_string()));
            let limit = (now, REPLAYED_AT_ONCE);
            deliveries::replay_dead(&mut tx, (project, endpoint), *since, limit).await?
        }
    };
    store::audit::append(&mut tx, &event).await?;
    tx.commit().await?;
    if let Replay::DeadSince(since) = which {
        let mut last = replayed;
        while i64::try_from(last).is_ok_and(|it| it == REPLAYED_AT_ONCE) {
            let mut tx = app.db.write().await?;
            let limit = (now, REPLAYED_AT_ONCE);
            last = deliveries::replay_dead(&mut tx, (project, endpoint), since, limit).await?;
            tx.commit().await?;
            replayed += last;
        }
    }
    Ok(replayed)
}

/// Sends a ping, at once and whatever the endpoint's filters say; tells what came of it, or none
/// when a worker was faster. It is tried again like everything else.
///
/// # Errors
/// `WebhookEndpointNotFound`.
pub async fn test(
    app: &App,
    (project, endpoint): (&Project, &WebhookEndpointId),
    (now, rng): (Timestamp, &mut (impl RngCore + Send)),
) -> Result<(WebhookEventId, Option<Attempt>)> {
    let endpoint = find(app, &project.project_id, endpoint).await?;
    let event_type =
        EventType { source: Source::Vestibule, object_type: ObjectType::Ping, verb: Verb::Create };
    let event_id = WebhookEventId::random(project.environment, rng);
    let telling = Telling {
        event_type,
        event_id: &event_id,
        project_id: &project.project_id,
        id: endpoint.endpoint_id.as_str(),
        at: now,
    };
    let body = telling.body(Some(json!({ "endpoint_id": endpoint.endpoint_id }))).to_string();
    let event = Event {
        event_id: event_id.clone(),
        project_id: project.project_id.clone(),
        organization_id: None,
        body,
        occurred_at: now,
    };
    let queued = delivery(&endpoint, &event, (event_type.to_string(), now));
    let mut tx = app.db.write().await?;
    outbox::queue(&mut tx, &event, std::slice::from_ref(&queued)).await?;
    tx.commit().await?;
    let tried = attempt(app, (&endpoint, queued), (&move || now, rng)).await?;
    Ok((event_id, tried))
}
