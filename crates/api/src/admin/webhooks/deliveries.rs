//! What is on its way to an endpoint: looked at, tried, sent again.

use super::ids;
use crate::{
    b2b::objects::optional_rfc_3339,
    endpoint::{Administration, Routes, Tagged},
    error::Result,
};
use domain::{
    Refusal, Timestamp,
    id::WebhookEventId,
    jwt_claims::rfc_3339,
    webhooks::{self, State},
};
use flows::{
    projects::document::Administrator,
    webhooks::queue::{self, Replay},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub fn routes() -> Routes {
    Routes::new()
        .admin_post("/admin/v1/projects/{project_id}/webhook_endpoints/{endpoint_id}/test", test)
        .admin_get("/admin/v1/projects/{project_id}/webhook_endpoints/{endpoint_id}/deliveries", list)
        .admin_get(
            "/admin/v1/projects/{project_id}/webhook_endpoints/{endpoint_id}/deliveries/{event_id}",
            get,
        )
        .admin_post("/admin/v1/projects/{project_id}/webhook_endpoints/{endpoint_id}/replay", replay)
}

#[derive(Serialize, JsonSchema)]
struct Delivery {
    event_id: WebhookEventId,
    event_type: String,
    #[schemars(schema_with = "state")]
    state: String,
    /// Since it was queued, or replayed.
    attempts: i64,
    /// When it is tried next.
    #[serde(serialize_with = "optional_rfc_3339")]
    next_attempt_at: Option<Timestamp>,
    #[serde(serialize_with = "rfc_3339")]
    created_at: Timestamp,
    #[serde(serialize_with = "optional_rfc_3339")]
    finished_at: Option<Timestamp>,
}

#[derive(Serialize, JsonSchema)]
struct Attempt {
    #[serde(serialize_with = "rfc_3339")]
    at: Timestamp,
    /// HTTP, where there was an answer.
    status: Option<i64>,
    /// `delivered`, or why not.
    outcome: String,
    took_ms: i64,
}

impl From<&webhooks::Delivery> for Delivery {
    fn from(it: &webhooks::Delivery) -> Self {
        Self {
            event_id: it.event_id.clone(),
            event_type: it.event_type.clone(),
            state: it.state.to_string(),
            attempts: it.attempts,
            next_attempt_at: (it.state == State::Pending).then_some(it.next_at),
            created_at: it.created_at,
            finished_at: it.finished_at,
        }
    }
}

impl From<&webhooks::Attempt> for Attempt {
    fn from(it: &webhooks::Attempt) -> Self {
        Self { at: it.at, status: it.status, outcome: it.outcome.clone(), took_ms: it.took_ms }
    }
}

fn state(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": "string", "enum": ["pending", "delivered", "dead"] })
}

/// Sends a ping (`vestibule.ping.create`) at once, and tells what came of it.
#[derive(Deserialize, JsonSchema)]
struct TestRequest {
    project_id: String,
    endpoint_id: String,
}

#[derive(Serialize, JsonSchema)]
struct TestResponse {
    event_id: WebhookEventId,
    /// None when a worker took it first; the delivery then tells.
    attempt: Option<Attempt>,
}

async fn test(mut call: Administration, request: TestRequest) -> Result<Tagged<TestResponse>> {
    let (_, endpoint) = ids(&request.project_id, &request.endpoint_id)?;
    let project = flows::projects::find(&call.app, &request.project_id).await?;
    let tested = queue::test(&call.app, (&project, &endpoint), (call.now, &mut call.rng)).await?;
    Ok(Tagged::plain(TestResponse { event_id: tested.0, attempt: tested.1.as_ref().map(Attempt::from) }))
}

/// Lists what was queued for an endpoint, newest first, a hundred at a time.
#[derive(Deserialize, JsonSchema)]
struct ListRequest {
    project_id: String,
    endpoint_id: String,
    #[serde(default)]
    #[schemars(schema_with = "state")]
    state: Option<String>,
    /// The last event of the page before.
    #[serde(default)]
    before: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct ListResponse {
    deliveries: Vec<Delivery>,
}

async fn list(call: Administration, request: ListRequest) -> Result<Tagged<ListResponse>> {
    let (project, endpoint) = ids(&request.project_id, &request.endpoint_id)?;
    let state: Option<State> =
        request.state.as_deref().map(str::parse).transpose().map_err(wrong("state"))?;
    let before = request.before.as_deref().map(event).transpose()?;
    let wanted = (state, before.as_ref());
    let found = queue::list(&call.app, (&project, &endpoint), wanted, queue::PAGE).await?;
    Ok(Tagged::plain(ListResponse { deliveries: found.iter().map(Delivery::from).collect() }))
}

/// Shows a delivery with what it says and every attempt.
#[derive(Deserialize, JsonSchema)]
struct GetRequest {
    project_id: String,
    endpoint_id: String,
    event_id: String,
}

#[derive(Serialize, JsonSchema)]
struct GetResponse {
    delivery: Delivery,
    /// Exactly what is sent; none once it was swept.
    body: Option<Value>,
    attempts: Vec<Attempt>,
}

async fn get(call: Administration, request: GetRequest) -> Result<Tagged<GetResponse>> {
    let (project, endpoint) = ids(&request.project_id, &request.endpoint_id)?;
    let event = event(&request.event_id)?;
    let (delivery, body, attempts) = queue::one(&call.app, (&project, &endpoint, &event)).await?;
    Ok(Tagged::plain(GetResponse {
        delivery: Delivery::from(&delivery),
        body: body.and_then(|it| serde_json::from_str(&it).ok()),
        attempts: attempts.iter().map(Attempt::from).collect(),
    }))
}

/// Sends again: one event, whatever became of it, or every dead one that was queued since a point in time.
#[derive(Deserialize, JsonSchema)]
struct ReplayRequest {
    project_id: String,
    endpoint_id: String,
    #[serde(default)]
    event_id: Option<String>,
    /// RFC 3339.
    #[serde(default)]
    dead_since: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct ReplayResponse {
    replayed: u64,
}

async fn replay(mut call: Administration, request: ReplayRequest) -> Result<Tagged<ReplayResponse>> {
    let (project, endpoint) = ids(&request.project_id, &request.endpoint_id)?;
    let which = match (request.event_id.as_deref(), request.dead_since.as_deref()) {
        (Some(id), None) => Replay::One(event(id)?),
        (None, Some(since)) => {
            let since: std::result::Result<Timestamp, _> = since.parse();
            Replay::DeadSince(since.map_err(|_| wrong("dead_since")("a time as RFC 3339 writes it"))?)
        }
        (Some(_), Some(_)) | (None, None) => {
            return Err(wrong("event_id")("either event_id or dead_since").into());
        }
    };
    let by = Administrator::Token(call.token.id);
    let luck = (call.now, &mut call.rng);
    let replayed = queue::replay(&call.app, (&project, &endpoint, which), by, luck).await?;
    Ok(Tagged::plain(ReplayResponse { replayed }))
}

fn event(id: &str) -> Result<WebhookEventId> {
    Ok(id.parse().map_err(|_| Refusal::WebhookEventNotFound)?)
}

fn wrong(field: &'static str) -> impl Fn(&'static str) -> Refusal {
    move |reason| Refusal::InvalidArgument { field, reason }
}
