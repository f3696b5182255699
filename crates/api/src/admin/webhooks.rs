//! Webhook endpoints of a project, for holders of an admin token.

mod deliveries;

use super::id;
use crate::{
    b2b::objects::optional_rfc_3339,
    endpoint::{Administration, Routes, Tagged},
    error::Result,
};
use domain::{
    Refusal, Timestamp,
    id::{ProjectId, WebhookEndpointId},
    jwt_claims::rfc_3339,
    webhooks,
};
use flows::{
    projects::document::Administrator,
    webhooks::endpoints::{self, Wanted},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Routes {
    Routes::new()
        .admin_get("/admin/v1/projects/{project_id}/webhook_endpoints", list)
        .admin_post("/admin/v1/projects/{project_id}/webhook_endpoints", create)
        .admin_get("/admin/v1/projects/{project_id}/webhook_endpoints/{endpoint_id}", get)
        .admin_put("/admin/v1/projects/{project_id}/webhook_endpoints/{endpoint_id}", update)
        .admin_delete("/admin/v1/projects/{project_id}/webhook_endpoints/{endpoint_id}", delete)
        .admin_post("/admin/v1/projects/{project_id}/webhook_endpoints/{endpoint_id}/rotate", rotate)
        .and(deliveries::routes())
}

/// An endpoint, without its secret.
#[derive(Serialize, JsonSchema)]
struct Endpoint {
    endpoint_id: WebhookEndpointId,
    url: String,
    description: String,
    /// Event types that it is told, each whole or ending in `*`.
    events: Vec<String>,
    /// Until when the secret before signs beside the present one.
    #[serde(serialize_with = "optional_rfc_3339")]
    previous_secret_until: Option<Timestamp>,
    /// Since when every attempt failed.
    #[serde(serialize_with = "optional_rfc_3339")]
    failing_since: Option<Timestamp>,
    /// Since when nothing is sent to it.
    #[serde(serialize_with = "optional_rfc_3339")]
    disabled_at: Option<Timestamp>,
    #[serde(serialize_with = "rfc_3339")]
    created_at: Timestamp,
}

impl From<&webhooks::Endpoint> for Endpoint {
    fn from(it: &webhooks::Endpoint) -> Self {
        Self {
            endpoint_id: it.endpoint_id.clone(),
            url: it.url.to_string(),
            description: it.description.clone(),
            events: it.filters.as_slice().to_vec(),
            previous_secret_until: it.previous_until,
            failing_since: it.failing_since,
            disabled_at: it.disabled_at,
            created_at: it.created_at,
        }
    }
}

/// Lists the webhook endpoints of a project, oldest first.
#[derive(Deserialize, JsonSchema)]
struct ListRequest {
    project_id: String,
}

#[derive(Serialize, JsonSchema)]
struct ListResponse {
    webhook_endpoints: Vec<Endpoint>,
}

async fn list(call: Administration, request: ListRequest) -> Result<Tagged<ListResponse>> {
    let project = flows::projects::find(&call.app, &request.project_id).await?;
    let all = endpoints::of_project(&call.app, &project.project_id).await?;
    Ok(Tagged::plain(ListResponse { webhook_endpoints: all.iter().map(Endpoint::from).collect() }))
}

/// Adds an endpoint that is told what happens in a project. Its secret is in this answer and nowhere else. Without
/// `events` it is told those of the contract (`direct.*`, `dashboard.*`, `scim.*`), and not `vestibule.*`.
#[derive(Deserialize, JsonSchema)]
struct CreateRequest {
    project_id: String,
    #[schemars(length(max = 1024))]
    url: String,
    #[serde(default)]
    #[schemars(length(max = 256))]
    description: Option<String>,
    #[serde(default)]
    #[schemars(length(max = 20))]
    events: Option<Vec<String>>,
}

#[derive(Serialize, JsonSchema)]
struct SecretResponse {
    webhook_endpoint: Endpoint,
    /// `whsec_` and base64, as the libraries of Standard Webhooks and Svix take it.
    secret: String,
}

async fn create(mut call: Administration, request: CreateRequest) -> Result<Tagged<SecretResponse>> {
    let project = flows::projects::find(&call.app, &request.project_id).await?;
    let wanted = Wanted {
        url: Some(request.url),
        description: request.description,
        events: request.events,
        disabled: None,
    };
    let by = Administrator::Token(call.token.id);
    let made = endpoints::create(&call.app, (&project, wanted), by, (call.now, &mut call.rng)).await?;
    Ok(Tagged::plain(shown(&made)))
}

/// Finds an endpoint by its id.
#[derive(Deserialize, JsonSchema)]
struct GetRequest {
    project_id: String,
    endpoint_id: String,
}

#[derive(Serialize, JsonSchema)]
struct EndpointResponse {
    webhook_endpoint: Endpoint,
}

async fn get(call: Administration, request: GetRequest) -> Result<Tagged<EndpointResponse>> {
    let (project, endpoint) = ids(&request.project_id, &request.endpoint_id)?;
    let found = endpoints::find(&call.app, &project, &endpoint).await?;
    Ok(Tagged::plain(EndpointResponse { webhook_endpoint: Endpoint::from(&found) }))
}

/// Changes an endpoint; what is absent stays as it is. `disabled: false` lets one be told again that was disabled
/// because it failed for days.
#[derive(Deserialize, JsonSchema)]
struct UpdateRequest {
    project_id: String,
    endpoint_id: String,
    #[serde(default)]
    #[schemars(length(max = 1024))]
    url: Option<String>,
    #[serde(default)]
    #[schemars(length(max = 256))]
    description: Option<String>,
    #[serde(default)]
    #[schemars(length(max = 20))]
    events: Option<Vec<String>>,
    #[serde(default)]
    disabled: Option<bool>,
}

async fn update(mut call: Administration, request: UpdateRequest) -> Result<Tagged<EndpointResponse>> {
    let (project, endpoint) = ids(&request.project_id, &request.endpoint_id)?;
    let UpdateRequest { url, description, events, disabled, .. } = request;
    let wanted = Wanted { url, description, events, disabled };
    let by = Administrator::Token(call.token.id);
    let luck = (call.now, &mut call.rng);
    let changed = endpoints::update(&call.app, (&project, &endpoint, wanted), by, luck).await?;
    Ok(Tagged::plain(EndpointResponse { webhook_endpoint: Endpoint::from(&changed) }))
}

/// Removes an endpoint; what is on its way to it is not sent any more.
#[derive(Deserialize, JsonSchema)]
struct DeleteRequest {
    project_id: String,
    endpoint_id: String,
}

#[derive(Serialize, JsonSchema)]
struct DeleteResponse {
    endpoint_id: WebhookEndpointId,
}

async fn delete(mut call: Administration, request: DeleteRequest) -> Result<Tagged<DeleteResponse>> {
    let (project, endpoint_id) = ids(&request.project_id, &request.endpoint_id)?;
    let by = Administrator::Token(call.token.id);
    endpoints::delete(&call.app, (&project, &endpoint_id), by, (call.now, &mut call.rng)).await?;
    Ok(Tagged::plain(DeleteResponse { endpoint_id }))
}

/// Gives an endpoint another secret, which is in this answer and nowhere else. For 24 hours every message is signed
/// with both.
#[derive(Deserialize, JsonSchema)]
struct RotateRequest {
    project_id: String,
    endpoint_id: String,
}

async fn rotate(mut call: Administration, request: RotateRequest) -> Result<Tagged<SecretResponse>> {
    let (project, endpoint) = ids(&request.project_id, &request.endpoint_id)?;
    let by = Administrator::Token(call.token.id);
    let luck = (call.now, &mut call.rng);
    let made = endpoints::rotate(&call.app, (&project, &endpoint), by, luck).await?;
    Ok(Tagged::plain(shown(&made)))
}

fn shown((endpoint, secret): &(webhooks::Endpoint, delivery::SigningSecret)) -> SecretResponse {
    SecretResponse { webhook_endpoint: Endpoint::from(endpoint), secret: secret.expose().to_owned() }
}

fn ids(project: &str, endpoint: &str) -> Result<(ProjectId, WebhookEndpointId)> {
    let endpoint = endpoint.parse().map_err(|_| Refusal::WebhookEndpointNotFound)?;
    Ok((id(project)?, endpoint))
}
