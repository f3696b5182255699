//! `/v1/b2b/organizations/{organization_id}/members`.

mod emails;
mod pages;

use super::{
    fields::{email, filled, member_external_id, name, phone, truth},
    objects::{Member, MemberResponse, Organization},
    search::{ResultsMetadata, SearchQuery, object, parse},
};
use crate::{endpoint::Routes, error::Result};
use domain::{
    Refusal,
    id::{MemberId, OrganizationId},
    members::{Roles, Status},
    metadata::Metadata,
    roles::assignable,
    search::Limit,
};
use flows::{
    Call,
    factors::removal::{self, Sessions},
    members::{self, create::Newcomer, departure, passwords, search::Search, update::Update},
    rights,
};
pub use pages::of_pages;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

pub fn routes() -> Routes {
    Routes::new()
        .post("/v1/b2b/organizations/members/search", search)
        .for_members()
        .get("/v1/b2b/organizations/members/dangerously_get/{member_id}", dangerously_get)
        .get("/v1/b2b/organizations/{organization_id}/member", get)
        .post("/v1/b2b/organizations/{organization_id}/members", create)
        .for_members()
        .put("/v1/b2b/organizations/{organization_id}/members/{member_id}", update)
        .for_members()
        .delete("/v1/b2b/organizations/{organization_id}/members/{member_id}", delete)
        .for_members()
        .put("/v1/b2b/organizations/{organization_id}/members/{member_id}/reactivate", reactivate)
        .for_members()
        .delete("/v1/b2b/organizations/{organization_id}/members/mfa_phone_numbers/{member_id}", delete_phone)
        .for_members()
        .delete("/v1/b2b/organizations/{organization_id}/members/{member_id}/totp", delete_totp)
        .for_members()
        .delete("/v1/b2b/organizations/{organization_id}/members/{member_id}/external_id", delete_external_id)
        .for_members()
        .delete(
            "/v1/b2b/organizations/{organization_id}/members/passwords/{member_password_id}",
            delete_password,
        )
        .for_members()
        .and(emails::routes())
}

/// Finds members of the named organizations, page by page.
#[derive(Deserialize, JsonSchema)]
struct SearchRequest {
    /// Ids, slugs or external ids; 1 to 100.
    #[serde(default)]
    organization_ids: Vec<String>,
    cursor: Option<String>,
    /// 1 to 1000; 0 is 100.
    limit: Option<i64>,
    #[serde(default, deserialize_with = "object")]
    query: Option<SearchQuery>,
}

#[derive(Serialize, JsonSchema)]
struct SearchResponse {
    members: Vec<Member>,
    results_metadata: ResultsMetadata,
    /// Those that the members found are in.
    organizations: BTreeMap<OrganizationId, Organization>,
}

async fn search(call: Call, request: SearchRequest) -> Result<SearchResponse> {
    let wanted = Search {
        organizations: request.organization_ids,
        query: parse(request.query)?,
        cursor: request.cursor,
        limit: Limit::parse(request.limit)?,
    };
    let (page, tenants) = members::search::search(&call, wanted).await?;
    let results_metadata = (&page).into();
    let shown = |it: &domain::members::Member| {
        tenants.get(&it.organization_id).map(|tenant| Member::new(it, tenant, call.now))
    };
    let members = page.items.iter().filter_map(shown).collect();
    let organizations = tenants.iter().map(|(id, it)| (id.clone(), it.organization().into())).collect();
    Ok(SearchResponse { members, results_metadata, organizations })
}

/// Finds a member of any organization of the project by id alone.
#[derive(Deserialize, JsonSchema)]
struct DangerouslyGetRequest {
    member_id: String,
    #[serde(default, deserialize_with = "truth")]
    include_deleted: bool,
}

async fn dangerously_get(call: Call, request: DangerouslyGetRequest) -> Result<MemberResponse> {
    let id = request.member_id.parse().map_err(|_| Refusal::MemberNotFound)?;
    let (tenant, member) = members::dangerously_get(&call, &id, request.include_deleted).await?;
    Ok(MemberResponse::new(&member, &tenant, call.now))
}

/// Finds a member by id, external id or e-mail address.
#[derive(Deserialize, JsonSchema)]
struct GetRequest {
    organization_id: String,
    member_id: Option<String>,
    #[schemars(with = "Option<domain::email::EmailAddress>")]
    email_address: Option<String>,
}

async fn get(call: Call, request: GetRequest) -> Result<MemberResponse> {
    let address = filled(request.email_address).map(|it| email(&it)).transpose()?;
    let member = filled(request.member_id);
    let wanted = (member.as_deref(), address.as_ref());
    let (tenant, member) = members::get(&call, &request.organization_id, wanted).await?;
    Ok(MemberResponse::new(&member, &tenant, call.now))
}

/// Creates a member; no mail is sent.
#[derive(Deserialize, JsonSchema)]
struct CreateRequest {
    organization_id: String,
    #[schemars(with = "domain::email::EmailAddress")]
    email_address: String,
    #[schemars(length(max = 256))]
    name: Option<String>,
    #[schemars(with = "Option<domain::metadata::Metadata>")]
    trusted_metadata: Option<Value>,
    #[schemars(with = "Option<domain::metadata::Metadata>")]
    untrusted_metadata: Option<Value>,
    create_member_as_pending: Option<bool>,
    is_breakglass: Option<bool>,
    #[schemars(with = "Option<domain::phone::PhoneNumber>")]
    mfa_phone_number: Option<String>,
    mfa_enrolled: Option<bool>,
    #[schemars(length(max = 100))]
    roles: Option<Vec<String>>,
    #[schemars(with = "Option<domain::external_id::ExternalId>")]
    external_id: Option<String>,
}

async fn create(mut call: Call, request: CreateRequest) -> Result<MemberResponse> {
    rights::trusted_metadata(&call, request.trusted_metadata.is_some())?; // an empty object is sent, too
    let metadata = |sent: Option<Value>| {
        sent.map_or_else(|| Ok(Metadata::default()), |it| Metadata::default().merged(it))
    };
    let pending = request.create_member_as_pending.unwrap_or(false);
    let newcomer = Newcomer {
        email: email(&request.email_address)?,
        status: if pending { Status::Pending } else { Status::Active },
        name: name(request.name)?.unwrap_or_default(),
        external_id: member_external_id(request.external_id)?,
        is_breakglass: request.is_breakglass.unwrap_or(false),
        roles: Roles(assignable(&request.roles.unwrap_or_default())?),
        trusted_metadata: metadata(request.trusted_metadata)?,
        untrusted_metadata: metadata(request.untrusted_metadata)?,
        mfa_enrolled: request.mfa_enrolled.unwrap_or(false),
        phone_number: phone(request.mfa_phone_number)?,
    };
    let (tenant, member) = members::create::create(&mut call, &request.organization_id, newcomer).await?;
    Ok(MemberResponse::new(&member, &tenant, call.now))
}

/// Changes a member; absent fields stay.
#[derive(Deserialize, JsonSchema)]
struct UpdateRequest {
    organization_id: String,
    member_id: String,
    #[schemars(length(max = 256))]
    name: Option<String>,
    #[schemars(with = "Option<domain::metadata::Metadata>")]
    trusted_metadata: Option<Value>,
    #[schemars(with = "Option<domain::metadata::Metadata>")]
    untrusted_metadata: Option<Value>,
    is_breakglass: Option<bool>,
    #[schemars(with = "Option<domain::phone::PhoneNumber>")]
    mfa_phone_number: Option<String>,
    mfa_enrolled: Option<bool>,
    #[schemars(length(max = 100))]
    roles: Option<Vec<String>>,
    #[schemars(with = "Option<domain::mfa::Method>")]
    default_mfa_method: Option<String>,
    #[schemars(with = "Option<domain::email::EmailAddress>")]
    email_address: Option<String>,
    #[schemars(with = "Option<domain::external_id::ExternalId>")]
    external_id: Option<String>,
    unlink_email: Option<bool>,
}

async fn update(mut call: Call, request: UpdateRequest) -> Result<MemberResponse> {
    let change = Update {
        name: name(request.name)?,
        trusted_metadata: request.trusted_metadata,
        untrusted_metadata: request.untrusted_metadata,
        is_breakglass: request.is_breakglass,
        phone_number: phone(request.mfa_phone_number)?,
        mfa_enrolled: request.mfa_enrolled,
        roles: request.roles.as_deref().map(assignable).transpose()?,
        default_mfa_method: filled(request.default_mfa_method).map(|it| it.parse()).transpose()?,
        email: filled(request.email_address).map(|it| email(&it)).transpose()?,
        external_id: member_external_id(request.external_id)?,
        unlink_email: request.unlink_email.unwrap_or(false),
    };
    let whom = (request.organization_id.as_str(), request.member_id.as_str());
    let (tenant, member) = members::update::update(&mut call, whom, change).await?;
    Ok(MemberResponse::new(&member, &tenant, call.now))
}

/// Names a member by the organization and its own id or external id.
#[derive(Deserialize, JsonSchema)]
struct NamedRequest {
    organization_id: String,
    member_id: String,
}

#[derive(Serialize, JsonSchema)]
struct DeleteResponse {
    member_id: MemberId,
}

async fn delete(mut call: Call, request: NamedRequest) -> Result<DeleteResponse> {
    let member_id = departure::delete(&mut call, &request.organization_id, &request.member_id).await?;
    Ok(DeleteResponse { member_id })
}

async fn delete_external_id(mut call: Call, request: NamedRequest) -> Result<MemberResponse> {
    let named = (request.organization_id.as_str(), request.member_id.as_str());
    let (tenant, member) = members::update::delete_external_id(&mut call, named).await?;
    Ok(MemberResponse::new(&member, &tenant, call.now))
}

/// Makes a deleted member active again; the id itself is needed, no alias.
async fn reactivate(mut call: Call, request: NamedRequest) -> Result<MemberResponse> {
    let id = request.member_id.parse().map_err(|_| Refusal::MemberNotFound)?;
    let (tenant, member) = departure::reactivate(&mut call, &request.organization_id, &id).await?;
    Ok(MemberResponse::new(&member, &tenant, call.now))
}

/// Names a factor's owner, and says whether sessions end with the factor.
#[derive(Deserialize, JsonSchema)]
struct RemovalRequest {
    organization_id: String,
    member_id: String,
    #[serde(default, deserialize_with = "truth")]
    revoke_sessions: bool,
}

async fn delete_phone(mut call: Call, request: RemovalRequest) -> Result<MemberResponse> {
    let named = (request.organization_id.as_str(), request.member_id.as_str());
    let (tenant, member) = removal::phone(&mut call, named, sessions(request.revoke_sessions)).await?;
    Ok(MemberResponse::new(&member, &tenant, call.now))
}

async fn delete_totp(mut call: Call, request: RemovalRequest) -> Result<MemberResponse> {
    let named = (request.organization_id.as_str(), request.member_id.as_str());
    let (tenant, member) = removal::totp(&mut call, named, sessions(request.revoke_sessions)).await?;
    Ok(MemberResponse::new(&member, &tenant, call.now))
}

/// Names a password by its id, and says whether sessions end with it.
#[derive(Deserialize, JsonSchema)]
struct DeletePasswordRequest {
    organization_id: String,
    member_password_id: String,
    #[serde(default, deserialize_with = "truth")]
    revoke_sessions: bool,
}

async fn delete_password(mut call: Call, request: DeletePasswordRequest) -> Result<MemberResponse> {
    let id = request.member_password_id.parse().map_err(|_| Refusal::MemberPasswordNotFound)?;
    let named = (request.organization_id.as_str(), &id);
    let (tenant, member) = passwords::delete(&mut call, named, sessions(request.revoke_sessions)).await?;
    Ok(MemberResponse::new(&member, &tenant, call.now))
}

fn sessions(revoke: bool) -> Sessions {
    if revoke { Sessions::End } else { Sessions::GoOn }
}
