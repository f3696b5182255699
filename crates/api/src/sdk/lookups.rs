//! Before anybody is logged in: which organization a page is of, and whether
//! an address is known there.

use crate::{b2b::fields::email, endpoint::Routes, error::Result};
use axum::http::Method;
use domain::{
    id::OrganizationId,
    login_policy::PrimaryMethod,
    mfa::Method as MfaMethod,
    organizations::{
        Organization,
        settings::{MethodRule, Permission},
    },
    projects::sdk::Capability,
};
use flows::{Call, browsers};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Routes {
    Routes::new()
        .page(Method::POST, "/sdk/v1/b2b/organizations/search", organization)
        .page(Method::POST, "/sdk/v1/b2b/organizations/members/search", member)
        .needs(Capability::LookUpMembers)
        .probes()
}

/// Names an organization by its slug.
#[derive(Deserialize, JsonSchema)]
struct OrganizationRequest {
    organization_slug: String,
}

#[derive(Serialize, JsonSchema)]
struct OrganizationResponse {
    organization: Option<Greeting>,
}

/// What a login form needs of an organization, and no more.
#[derive(Serialize, JsonSchema)]
struct Greeting {
    organization_id: OrganizationId,
    organization_name: String,
    organization_slug: String,
    organization_logo_url: String,
    auth_methods: MethodRule,
    allowed_auth_methods: Vec<PrimaryMethod>,
    mfa_methods: MethodRule,
    allowed_mfa_methods: Vec<MfaMethod>,
    email_jit_provisioning: Permission,
    email_allowed_domains: Vec<String>,
    sso_active_connections: [(); 0],
}

async fn organization(call: Call, request: OrganizationRequest) -> Result<OrganizationResponse> {
    let found = browsers::organization(&call, &request.organization_slug).await?;
    Ok(OrganizationResponse { organization: found.map(|it| Greeting::of(it.organization())) })
}

/// Names an address in an organization.
#[derive(Deserialize, JsonSchema)]
struct MemberRequest {
    organization_id: String,
    email_address: String,
}

#[derive(Serialize, JsonSchema)]
struct MemberResponse {
    member: Option<Known>,
}

/// Yes, and nothing else: the SDK wants the fields.
#[derive(Serialize, JsonSchema)]
struct Known {
    status: &'static str,
    name: &'static str,
    member_password_id: &'static str,
}

async fn member(call: Call, request: MemberRequest) -> Result<MemberResponse> {
    let whom = (request.organization_id.as_str(), &email(&request.email_address)?);
    let is_known = browsers::is_member(&call, whom).await?;
    let known = Known { status: "active", name: "", member_password_id: "" };
    Ok(MemberResponse { member: is_known.then_some(known) })
}

impl Greeting {
    fn of(organization: &Organization) -> Self {
        let settings = &organization.settings;
        Self {
            organization_id: organization.organization_id.clone(),
            organization_name: organization.name.clone(),
            organization_slug: organization.slug.to_string(),
            organization_logo_url: organization.logo_url.clone(),
            auth_methods: settings.auth_methods,
            allowed_auth_methods: settings.allowed_auth_methods.clone(),
            mfa_methods: settings.mfa_methods,
            allowed_mfa_methods: settings.allowed_mfa_methods.clone(),
            email_jit_provisioning: settings.email_jit_provisioning,
            email_allowed_domains: settings.email_allowed_domains.clone(),
            sso_active_connections: [],
        }
    }
}
