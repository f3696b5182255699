//! The audit log for holders of an admin token: events, how far chains go, signed heads.

use crate::{
    endpoint::{Administration, Routes, Tagged},
    error::Result,
};
use domain::{
    Refusal, Timestamp,
    audit::{
        Action, Actor,
        chain::Record,
        filter::{Filter, Order, Place},
        heads::SignedHeads,
    },
    id::ProjectId,
};
use flows::audit::search;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value;
use std::str::FromStr;

/// Documents in one answer, at most.
const DOCUMENTS: i64 = 20;
/// Events on a page where no number is asked for.
const USUAL: usize = 100;

pub fn routes() -> Routes {
    Routes::new()
        .admin_get("/admin/v1/projects/{project_id}/audit_events", list)
        .admin_get("/admin/v1/audit_heads", heads)
}

/// Lists a project's events, the newest first. Every filter narrows; `action` takes several, separated by commas.
#[derive(Deserialize, JsonSchema)]
struct ListRequest {
    project_id: String,
    /// Id, slug or external id; of a deleted organization the id.
    organization: Option<String>,
    member_id: Option<String>,
    /// As `session.created,session.revoked`.
    action: Option<String>,
    /// project, member, operator or administrator.
    actor: Option<String>,
    /// RFC 3339; events at or after it.
    from: Option<String>,
    /// RFC 3339; events before it.
    to: Option<String>,
    /// `newest_first`, or `oldest_first`.
    order: Option<String>,
    /// From the answer before.
    cursor: Option<String>,
    /// 1 to 1000; 100 unless said.
    #[serde(default, deserialize_with = "count")]
    #[schemars(with = "Option<u32>")]
    limit: Option<usize>,
}

#[derive(Serialize, JsonSchema)]
struct ListResponse {
    audit_events: Vec<Event>,
    /// Where the next page begins; null after the last.
    next_cursor: Option<String>,
    /// The chain of the organization that was asked for, else the project's own; null before its first event.
    chain: Option<Chain>,
}

#[derive(Serialize, JsonSchema)]
struct Event {
    audit_event_id: String,
    organization_id: Option<String>,
    member_id: Option<String>,
    action: String,
    actor: String,
    /// RFC 3339.
    at: String,
    /// What was written beside it; a text where it is sealed.
    details: Value,
    /// The place in its chain, from 1.
    sequence: i64,
    hash: String,
}

#[derive(Serialize, JsonSchema)]
struct Chain {
    length: i64,
    head: String,
    /// How many of its events the last signed head covers.
    signed_length: i64,
    /// The number of the document with that head.
    signed_in: Option<i64>,
}

impl From<Record> for Event {
    fn from(Record { entry, link }: Record) -> Self {
        Self {
            audit_event_id: entry.audit_event_id,
            organization_id: entry.organization_id,
            member_id: entry.member_id,
            action: entry.action,
            actor: entry.actor,
            at: Timestamp::from_milliseconds(entry.at).to_string(),
            details: serde_json::from_str(&entry.details).unwrap_or(Value::String(entry.details)),
            sequence: link.sequence,
            hash: link.hash,
        }
    }
}

async fn list(call: Administration, request: ListRequest) -> Result<Tagged<ListResponse>> {
    let project: ProjectId = request.project_id.parse().map_err(|_| Refusal::ProjectNotFound)?;
    let filter = filter(&call, &project, &request).await?;
    let after = match request.cursor.as_deref().filter(|it| !it.is_empty()) {
        Some(text) => Some(Place::read(text).ok_or(refused("cursor", "it was not given out by this list"))?),
        None => None,
    };
    let limit = request.limit.unwrap_or(USUAL);
    if !(1..=search::MOST).contains(&limit) {
        return Err(refused("limit", "1 to 1000").into());
    }
    let page = search::page(&call.app, &project, &filter, (after.as_ref(), limit)).await?;
    let chain = page.chain.map(|it| Chain {
        length: it.end.length,
        head: it.end.head,
        signed_length: it.signed_length,
        signed_in: it.signed_in,
    });
    let next_cursor = page.next.map(|it| it.cursor());
    let audit_events = page.events.into_iter().map(Event::from).collect();
    Ok(Tagged::plain(ListResponse { audit_events, next_cursor, chain }))
}

async fn filter(call: &Administration, project: &ProjectId, request: &ListRequest) -> Result<Filter> {
    let organization = match &request.organization {
        Some(reference) => Some(search::organization(&call.app, project, reference).await?),
        None => None,
    };
    let actions = request.action.iter().flat_map(|it| it.split(','));
    let actions: std::result::Result<Vec<Action>, _> = actions.map(|it| it.trim().parse()).collect();
    let actions = actions.map_err(|_| refused("action", "there is no such action"))?;
    if actions.len() > Action::ALL.len() {
        return Err(refused("action", "each action once").into());
    }
    let order = match request.order.as_deref() {
        None | Some("newest_first") => Order::NewestFirst,
        Some("oldest_first") => Order::OldestFirst,
        Some(_) => return Err(refused("order", "newest_first or oldest_first").into()),
    };
    Ok(Filter {
        organization,
        member: parsed(request.member_id.as_deref(), "member_id", "it is no member id")?,
        actions,
        actor: parsed::<Actor>(
            request.actor.as_deref(),
            "actor",
            "project, member, operator or administrator",
        )?,
        from: parsed(request.from.as_deref(), "from", "a time as RFC 3339 writes it")?,
        to: parsed(request.to.as_deref(), "to", "a time as RFC 3339 writes it")?,
        order,
    })
}

fn parsed<T: FromStr>(
    text: Option<&str>,
    field: &'static str,
    reason: &'static str,
) -> std::result::Result<Option<T>, Refusal> {
    text.map(|it| it.parse().map_err(|_| refused(field, reason))).transpose()
}

fn refused(field: &'static str, reason: &'static str) -> Refusal {
    Refusal::InvalidArgument { field, reason }
}

/// A number, or the digits of one as a query writes it.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<usize>, D::Error> {
    let read = match Option::<Value>::deserialize(deserializer)? {
        None => return Ok(None),
        Some(Value::String(digits)) => digits.parse().ok(),
        Some(Value::Number(number)) => number.as_u64().and_then(|it| usize::try_from(it).ok()),
        Some(_) => None,
    };
    read.map(Some).ok_or_else(|| D::Error::custom("a number is due"))
}

/// Lists signed heads, oldest first, at most 20 an answer: each says how far the chains that moved had come, and is
/// checked with a public key that `vestibule audit key` prints.
#[derive(Deserialize, JsonSchema)]
struct HeadsRequest {
    /// Only documents after this number.
    #[serde(default, deserialize_with = "count")]
    #[schemars(with = "Option<u32>")]
    after: Option<usize>,
}

#[derive(Serialize, JsonSchema)]
struct HeadsResponse {
    audit_heads: Vec<SignedHeads>,
    /// The number to ask for more after; null when there are none.
    next_after: Option<i64>,
    public_keys: Vec<String>,
}

async fn heads(call: Administration, request: HeadsRequest) -> Result<Tagged<HeadsResponse>> {
    let after = i64::try_from(request.after.unwrap_or(0)).unwrap_or(i64::MAX);
    let found = flows::audit::signing::after(&call.app.db, after, DOCUMENTS).await?;
    Ok(Tagged::plain(HeadsResponse {
        next_after: found.last().map(|(number, _)| *number),
        audit_heads: found.into_iter().map(|(_, signed)| signed).collect(),
        public_keys: flows::audit::signing::public_keys(&call.app.db)?,
    }))
}
