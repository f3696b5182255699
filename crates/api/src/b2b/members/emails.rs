//! Addresses of a member: changing the one in use, unlinking earlier ones.

use super::super::{
    fields::{email, filled, locale},
    objects::{Member, MemberResponse, Organization},
};
use crate::{
    endpoint::{Routes, Shows},
    error::Result,
};
use axum::http::Method;
use domain::{
    Refusal,
    id::{MemberId, OrganizationId},
    projects::sdk::Capability,
};
use flows::{
    Call,
    members::{
        email_update::{self, Delivery, Start},
        retired_emails::{self, Which},
    },
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Routes {
    Routes::new()
        .post(
            "/v1/b2b/organizations/{organization_id}/members/{member_id}/start_email_update",
            start_email_update,
        )
        .for_members()
        .post(
            "/v1/b2b/organizations/{organization_id}/members/{member_id}/unlink_retired_email",
            unlink_retired_email,
        )
        .for_members()
}

/// As pages call them: one's own addresses, and by a right those of others.
pub fn of_pages() -> Routes {
    Routes::new()
        .page(Method::POST, "/sdk/v1/b2b/organizations/members/start_email_update", start_email_update)
        .shows(Shows::Member)
        .page(Method::POST, "/sdk/v1/b2b/organizations/members/unlink_retired_email", unlink_retired_email)
        .shows(Shows::Member)
        .page(
            Method::POST,
            "/sdk/v1/b2b/organizations/members/{member_id}/start_email_update",
            start_email_update,
        )
        .shows(Shows::Member)
        .needs(Capability::Manage)
        .page(
            Method::POST,
            "/sdk/v1/b2b/organizations/members/{member_id}/unlink_retired_email",
            unlink_retired_email,
        )
        .shows(Shows::Member)
        .needs(Capability::Manage)
}

/// Mails a proof to the address that a member wants to change to.
#[derive(Deserialize, JsonSchema)]
struct StartRequest {
    organization_id: String,
    member_id: String,
    email_address: String,
    login_redirect_url: Option<String>,
    locale: Option<String>,
    login_template_id: Option<String>,
    delivery_method: Option<String>,
}

async fn start_email_update(mut call: Call, request: StartRequest) -> Result<MemberResponse> {
    let start = Start {
        organization: request.organization_id,
        member: request.member_id,
        email: email(&request.email_address)?,
        delivery: delivery(request.delivery_method)?,
        login_redirect_url: filled(request.login_redirect_url),
        locale: locale(request.locale)?,
        template: filled(request.login_template_id),
    };
    let (tenant, member) = email_update::start(&mut call, start).await?;
    Ok(MemberResponse::new(&member, &tenant, call.now))
}

fn delivery(method: Option<String>) -> Result<Delivery> {
    match filled(method).as_deref() {
        None | Some("EMAIL_MAGIC_LINK") => Ok(Delivery::MagicLink),
        Some("EMAIL_OTP") => Ok(Delivery::Code),
        Some(_) => {
            let reason = "it is EMAIL_MAGIC_LINK or EMAIL_OTP";
            Err(Refusal::InvalidArgument { field: "delivery_method", reason }.into())
        }
    }
}

/// Frees an address that a member had before.
#[derive(Deserialize, JsonSchema)]
struct UnlinkRequest {
    organization_id: String,
    member_id: String,
    email_id: Option<String>,
    email_address: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct UnlinkResponse {
    member_id: MemberId,
    organization_id: OrganizationId,
    member: Member,
    organization: Organization,
}

async fn unlink_retired_email(mut call: Call, request: UnlinkRequest) -> Result<UnlinkResponse> {
    let parse = |id: String| id.parse().map_err(|_| Refusal::RetiredEmailNotFound);
    let which = Which {
        email_id: filled(request.email_id).map(parse).transpose()?,
        address: filled(request.email_address).map(|it| email(&it)).transpose()?,
    };
    let named = (request.organization_id.as_str(), request.member_id.as_str());
    let (tenant, member) = retired_emails::unlink(&mut call, named, which).await?;
    Ok(UnlinkResponse {
        member_id: member.member_id.clone(),
        organization_id: tenant.organization_id().clone(),
        member: Member::new(&member, &tenant, call.now),
        organization: tenant.organization().into(),
    })
}
