//! Pages: which project they speak for, and whether they may speak at all.

use crate::{App, Call, Result};
use domain::{
    Refusal, Timestamp,
    email::EmailAddress,
    id::PublicToken,
    projects::{Project, sdk::Capability},
    time::Span,
};
use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};
use store::{Tenant, members, projects, tenant};

/// How long a list of all origins is good for.
const FRESH: Span = Span::seconds(10);

/// The project that a page names.
///
/// # Errors
/// `UnauthorizedCredentials` for a token of no project.
pub async fn project(app: &App, public_token: &str) -> Result<Project> {
    let token: PublicToken = public_token.parse().map_err(|_| Refusal::UnauthorizedCredentials)?;
    let found = projects::by_public_token(&mut app.db.read().await?, &token).await?;
    Ok(found.ok_or(Refusal::UnauthorizedCredentials)?)
}

/// Lets a page of this origin go on; a caller that is no page names none.
///
/// # Errors
/// `EndpointNotAuthorizedForSdk`, `BadDomainForSdk`.
pub fn admit(project: &Project, origin: Option<&str>, capability: Capability) -> Result<()> {
    let sdk = &project.settings.sdk;
    if !sdk.allow(capability) {
        return Err(Refusal::EndpointNotAuthorizedForSdk.into());
    }
    match origin {
        Some(origin) if !sdk.admit(origin) => Err(Refusal::BadDomainForSdk.into()),
        Some(_) | None => Ok(()),
    }
}

/// The organization with this slug.
///
/// # Errors
/// When the database fails.
pub async fn organization(call: &Call, slug: &str) -> Result<Option<Tenant>> {
    let mut conn = call.app.db.read().await?;
    let found = tenant::resolve(&mut conn, &call.project.project_id, slug).await?;
    Ok(found.filter(|it| it.organization().slug.to_string() == slug))
}

/// Whether an address belongs to a member of the organization.
///
/// # Errors
/// `OrganizationNotFound`.
pub async fn is_member(call: &Call, (organization, email): (&str, &EmailAddress)) -> Result<bool> {
    let mut conn = call.app.db.read().await?;
    let tenant = tenant::resolve(&mut conn, &call.project.project_id, organization).await?;
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    Ok(members::by_email(&mut conn, &tenant, email).await?.is_some())
}

/// The origins of all projects. A browser asks whether a page may call before
/// it says for which project, so any project's origin will do for the question.
#[derive(Default)]
pub struct Origins {
    known: Mutex<Option<(Timestamp, HashSet<String>)>>,
}

impl Origins {
    /// Whether pages of this origin may call for some project; up to ten seconds late.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn include(&self, app: &App, origin: &str, now: Timestamp) -> Result<bool> {
        if let Some(known) = self.remembered(origin, now) {
            return Ok(known);
        }
        let all = projects::all(&mut app.db.read().await?).await?;
        let enabled = all.iter().map(|it| &it.settings.sdk).filter(|it| it.enabled);
        let origins: HashSet<String> =
            enabled.flat_map(|it| &it.origins).map(|it| it.as_str().to_owned()).collect();
        let is_known = origins.contains(origin);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, origins));
        Ok(is_known)
    }

    fn remembered(&self, origin: &str, now: Timestamp) -> Option<bool> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, origins) = known.as_ref()?;
        (now >= *since && now < since.plus(FRESH)).then(|| origins.contains(origin))
    }
}
