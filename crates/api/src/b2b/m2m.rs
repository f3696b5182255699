//! `/v1/m2m/clients`: programs with a secret of their own.

use super::{
    fields::filled,
    search::{ResultsMetadata, SearchQuery, object, parse},
};
use crate::{endpoint::Routes, error::Result};
use domain::{
    m2m::{self, checked_description, checked_name, client_id::ClientId, scopes::Scopes, secret},
    metadata::Metadata,
    search::Limit,
    token::Token,
};
use flows::{
    Call,
    m2m::{self as clients, NewClient, Update, search::Search, secrets},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub fn routes() -> Routes {
    Routes::new()
        .post("/v1/m2m/clients", create)
        .post("/v1/m2m/clients/search", search)
        .get("/v1/m2m/clients/{client_id}", get)
        .put("/v1/m2m/clients/{client_id}", update)
        .delete("/v1/m2m/clients/{client_id}", delete)
        .post("/v1/m2m/clients/{client_id}/secrets/rotate/start", start_rotation)
        .post("/v1/m2m/clients/{client_id}/secrets/rotate/cancel", cancel_rotation)
        .post("/v1/m2m/clients/{client_id}/secrets/rotate", rotate)
}

/// A client as callers see it; without its secret.
#[derive(Serialize, JsonSchema)]
struct M2MClient {
    client_id: ClientId,
    client_name: String,
    client_description: String,
    status: String,
    scopes: Vec<String>,
    client_secret_last_four: String,
    trusted_metadata: Metadata,
    next_client_secret_last_four: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct ClientResponse {
    m2m_client: M2MClient,
}

/// Creates a client. Its secret is in this answer and nowhere else.
#[derive(Deserialize, JsonSchema)]
struct CreateRequest {
    #[serde(default)]
    scopes: Vec<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    client_name: Option<String>,
    client_description: Option<String>,
    trusted_metadata: Option<Value>,
}

#[derive(Serialize, JsonSchema)]
struct CreateResponse {
    m2m_client: WithSecret,
}

#[derive(Serialize, JsonSchema)]
struct WithSecret {
    #[serde(flatten)]
    client: M2MClient,
    client_secret: String,
}

async fn create(mut call: Call, request: CreateRequest) -> Result<CreateResponse> {
    let wanted = NewClient {
        client_id: filled(request.client_id).map(|it| it.parse()).transpose()?,
        secret: filled(request.client_secret).map(secret::imported).transpose()?,
        name: checked_name(request.client_name.unwrap_or_default())?,
        description: checked_description(request.client_description.unwrap_or_default())?,
        scopes: Scopes::parse(request.scopes)?,
        trusted_metadata: match request.trusted_metadata {
            Some(metadata) => Metadata::default().merged(metadata)?,
            None => Metadata::default(),
        },
    };
    let (client, secret) = clients::create(&mut call, wanted).await?;
    Ok(CreateResponse { m2m_client: WithSecret { client: client.into(), client_secret: shown(&secret) } })
}

/// Finds clients of the project, page by page.
#[derive(Deserialize, JsonSchema)]
struct SearchRequest {
    cursor: Option<String>,
    /// 1 to 1000; 0 is 100.
    limit: Option<i64>,
    #[serde(default, deserialize_with = "object")]
    query: Option<SearchQuery>,
}

#[derive(Serialize, JsonSchema)]
struct SearchResponse {
    m2m_clients: Vec<M2MClient>,
    results_metadata: ResultsMetadata,
}

async fn search(call: Call, request: SearchRequest) -> Result<SearchResponse> {
    let wanted =
        Search { query: parse(request.query)?, cursor: request.cursor, limit: Limit::parse(request.limit)? };
    let page = clients::search::search(&call, wanted).await?;
    let results_metadata = (&page).into();
    Ok(SearchResponse { m2m_clients: page.items.into_iter().map(Into::into).collect(), results_metadata })
}

/// Reads a client.
#[derive(Deserialize, JsonSchema)]
struct GetRequest {
    client_id: String,
}

async fn get(call: Call, request: GetRequest) -> Result<ClientResponse> {
    Ok(clients::get(&call, &request.client_id).await?.into())
}

/// Changes a client; absent fields stay. Tokens that were issued keep what they say.
#[derive(Deserialize, JsonSchema)]
struct UpdateRequest {
    client_id: String,
    client_name: Option<String>,
    client_description: Option<String>,
    status: Option<String>,
    scopes: Option<Vec<String>>,
    trusted_metadata: Option<Value>,
}

async fn update(mut call: Call, request: UpdateRequest) -> Result<ClientResponse> {
    let change = Update {
        name: request.client_name.map(checked_name).transpose()?,
        description: request.client_description.map(checked_description).transpose()?,
        status: filled(request.status).map(|it| it.parse()).transpose()?,
        scopes: request.scopes.map(Scopes::parse).transpose()?,
        trusted_metadata: request.trusted_metadata,
    };
    Ok(clients::update(&mut call, &request.client_id, change).await?.into())
}

/// Deletes a client: it gets no further tokens.
#[derive(Deserialize, JsonSchema)]
struct DeleteRequest {
    client_id: String,
}

#[derive(Serialize, JsonSchema)]
struct DeleteResponse {
    client_id: ClientId,
}

async fn delete(mut call: Call, request: DeleteRequest) -> Result<DeleteResponse> {
    Ok(DeleteResponse { client_id: clients::delete(&mut call, &request.client_id).await? })
}

/// Makes a second secret; both are good until the rotation ends.
#[derive(Deserialize, JsonSchema)]
struct StartRotationRequest {
    client_id: String,
}

#[derive(Serialize, JsonSchema)]
struct StartRotationResponse {
    m2m_client: WithNextSecret,
}

#[derive(Serialize, JsonSchema)]
struct WithNextSecret {
    #[serde(flatten)]
    client: M2MClient,
    next_client_secret: String,
}

async fn start_rotation(mut call: Call, request: StartRotationRequest) -> Result<StartRotationResponse> {
    let (client, next) = secrets::start_rotation(&mut call, &request.client_id).await?;
    let m2m_client = WithNextSecret { client: client.into(), next_client_secret: shown(&next) };
    Ok(StartRotationResponse { m2m_client })
}

/// Takes the second secret away; the first stays.
#[derive(Deserialize, JsonSchema)]
struct CancelRotationRequest {
    client_id: String,
}

async fn cancel_rotation(mut call: Call, request: CancelRotationRequest) -> Result<ClientResponse> {
    Ok(secrets::cancel_rotation(&mut call, &request.client_id).await?.into())
}

/// Puts the second secret in the place of the first, which is good no longer.
#[derive(Deserialize, JsonSchema)]
struct RotateRequest {
    client_id: String,
}

async fn rotate(mut call: Call, request: RotateRequest) -> Result<ClientResponse> {
    Ok(secrets::rotate(&mut call, &request.client_id).await?.into())
}

/// Told this once.
fn shown(secret: &Token) -> String {
    secret.expose().to_owned()
}

impl From<m2m::Client> for M2MClient {
    fn from(client: m2m::Client) -> Self {
        Self {
            client_id: client.client_id,
            client_name: client.name,
            client_description: client.description,
            status: client.status.to_string(),
            scopes: client.scopes.as_slice().to_vec(),
            client_secret_last_four: client.secret_last_four,
            trusted_metadata: client.trusted_metadata,
            next_client_secret_last_four: client.next_secret_last_four,
        }
    }
}

impl From<m2m::Client> for ClientResponse {
    fn from(client: m2m::Client) -> Self {
        Self { m2m_client: client.into() }
    }
}
