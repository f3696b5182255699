//! One try to deliver: claimed, sent, settled.

use crate::{App, Result, projects};
use delivery::{Answered, OutboundFault, Signed, SigningSecret};
use domain::{
    Timestamp,
    audit::{Action, Actor, Details},
    time::Span,
    webhooks::{Attempt, DISABLED_AFTER, Delivery, Endpoint, State, next_attempt, retry_after},
};
use rand::RngCore;
use serde_json::json;
use std::time::Instant;
use store::webhooks::{self, deliveries, outbox};

/// For how long whoever tries a delivery has it alone. A call takes five seconds at most; when
/// the process dies meanwhile, the next one tries it again, under the same id.
const CLAIM: Span = Span::seconds(30);

pub(super) type Clock<'a> = &'a (dyn Fn() -> Timestamp + Send + Sync);

/// Tries a delivery; none when somebody else has it.
///
/// # Errors
/// When the database fails or a secret cannot be opened; the claim then runs out by itself.
pub(super) async fn attempt(
    app: &App,
    (endpoint, mut delivery): (&Endpoint, Delivery),
    (now, rng): (Clock<'_>, &mut (impl RngCore + Send)),
) -> Result<Option<Attempt>> {
    let secrets = secrets(app, endpoint, now())?;
    let body = {
        let mut conn = app.db.read().await?;
        outbox::body(&mut conn, &delivery.project_id, &delivery.event_id).await?
    };
    if !claim(app, &mut delivery, now()).await? {
        return Ok(None);
    }
    let (begun, clock) = (now(), Instant::now());
    let heard = match body {
        Some(body) => {
            let id = delivery.event_id.as_str();
            let message = Signed { id, seconds: begun.seconds(), body, secrets: &secrets };
            app.hooks.post(endpoint.url.as_url(), message).await
        }
        None => Err(OutboundFault::Unreadable),
    };
    let took_ms = i64::try_from(clock.elapsed().as_millis()).unwrap_or(i64::MAX);
    let attempt = tried(&delivery, (begun, took_ms), heard.as_ref());
    settle(app, (endpoint, &delivery, &attempt), heard, (now(), rng)).await?;
    Ok(Some(attempt))
}

async fn claim(app: &App, delivery: &mut Delivery, now: Timestamp) -> Result<bool> {
    let until = now.plus(CLAIM);
    let mut tx = app.db.write().await?;
    let claimed = deliveries::claim(&mut tx, delivery, (now, until)).await?;
    tx.commit().await?;
    delivery.attempts += 1;
    delivery.claimed_until = until;
    Ok(claimed)
}

/// The one in force, and while it lasts the one before.
fn secrets(app: &App, endpoint: &Endpoint, now: Timestamp) -> Result<Vec<SigningSecret>> {
    let before =
        endpoint.sealed_previous.as_ref().filter(|_| endpoint.previous_until.is_some_and(|it| it > now));
    let sealed = [Some(&endpoint.sealed_secret), before];
    sealed.into_iter().flatten().map(|it| super::endpoints::opened(app, endpoint, it)).collect()
}

fn tried(
    delivery: &Delivery,
    (at, took_ms): (Timestamp, i64),
    heard: std::result::Result<&Answered, &OutboundFault>,
) -> Attempt {
    let (status, outcome) = match heard {
        Ok(it) if (200..300).contains(&it.status) => (Some(i64::from(it.status)), "delivered".to_owned()),
        Ok(it) if (300..400).contains(&it.status) => {
            (Some(i64::from(it.status)), "a redirect, which is not followed".to_owned())
        }
        Ok(it) => (Some(i64::from(it.status)), format!("the answer was status {}", it.status)),
        Err(fault) => (None, fault.to_string()),
    };
    Attempt {
        endpoint_id: delivery.endpoint_id.clone(),
        event_id: delivery.event_id.clone(),
        project_id: delivery.project_id.clone(),
        at,
        status,
        outcome,
        took_ms,
    }
}

/// Writes what became of it; a claim that was lost meanwhile changes nothing but the record.
async fn settle(
    app: &App,
    (endpoint, delivery, attempt): (&Endpoint, &Delivery, &Attempt),
    heard: std::result::Result<Answered, OutboundFault>,
    (now, rng): (Timestamp, &mut (impl RngCore + Send)),
) -> Result<()> {
    let delivered = heard.as_ref().is_ok_and(|it| (200..300).contains(&it.status));
    let asked = heard.ok().and_then(|it| it.retry_after).and_then(|it| retry_after(&it, now));
    let again = if delivered { None } else { next_attempt(delivery.attempts, asked, (now, rng)) };
    let state = match again {
        Some(_) => State::Pending,
        None if delivered => State::Delivered,
        None => State::Dead,
    };
    let finished = (state != State::Pending).then_some(now);
    let mut tx = app.db.write().await?;
    deliveries::record(&mut tx, attempt).await?;
    deliveries::settle(&mut tx, delivery, (state, again.unwrap_or(now), finished)).await?;
    let (project, id) = (&endpoint.project_id, &endpoint.endpoint_id);
    let mut failing_since = None;
    if delivered {
        webhooks::went_well(&mut tx, project, id).await?;
    } else {
        failing_since = webhooks::went_wrong(&mut tx, project, id, now).await?;
    }
    tx.commit().await?;
    if state == State::Dead {
        tracing::warn!(endpoint_id = %id, event_id = %delivery.event_id, "a webhook was given up; it can be replayed");
    }
    if failing_since.is_some_and(|it| it.plus(DISABLED_AFTER) <= now) {
        disable(app, endpoint, (now, rng)).await?;
    }
    Ok(())
}

/// Nobody answered for days: nothing more is sent until an administrator enables it.
async fn disable(
    app: &App,
    endpoint: &Endpoint,
    (now, rng): (Timestamp, &mut (impl RngCore + Send)),
) -> Result<()> {
    let (project, id) = (&endpoint.project_id, &endpoint.endpoint_id);
    let mut event = projects::event(project, Action::WebhookEndpointDisabled, now, rng);
    event.actor = Actor::Server;
    let details = [("endpoint_id", json!(id)), ("reason", json!("every attempt failed for 5 days"))];
    event.details = Details(details.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    let mut tx = app.db.write().await?;
    store::projects::lock(&mut tx, project).await?;
    if !webhooks::disable(&mut tx, project, id, now).await? {
        return Ok(());
    }
    webhooks::mark(&mut tx, project).await?;
    store::audit::append(&mut tx, &event).await?;
    tx.commit().await?;
    tracing::error!(endpoint_id = %id, "a webhook endpoint failed for five days and is disabled");
    Ok(())
}
