//! `/v1/b2b/organizations`.

pub(super) mod settings;

use super::{
    fields::filled,
    objects::Organization,
    search::{ResultsMetadata, SearchQuery, object, parse},
};
use crate::{
    endpoint::{Routes, Shows},
    error::Result,
};
use axum::http::Method;
use domain::{
    Refusal, external_id::ExternalId, id::OrganizationId, metadata::Metadata, projects::sdk::Capability,
    search::Limit, slug::Slug,
};
use flows::{
    Call,
    organizations::{self, NewOrganization, Update, search::Search},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use settings::SettingsChange;

pub fn routes() -> Routes {
    Routes::new()
        .post("/v1/b2b/organizations", create)
        .get("/v1/b2b/organizations/{organization_id}", get)
        .put("/v1/b2b/organizations/{organization_id}", update)
        .for_members()
        .delete("/v1/b2b/organizations/{organization_id}", delete)
        .for_members()
        .post("/v1/b2b/organizations/search", search)
        .get("/v1/b2b/organizations/{organization_id}/metrics", metrics)
        .delete("/v1/b2b/organizations/{organization_id}/external_id", delete_external_id)
        .for_members()
}

/// As pages call them: the organization of the member who acts.
pub fn of_pages() -> Routes {
    const PATH: &str = "/sdk/v1/b2b/organizations/me";
    Routes::new()
        .page(Method::GET, PATH, get)
        .shows(Shows::Member)
        .page(Method::PUT, PATH, update)
        .shows(Shows::Member)
        .needs(Capability::Manage)
        .page(Method::DELETE, PATH, delete)
        .shows(Shows::Member)
        .needs(Capability::Manage)
}

/// Creates an organization; it has no members yet.
#[derive(Deserialize, JsonSchema)]
struct CreateRequest {
    #[schemars(length(min = 1, max = 128))]
    organization_name: String,
    #[schemars(with = "Option<domain::slug::Slug>")]
    organization_slug: Option<String>,
    #[schemars(length(max = 1024))]
    organization_logo_url: Option<String>,
    #[schemars(with = "Option<domain::external_id::ExternalId>")]
    organization_external_id: Option<String>,
    #[schemars(with = "Option<domain::metadata::Metadata>")]
    trusted_metadata: Option<Value>,
    #[serde(flatten)]
    settings: SettingsChange,
}

#[derive(Serialize, JsonSchema)]
struct OrganizationResponse {
    organization: Organization,
}

async fn create(mut call: Call, request: CreateRequest) -> Result<OrganizationResponse> {
    let named = Named {
        organization_name: Some(request.organization_name),
        organization_slug: request.organization_slug,
        organization_logo_url: request.organization_logo_url,
        organization_external_id: request.organization_external_id,
        trusted_metadata: request.trusted_metadata,
    };
    let tenant = organizations::create(&mut call, named.with(request.settings)?).await?;
    Ok(OrganizationResponse { organization: tenant.organization().into() })
}

/// What a new organization is called, as sent.
pub(super) struct Named {
    /// None leaves the name to the flow.
    pub organization_name: Option<String>,
    pub organization_slug: Option<String>,
    pub organization_logo_url: Option<String>,
    pub organization_external_id: Option<String>,
    pub trusted_metadata: Option<Value>,
}

impl Named {
    pub fn with(self, settings: SettingsChange) -> Result<NewOrganization> {
        Ok(NewOrganization {
            name: self.organization_name.map(name).transpose()?.unwrap_or_default(),
            slug: slug(self.organization_slug)?,
            external_id: external_id(self.organization_external_id)?,
            logo_url: logo_url(self.organization_logo_url)?.unwrap_or_default(),
            settings: settings.for_a_new_organization()?,
            trusted_metadata: match self.trusted_metadata {
                Some(metadata) => Metadata::default().merged(metadata)?,
                None => Metadata::default(),
            },
        })
    }
}

/// Names an organization by id, slug or external id.
#[derive(Deserialize, JsonSchema)]
struct NamedRequest {
    organization_id: String,
}

async fn get(call: Call, request: NamedRequest) -> Result<OrganizationResponse> {
    let tenant = organizations::get(&call, &request.organization_id).await?;
    Ok(OrganizationResponse { organization: tenant.organization().into() })
}

/// Changes an organization; absent fields stay, lists are replaced whole.
#[derive(Deserialize, JsonSchema)]
struct UpdateRequest {
    organization_id: String,
    #[schemars(length(min = 1, max = 128))]
    organization_name: Option<String>,
    #[schemars(with = "Option<domain::slug::Slug>")]
    organization_slug: Option<String>,
    #[schemars(length(max = 1024))]
    organization_logo_url: Option<String>,
    #[schemars(with = "Option<domain::external_id::ExternalId>")]
    organization_external_id: Option<String>,
    #[schemars(with = "Option<domain::metadata::Metadata>")]
    trusted_metadata: Option<Value>,
    #[serde(flatten)]
    settings: SettingsChange,
}

async fn update(mut call: Call, request: UpdateRequest) -> Result<OrganizationResponse> {
    let fields = request.fields();
    let change = Update {
        name: request.organization_name.map(name).transpose()?,
        slug: slug(request.organization_slug)?,
        external_id: external_id(request.organization_external_id)?,
        logo_url: logo_url(request.organization_logo_url)?,
        trusted_metadata: request.trusted_metadata,
        settings: |before| request.settings.apply(before),
        fields,
    };
    let tenant = organizations::update(&mut call, &request.organization_id, change).await?;
    Ok(OrganizationResponse { organization: tenant.organization().into() })
}

/// Deletes an organization with all its members.
#[derive(Serialize, JsonSchema)]
struct DeleteResponse {
    organization_id: OrganizationId,
}

async fn delete(mut call: Call, request: NamedRequest) -> Result<DeleteResponse> {
    Ok(DeleteResponse { organization_id: organizations::delete(&mut call, &request.organization_id).await? })
}

/// Finds organizations of the project, page by page.
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
    organizations: Vec<Organization>,
    results_metadata: ResultsMetadata,
}

async fn search(call: Call, request: SearchRequest) -> Result<SearchResponse> {
    let wanted =
        Search { query: parse(request.query)?, cursor: request.cursor, limit: Limit::parse(request.limit)? };
    let page = organizations::search::search(&call, wanted).await?;
    let results_metadata = (&page).into();
    let organizations = page.items.iter().map(|it| it.organization().into()).collect();
    Ok(SearchResponse { organizations, results_metadata })
}

#[derive(Serialize, JsonSchema)]
struct MetricsResponse {
    /// Without deleted members.
    member_count: u32,
}

async fn metrics(call: Call, request: NamedRequest) -> Result<MetricsResponse> {
    let count = organizations::search::member_count(&call, &request.organization_id).await?;
    Ok(MetricsResponse { member_count: u32::try_from(count).unwrap_or(u32::MAX) })
}

async fn delete_external_id(mut call: Call, request: NamedRequest) -> Result<OrganizationResponse> {
    let tenant = organizations::delete_external_id(&mut call, &request.organization_id).await?;
    Ok(OrganizationResponse { organization: tenant.organization().into() })
}

impl UpdateRequest {
    /// The names of the fields that were sent, for the record.
    fn fields(&self) -> Vec<&'static str> {
        let own = [
            ("organization_name", self.organization_name.is_some()),
            ("organization_slug", self.organization_slug.is_some()),
            ("organization_logo_url", self.organization_logo_url.is_some()),
            ("organization_external_id", self.organization_external_id.is_some()),
            ("trusted_metadata", self.trusted_metadata.is_some()),
        ];
        own.into_iter()
            .filter_map(|(name, sent)| sent.then_some(name))
            .chain(self.settings.fields())
            .collect()
    }
}

fn name(text: String) -> Result<String> {
    let length = text.trim().chars().count();
    if (1..=128).contains(&length) && text.chars().count() <= 128 {
        Ok(text)
    } else {
        Err(Refusal::InvalidOrganizationName.into())
    }
}

fn slug(text: Option<String>) -> Result<Option<Slug>> {
    Ok(filled(text).map(|it| it.parse().map_err(|_| Refusal::InvalidOrganizationSlug)).transpose()?)
}

fn external_id(text: Option<String>) -> Result<Option<ExternalId>> {
    Ok(filled(text).map(|it| it.parse().map_err(|_| Refusal::InvalidOrganizationExternalId)).transpose()?)
}

fn logo_url(text: Option<String>) -> Result<Option<String>> {
    match text {
        Some(url) if url.len() > 1024 => Err(Refusal::OrganizationLogoUrlTooLong.into()),
        other => Ok(other),
    }
}
