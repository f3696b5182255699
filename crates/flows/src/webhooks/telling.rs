//! From what happened to what is told, and to whom.

use crate::{App, Result};
use domain::{
    Timestamp,
    id::{MemberSessionId, WebhookEventId},
    members::Member,
    projects::Environment,
    sessions::Session,
    webhooks::{
        Announcement, Delivery, Endpoint, EventType, Factor, ObjectType, Source, State, Telling, Verb,
        announced,
    },
};
use rand::RngCore;
use serde_json::{Value, json};
use store::{
    Conn, Tenant, members, sessions, tenant,
    webhooks::{
        self,
        outbox::{self, Cause, Event},
    },
};

/// How objects are said: the API's words, for whoever must not know them.
#[derive(Clone, Copy)]
pub struct Objects {
    pub organization: fn(&Tenant) -> Value,
    pub member: fn(&Member, &Tenant, Timestamp) -> Value,
    pub session: fn(&Session, &Member, &Tenant) -> Value,
}

/// An event type, the id of its object and the object.
struct Told {
    event_type: EventType,
    id: String,
    object: Option<Value>,
}

/// Queues what a cause announces for every endpoint that wants it. The object is as it is
/// now, after the commit, and is kept for every further attempt. Where it is gone by now, its
/// deletion tells more than what came before. `false` when another node did it.
///
/// # Errors
/// When the database fails.
pub(super) async fn tell(
    app: &App,
    (objects, cause): (Objects, &Cause),
    (now, rng): (Timestamp, &mut (impl RngCore + Send)),
) -> Result<bool> {
    let mut conn = app.db.read().await?;
    let mut endpoints = webhooks::of_project(&mut conn, &cause.project_id).await?;
    endpoints.retain(|it| it.disabled_at.is_none() && it.created_at <= cause.occurred_at);
    let mut queued = Vec::new();
    for announcement in announced(cause.action) {
        let Some((event_type, id)) = named(cause, *announcement) else { continue };
        let name = event_type.to_string();
        let wanting: Vec<&Endpoint> = endpoints.iter().filter(|it| it.filters.matches(&name)).collect();
        if wanting.is_empty() {
            continue;
        }
        let object = match announcement.verb() {
            Verb::Delete => None,
            Verb::Create | Verb::Update => {
                match found(&mut conn, (objects, cause), *announcement, now).await? {
                    Some(object) => Some(object),
                    None => continue,
                }
            }
        };
        let event = event(cause, Told { event_type, id, object }, rng);
        let deliveries =
            wanting.iter().map(|it| delivery(it, &event, (name.clone(), now))).collect::<Vec<_>>();
        queued.push((event, deliveries));
    }
    drop(conn);
    let mut tx = app.db.write().await?;
    if !outbox::take(&mut tx, cause).await? {
        return Ok(false);
    }
    for (event, deliveries) in &queued {
        outbox::queue(&mut tx, event, deliveries).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// What it is called and what it is about; none of a member where no member is known.
fn named(cause: &Cause, announcement: Announcement) -> Option<(EventType, String)> {
    let theirs = Source::of(cause.actor);
    let organization = cause.organization_id.as_ref().map(ToString::to_string);
    let member = cause.member_id.as_ref().map(ToString::to_string);
    let verb = announcement.verb();
    let (source, object_type, id) = match announcement {
        Announcement::Organization(_) => (theirs, ObjectType::Organization, organization?),
        Announcement::Member(_) => (theirs, ObjectType::Member, member?),
        Announcement::Session(_) => match session(cause) {
            Some(id) => (Source::Vestibule, ObjectType::Session, id.to_string()),
            None => (Source::Vestibule, ObjectType::MemberSessions, member?),
        },
        Announcement::Factor(factor, _) => (Source::Vestibule, ObjectType::Factor(factor), member?),
        Announcement::SmsBudget => {
            let whose = organization.unwrap_or_else(|| cause.project_id.to_string());
            (Source::Vestibule, ObjectType::SmsBudget, whose)
        }
    };
    Some((EventType { source, object_type, verb }, id))
}

fn session(cause: &Cause) -> Option<MemberSessionId> {
    cause.details.0.get("member_session_id")?.as_str()?.parse().ok()
}

async fn found(
    conn: &mut Conn,
    (objects, cause): (Objects, &Cause),
    announcement: Announcement,
    now: Timestamp,
) -> Result<Option<Value>> {
    match announcement {
        Announcement::Organization(_) => {
            let tenant = organization(conn, cause).await?;
            Ok(tenant.map(|it| (objects.organization)(&it)))
        }
        Announcement::Member(_) => {
            let (Some(tenant), Some(id)) = (organization(conn, cause).await?, &cause.member_id) else {
                return Ok(None);
            };
            let member = members::by_id(conn, &tenant, id).await?.filter(|it| !it.is_deleted());
            Ok(member.map(|it| (objects.member)(&it, &tenant, now)))
        }
        Announcement::Session(_) => {
            let (Some(organization), Some(id)) = (&cause.organization_id, session(cause)) else {
                return Ok(None);
            };
            let live = sessions::by_id(conn, &cause.project_id, (organization, &id), now).await?;
            Ok(live.map(|it| (objects.session)(&it.session, &it.member, &it.tenant)))
        }
        Announcement::Factor(factor, _) => Ok(Some(factor_object(cause, factor))),
        Announcement::SmsBudget => Ok(Some(budget_object(cause))),
    }
}

async fn organization(conn: &mut Conn, cause: &Cause) -> Result<Option<Tenant>> {
    let Some(id) = &cause.organization_id else { return Ok(None) };
    Ok(tenant::by_id(conn, &cause.project_id, id).await?)
}

/// Never what a factor consists of: no number, no secret, no code.
fn factor_object(cause: &Cause, factor: Factor) -> Value {
    json!({
        "factor_type": factor.to_string(),
        "organization_id": cause.organization_id,
        "member_id": cause.member_id,
        "cause": cause.action.to_string(),
    })
}

fn budget_object(cause: &Cause) -> Value {
    let detail = |name: &str| cause.details.0.get(name).cloned().unwrap_or_default();
    json!({
        "organization_id": cause.organization_id,
        "budget": detail("budget"),
        "window": detail("window"),
        "limit": detail("limit"),
        "used_percent": 80,
    })
}

fn event(cause: &Cause, told: Told, rng: &mut impl RngCore) -> Event {
    let event_id = WebhookEventId::random(environment(cause.project_id.as_str()), rng);
    let telling = Telling {
        event_type: told.event_type,
        event_id: &event_id,
        project_id: &cause.project_id,
        id: &told.id,
        at: cause.occurred_at,
    };
    let body = telling.body(told.object).to_string();
    Event {
        event_id,
        project_id: cause.project_id.clone(),
        organization_id: cause.organization_id.clone(),
        body,
        occurred_at: cause.occurred_at,
    }
}

/// A delivery that is due at once.
pub(super) fn delivery(
    endpoint: &Endpoint,
    event: &Event,
    (event_type, now): (String, Timestamp),
) -> Delivery {
    Delivery {
        endpoint_id: endpoint.endpoint_id.clone(),
        event_id: event.event_id.clone(),
        project_id: event.project_id.clone(),
        organization_id: event.organization_id.clone(),
        event_type,
        state: State::Pending,
        attempts: 0,
        next_at: now,
        claimed_until: Timestamp::from_milliseconds(0),
        created_at: now,
        finished_at: None,
    }
}

fn environment(project: &str) -> Environment {
    if project.contains("-live-") { Environment::Live } else { Environment::Test }
}
