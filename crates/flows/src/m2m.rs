//! Clients that are programs, as the project secret manages them.

pub mod attempts;
pub mod introspection;
pub mod proof;
pub mod search;
pub mod secrets;
pub mod tokens;

use crate::{Call, Result, audit};
use domain::{
    Refusal,
    audit::{Action, Actor},
    m2m::{Client, Status, client_id::ClientId, scopes::Scopes, secret},
    metadata::Metadata,
    token::Token,
};
use serde_json::{Value, json};
use store::m2m_clients;

/// A new client, as asked for.
pub struct NewClient {
    /// Made here when absent.
    pub client_id: Option<ClientId>,
    /// Brought along; made here when absent.
    pub secret: Option<Token>,
    pub name: String,
    pub description: String,
    pub scopes: Scopes,
    pub trusted_metadata: Metadata,
}

/// Creates a client; its secret is told this once.
///
/// # Errors
/// `DuplicateM2mClientId`.
pub async fn create(call: &mut Call, wanted: NewClient) -> Result<(Client, Token)> {
    let secret_is_imported = wanted.secret.is_some();
    let secret = wanted.secret.unwrap_or_else(|| secret::random(&mut call.rng));
    let random_id = || ClientId::random(call.project.environment, &mut call.rng);
    let client_id = wanted.client_id.unwrap_or_else(random_id);
    let project = &call.project.project_id;
    let client = Client {
        secret_digest: secret::digest(&call.app.server_key, project, &client_id, &secret),
        project_id: project.clone(),
        client_id,
        name: wanted.name,
        description: wanted.description,
        status: Status::Active,
        scopes: wanted.scopes,
        trusted_metadata: wanted.trusted_metadata,
        secret_last_four: secret::last_four(&secret),
        secret_is_imported,
        next_secret_digest: None,
        next_secret_last_four: None,
        created_at: call.now,
        updated_at: call.now,
    };
    let mut tx = call.app.db.write().await?;
    if !m2m_clients::create(&mut tx, &client).await? {
        return Err(Refusal::DuplicateM2mClientId.into());
    }
    let details = [("client_id", json!(client.client_id)), ("secret_is_imported", json!(secret_is_imported))];
    audit::note_of_project(call, &mut tx, (Action::M2mClientCreated, Actor::Project), &details).await?;
    tx.commit().await?;
    Ok((client, secret))
}

/// # Errors
/// `M2mClientNotFound`.
pub async fn get(call: &Call, id: &str) -> Result<Client> {
    let id = named(id)?;
    let mut conn = call.app.db.read().await?;
    let found = m2m_clients::find(&mut conn, &call.project.project_id, &id).await?;
    Ok(found.ok_or(Refusal::M2mClientNotFound)?)
}

/// Absent leaves a field as it is.
pub struct Update {
    pub name: Option<String>,
    pub description: Option<String>,
    pub status: Option<Status>,
    pub scopes: Option<Scopes>,
    /// Merged at the top level.
    pub trusted_metadata: Option<Value>,
}

/// Changes a client. Tokens that were issued keep what they say.
///
/// # Errors
/// `M2mClientNotFound`, the refusals of metadata.
pub async fn update(call: &mut Call, id: &str, change: Update) -> Result<Client> {
    let id = named(id)?;
    let mut tx = call.app.db.write().await?;
    let locked = m2m_clients::lock(&mut tx, &call.project.project_id, &id, call.now).await?;
    let mut client = locked.ok_or(Refusal::M2mClientNotFound)?;
    let fields = change.fields();
    client.name = change.name.unwrap_or(client.name);
    client.description = change.description.unwrap_or(client.description);
    client.status = change.status.unwrap_or(client.status);
    client.scopes = change.scopes.unwrap_or(client.scopes);
    if let Some(update) = change.trusted_metadata {
        client.trusted_metadata = client.trusted_metadata.merged(update)?;
    }
    m2m_clients::save(&mut tx, &client).await?;
    let details = [
        ("client_id", json!(client.client_id)),
        ("fields", json!(fields)),
        ("status", json!(client.status.to_string())),
    ];
    audit::note_of_project(call, &mut tx, (Action::M2mClientUpdated, Actor::Project), &details).await?;
    tx.commit().await?;
    Ok(client)
}

/// Deletes a client: it gets no further tokens, and introspection calls those it has inactive.
///
/// # Errors
/// `M2mClientNotFound`.
pub async fn delete(call: &mut Call, id: &str) -> Result<ClientId> {
    let id = named(id)?;
    let mut tx = call.app.db.write().await?;
    if !m2m_clients::delete(&mut tx, &call.project.project_id, &id).await? {
        return Err(Refusal::M2mClientNotFound.into());
    }
    let details = [("client_id", json!(id))];
    audit::note_of_project(call, &mut tx, (Action::M2mClientDeleted, Actor::Project), &details).await?;
    tx.commit().await?;
    Ok(id)
}

impl Update {
    fn fields(&self) -> Vec<&'static str> {
        let sent = [
            ("client_name", self.name.is_some()),
            ("client_description", self.description.is_some()),
            ("status", self.status.is_some()),
            ("scopes", self.scopes.is_some()),
            ("trusted_metadata", self.trusted_metadata.is_some()),
        ];
        sent.into_iter().filter_map(|(name, is_sent)| is_sent.then_some(name)).collect()
    }
}

/// What cannot be a client's name is the name of no client.
fn named(id: &str) -> Result<ClientId> {
    Ok(id.parse().map_err(|_| Refusal::M2mClientNotFound)?)
}
