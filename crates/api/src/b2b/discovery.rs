//! `/v1/b2b/discovery`: from a proved address to an organization.

use super::{
    fields::{Shown, Wished, filled, locale},
    objects::{DiscoveredOrganization, LoginResponse},
    organizations::{Named, settings::SettingsChange},
};
use crate::{
    endpoint::{Routes, Shows},
    error::Result,
};
use axum::http::Method;
use domain::{email::EmailAddress, id::OrganizationId, projects::sdk::Capability, token::Token};
use flows::{
    Call,
    discovery::{self, Exchange, Founding},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub fn routes() -> Routes {
    Routes::new()
        .post("/v1/b2b/discovery/organizations", list)
        .post("/v1/b2b/discovery/organizations/create", create)
        .post("/v1/b2b/discovery/intermediate_sessions/exchange", exchange)
}

/// As pages call them.
pub fn of_pages() -> Routes {
    Routes::new()
        .page(Method::POST, "/sdk/v1/b2b/discovery/organizations", list)
        .shows(Shows::Either)
        .page(Method::POST, "/sdk/v1/b2b/discovery/organizations/create", create)
        .shows(Shows::Intermediate)
        .needs(Capability::CreateOrganizations)
        .page(Method::POST, "/sdk/v1/b2b/discovery/intermediate_sessions/exchange", exchange)
        .shows(Shows::Intermediate)
}

/// Lists the organizations that are open to whoever holds an intermediate session or a session.
#[derive(Deserialize, JsonSchema)]
struct ListRequest {
    #[serde(flatten)]
    shown: Shown,
}

#[derive(Serialize, JsonSchema)]
struct ListResponse {
    email_address: EmailAddress,
    discovered_organizations: Vec<DiscoveredOrganization>,
    organization_id_hint: Option<OrganizationId>,
}

async fn list(mut call: Call, request: ListRequest) -> Result<ListResponse> {
    let listed = discovery::list(&mut call, &request.shown.into()).await?;
    Ok(ListResponse {
        email_address: listed.address,
        discovered_organizations: DiscoveredOrganization::all(&listed.discovered, call.now),
        organization_id_hint: listed.hint,
    })
}

/// Takes an intermediate session into an organization.
#[derive(Deserialize, JsonSchema)]
struct ExchangeRequest {
    intermediate_session_token: String,
    organization_id: String,
    locale: Option<String>,
    #[serde(flatten)]
    wished: Wished,
}

async fn exchange(mut call: Call, request: ExchangeRequest) -> Result<LoginResponse> {
    let wanted = Exchange {
        organization: request.organization_id,
        token: Token::received(request.intermediate_session_token),
        wishes: request.wished.parse()?,
        locale: locale(request.locale)?,
    };
    let login = discovery::exchange(&mut call, wanted).await?;
    LoginResponse::new(&mut call, login).await
}

/// Creates an organization and its first member, an administrator. Without a
/// name, it is named after the domain of the address.
#[derive(Deserialize, JsonSchema)]
struct CreateRequest {
    intermediate_session_token: String,
    organization_name: Option<String>,
    organization_slug: Option<String>,
    organization_logo_url: Option<String>,
    organization_external_id: Option<String>,
    trusted_metadata: Option<Value>,
    #[serde(flatten)]
    settings: SettingsChange,
    #[serde(flatten)]
    wished: Wished,
}

async fn create(mut call: Call, request: CreateRequest) -> Result<LoginResponse> {
    let named = Named {
        organization_name: filled(request.organization_name),
        organization_slug: request.organization_slug,
        organization_logo_url: request.organization_logo_url,
        organization_external_id: request.organization_external_id,
        trusted_metadata: request.trusted_metadata,
    };
    let wanted = Founding {
        token: Token::received(request.intermediate_session_token),
        organization: named.with(request.settings)?,
        wishes: request.wished.parse()?,
    };
    let login = discovery::create(&mut call, wanted).await?;
    LoginResponse::new(&mut call, login).await
}
