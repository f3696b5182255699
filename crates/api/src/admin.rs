//! `/admin/v1`: what `vestibule project` and `vestibule apply` do, over HTTP, for holders of an admin token.

mod audit;
mod messages;
mod organizations;
mod sms;
pub mod sms_spend;
mod templates;
mod webhooks;

use crate::{
    endpoint::{Administration, Routes, Tagged},
    error::Result,
};
use domain::{
    Refusal, Timestamp,
    id::{ProjectId, PublicToken, WebhookEndpointId},
    jwt_claims::rfc_3339,
    projects::{
        self, Environment,
        document::{Change, ProjectDocument},
    },
};
use flows::{
    projects::{
        create as create_project,
        document::{self, Administrator, Applied, Apply, revision},
    },
    webhooks::endpoints::Made,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Routes {
    Routes::new()
        .admin_get("/admin/v1/projects", list)
        .admin_post("/admin/v1/projects", create)
        .admin_get("/admin/v1/projects/{project_id}", get)
        .admin_get("/admin/v1/projects/{project_id}/document", read)
        .admin_put("/admin/v1/projects/{project_id}/document", apply)
        .and(audit::routes())
        .and(sms::routes())
        .and(sms_spend::routes())
        .and(messages::routes())
        .and(organizations::routes())
        .and(templates::routes())
        .and(webhooks::routes())
}

#[derive(Serialize, JsonSchema)]
struct Project {
    project_id: ProjectId,
    name: String,
    #[schemars(schema_with = "environment")]
    environment: String,
    public_token: PublicToken,
    #[serde(serialize_with = "rfc_3339")]
    created_at: Timestamp,
}

impl From<&projects::Project> for Project {
    fn from(project: &projects::Project) -> Self {
        let projects::Project {
            project_id,
            name,
            environment,
            public_token,
            settings: _,
            has_webhooks: _,
            created_at,
        } = project;
        Self {
            project_id: project_id.clone(),
            name: name.clone(),
            environment: environment.to_string(),
            public_token: public_token.clone(),
            created_at: *created_at,
        }
    }
}

fn environment(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": "string", "enum": ["test", "live"] })
}

/// Lists every project, oldest first.
#[derive(Deserialize, JsonSchema)]
struct ListRequest {}

#[derive(Serialize, JsonSchema)]
struct ListResponse {
    projects: Vec<Project>,
}

async fn list(call: Administration, _: ListRequest) -> Result<Tagged<ListResponse>> {
    let all = document::all(&call.app).await?;
    Ok(Tagged::plain(ListResponse { projects: all.iter().map(Project::from).collect() }))
}

/// Creates a project. Its secret is in this answer and nowhere else.
#[derive(Deserialize, JsonSchema)]
struct CreateRequest {
    #[schemars(length(min = 1, max = 128))]
    name: String,
    #[schemars(schema_with = "environment")]
    environment: String,
}

#[derive(Serialize, JsonSchema)]
struct CreateResponse {
    project: Project,
    secret: String,
}

async fn create(mut call: Administration, request: CreateRequest) -> Result<Tagged<CreateResponse>> {
    let environment: Environment = request
        .environment
        .parse()
        .map_err(|reason| Refusal::InvalidArgument { field: "environment", reason })?;
    if request.name.trim().is_empty() || request.name.chars().count() > 128 {
        let reason = "a name has 1 to 128 characters";
        return Err(Refusal::InvalidArgument { field: "name", reason }.into());
    }
    let by = Administrator::Token(call.token.id);
    let created = create_project(&call.app, (&request.name, environment), by, (call.now, &mut call.rng));
    let created = created.await?;
    let secret = created.secret.expose().to_owned();
    Ok(Tagged::plain(CreateResponse { project: Project::from(&created.project), secret }))
}

/// Finds a project by its id.
#[derive(Deserialize, JsonSchema)]
struct GetRequest {
    project_id: String,
}

#[derive(Serialize, JsonSchema)]
struct GetResponse {
    project: Project,
}

async fn get(call: Administration, request: GetRequest) -> Result<Tagged<GetResponse>> {
    let (project, _) = document::read(&call.app, &id(&request.project_id)?).await?;
    Ok(Tagged::plain(GetResponse { project: Project::from(&project) }))
}

/// Reads a project's settings, every section of them. The `ETag` names their revision.
#[derive(Deserialize, JsonSchema)]
struct ReadRequest {
    project_id: String,
}

#[derive(Serialize, JsonSchema)]
struct ReadResponse {
    document: ProjectDocument,
}

async fn read(call: Administration, request: ReadRequest) -> Result<Tagged<ReadResponse>> {
    let (_, document) = document::read(&call.app, &id(&request.project_id)?).await?;
    Ok(Tagged::of(revision(&document), ReadResponse { document }))
}

/// Makes a project's settings as the document says, in one step. `If-Match` names the revision that was read, or is
/// `*` to overwrite whatever is there. With `dry_run`, nothing is changed and `If-Match` may be left out.
#[derive(Deserialize, JsonSchema)]
struct ApplyRequest {
    project_id: String,
    document: ProjectDocument,
    #[serde(default, deserialize_with = "crate::b2b::truth")]
    dry_run: bool,
}

#[derive(Serialize, JsonSchema)]
struct ApplyResponse {
    /// What was changed, or would be.
    changes: Vec<Change>,
    /// The settings as they are now.
    document: ProjectDocument,
    /// Of the webhook endpoints that were made: in this answer and nowhere else.
    webhook_secrets: Vec<WebhookSecret>,
}

#[derive(Serialize, JsonSchema)]
struct WebhookSecret {
    endpoint_id: WebhookEndpointId,
    url: String,
    /// `whsec_…`
    secret: String,
}

impl From<&Made> for WebhookSecret {
    fn from((endpoint, secret): &Made) -> Self {
        Self {
            endpoint_id: endpoint.endpoint_id.clone(),
            url: endpoint.url.to_string(),
            secret: secret.expose().to_owned(),
        }
    }
}

async fn apply(mut call: Administration, request: ApplyRequest) -> Result<Tagged<ApplyResponse>> {
    let project = id(&request.project_id)?;
    let revision = match call.if_match.as_deref() {
        None if request.dry_run => None,
        None => return Err(Refusal::RevisionRequired.into()),
        Some("*") => None,
        Some(tag) => Some(tag.trim_matches('"')),
    };
    let wanted = Apply {
        project: &project,
        document: &request.document,
        revision,
        dry_run: request.dry_run,
        by: Administrator::Token(call.token.id),
    };
    let applied = document::apply(&call.app, wanted, (call.now, &mut call.rng)).await?;
    let Applied { document, changes, made } = applied;
    let webhook_secrets = made.iter().map(WebhookSecret::from).collect();
    Ok(Tagged::of(document::revision(&document), ApplyResponse { changes, document, webhook_secrets }))
}

fn id(text: &str) -> Result<ProjectId> {
    Ok(text.parse().map_err(|_| Refusal::ProjectNotFound)?)
}
