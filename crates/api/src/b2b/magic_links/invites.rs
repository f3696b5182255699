//! Invitations to an organization.

use super::super::{
    fields::{email, filled, locale, name},
    objects::MemberResponse,
};
use crate::{
    endpoint::{Routes, Shows},
    error::Result,
};
use axum::http::Method;
use domain::{members::Roles, metadata::Metadata, projects::sdk::Capability, roles::assignable};
use flows::{
    Call,
    primary::invites::{self, Invite},
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

pub fn routes() -> Routes {
    Routes::new().post("/v1/b2b/magic_links/email/invite", invite).for_members()
}

/// As pages call them.
pub fn of_pages() -> Routes {
    Routes::new()
        .page(Method::POST, "/sdk/v1/b2b/magic_links/email/invite", invite)
        .shows(Shows::Member)
        .needs(Capability::Manage)
}

/// Invites an address into an organization.
#[derive(Deserialize, JsonSchema)]
struct InviteRequest {
    organization_id: String,
    email_address: String,
    invite_redirect_url: Option<String>,
    invited_by_member_id: Option<String>,
    name: Option<String>,
    trusted_metadata: Option<Value>,
    untrusted_metadata: Option<Value>,
    invite_template_id: Option<String>,
    locale: Option<String>,
    roles: Option<Vec<String>>,
    invite_expiration_minutes: Option<i64>,
}

async fn invite(mut call: Call, request: InviteRequest) -> Result<MemberResponse> {
    let whole = |sent: Value| Metadata::default().merged(sent);
    let roles = request.roles.as_deref().map(assignable).transpose()?;
    let wanted = Invite {
        organization: request.organization_id,
        email: email(&request.email_address)?,
        redirect_url: filled(request.invite_redirect_url),
        invited_by: filled(request.invited_by_member_id),
        name: name(request.name)?,
        trusted_metadata: request.trusted_metadata.map(whole).transpose()?,
        untrusted_metadata: request.untrusted_metadata.map(whole).transpose()?,
        roles: roles.map(Roles),
        locale: locale(request.locale)?,
        minutes: request.invite_expiration_minutes,
        template: filled(request.invite_template_id),
    };
    let (tenant, member) = invites::invite(&mut call, wanted).await?;
    Ok(MemberResponse::new(&member, &tenant, call.now))
}
