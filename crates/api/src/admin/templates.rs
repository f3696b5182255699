//! `/admin/v1/projects/{project_id}/templates`: the looks and the words of mails, of a project or of one of its
//! organizations.

use super::id;
use crate::{
    b2b::fields::filled,
    endpoint::{Administration, Routes, Tagged},
    error::Result,
};
use domain::{
    Refusal,
    locale::Locale,
    templates::{Content, Kind, Rendered, Template},
};
use flows::{projects::document::Administrator, templates::management, templates::preview};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Routes {
    Routes::new()
        .admin_get("/admin/v1/projects/{project_id}/templates", list)
        .admin_post("/admin/v1/projects/{project_id}/templates/preview", show)
        .admin_get("/admin/v1/projects/{project_id}/templates/{template_id}", get)
        .admin_put("/admin/v1/projects/{project_id}/templates/{template_id}", put)
        .admin_post("/admin/v1/projects/{project_id}/templates/{template_id}/delete", delete)
}

#[derive(Serialize, JsonSchema)]
struct Shown {
    template_id: String,
    is_default: bool,
    content: Content,
}

impl From<Template> for Shown {
    fn from(Template { template_id, is_default, content }: Template) -> Self {
        Self { template_id: template_id.into(), is_default, content }
    }
}

/// Lists the project's own templates; with `organization_id`, those of the organization instead.
#[derive(Deserialize, JsonSchema)]
struct ListRequest {
    project_id: String,
    organization_id: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct ListResponse {
    templates: Vec<Shown>,
}

async fn list(call: Administration, request: ListRequest) -> Result<Tagged<ListResponse>> {
    let (project, organization) = (id(&request.project_id)?, filled(request.organization_id));
    let all = management::all(&call.app, (&project, organization.as_deref())).await?;
    Ok(Tagged::plain(ListResponse { templates: all.into_iter().map(Shown::from).collect() }))
}

/// Reads one template. `locale` names which language of custom words; prebuilt looks have none.
#[derive(Deserialize, JsonSchema)]
struct GetRequest {
    project_id: String,
    template_id: String,
    organization_id: Option<String>,
    locale: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct TemplateResponse {
    template: Shown,
}

async fn get(call: Administration, request: GetRequest) -> Result<Tagged<TemplateResponse>> {
    let (project, organization) = (id(&request.project_id)?, filled(request.organization_id));
    let which = (request.template_id.as_str(), locale(request.locale)?);
    let template = management::find(&call.app, (&project, organization.as_deref()), which).await?;
    Ok(Tagged::plain(TemplateResponse { template: template.into() }))
}

/// Keeps a template, in place of the one of this id (and, of custom words, language) before it. A default is used where
/// a mail is asked for without naming a template.
#[derive(Deserialize, JsonSchema)]
struct PutRequest {
    project_id: String,
    template_id: String,
    organization_id: Option<String>,
    #[serde(default, deserialize_with = "crate::b2b::truth")]
    is_default: bool,
    content: Content,
}

async fn put(mut call: Administration, request: PutRequest) -> Result<Tagged<TemplateResponse>> {
    let (project, organization) = (id(&request.project_id)?, filled(request.organization_id));
    let wrong = |reason| Refusal::InvalidArgument { field: "template_id", reason };
    let template_id = request.template_id.parse().map_err(wrong)?;
    let template = Template { template_id, is_default: request.is_default, content: request.content };
    let (owner, by) = ((&project, organization.as_deref()), Administrator::Token(call.token.id));
    management::put(&call.app, owner, &template, by, (call.now, &mut call.rng)).await?;
    Ok(Tagged::plain(TemplateResponse { template: template.into() }))
}

/// Deletes a template; of every language where no `locale` is named.
#[derive(Deserialize, JsonSchema)]
struct DeleteRequest {
    project_id: String,
    template_id: String,
    organization_id: Option<String>,
    locale: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct DeleteResponse {
    template_id: String,
}

async fn delete(mut call: Administration, request: DeleteRequest) -> Result<Tagged<DeleteResponse>> {
    let (project, organization) = (id(&request.project_id)?, filled(request.organization_id));
    let which = (request.template_id.as_str(), locale(request.locale)?);
    let (owner, by) = ((&project, organization.as_deref()), Administrator::Token(call.token.id));
    management::delete(&call.app, owner, which, by, (call.now, &mut call.rng)).await?;
    Ok(Tagged::plain(DeleteResponse { template_id: request.template_id }))
}

/// Fills a template in with samples; nothing is kept. `kind` and `locale` choose the built-in mail that prebuilt looks
/// are shown on; custom words have their own.
#[derive(Deserialize, JsonSchema)]
struct PreviewRequest {
    project_id: String,
    content: Content,
    kind: Option<String>,
    locale: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct PreviewResponse {
    subject: String,
    text: String,
    html: String,
}

async fn show(_: Administration, request: PreviewRequest) -> Result<Tagged<PreviewResponse>> {
    id(&request.project_id)?;
    let reason =
        "it is login, signup, invite, otp_login, otp_signup, reset_password, email_verification or notice";
    let kind = filled(request.kind).map(|it| it.parse::<Kind>()).transpose();
    let kind = kind.map_err(|_| Refusal::InvalidArgument { field: "kind", reason })?;
    let wanted = (kind.unwrap_or(Kind::Login), locale(request.locale)?.unwrap_or_default());
    let Rendered { subject, text, html } = preview::of(request.content, wanted)?;
    Ok(Tagged::plain(PreviewResponse { subject, text, html }))
}

fn locale(text: Option<String>) -> Result<Option<Locale>> {
    Ok(filled(text).map(|it| it.parse()).transpose()?)
}
