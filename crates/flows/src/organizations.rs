//! Organizations, as the project secret manages them, and members with the right to.

pub mod erasure;
pub mod export;
pub mod search;

use crate::{
    Call, Result, audit, rbac,
    rights::{self, Target},
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    external_id::ExternalId,
    id::OrganizationId,
    metadata::Metadata,
    organizations::{Organization, settings::Settings},
    rbac::{CustomRoles, EVERY_ACTION, actions},
    slug::Slug,
};
use serde_json::{Value, json};
use store::{Tenant, Tx, organizations};

/// A new organization, as asked for. Its settings are checked here.
pub struct NewOrganization {
    pub name: String,
    /// Made from the name when absent.
    pub slug: Option<Slug>,
    pub external_id: Option<ExternalId>,
    pub logo_url: String,
    pub settings: Settings,
    pub trusted_metadata: Metadata,
}

/// # Errors
/// The refusals of organizations.
pub async fn create(call: &mut Call, wanted: NewOrganization) -> Result<Tenant> {
    let mut tx = call.app.db.write().await?;
    let tenant = establish(call, &mut tx, wanted).await?;
    tx.commit().await?;
    Ok(tenant)
}

/// Writes a new organization into an open transaction.
///
/// # Errors
/// The refusals of organizations.
pub(crate) async fn establish(call: &mut Call, tx: &mut Tx, wanted: NewOrganization) -> Result<Tenant> {
    let id = OrganizationId::random(call.project.environment, &mut call.rng);
    let derived = wanted.slug.is_none();
    let mut organization = Organization {
        organization_id: id.clone(),
        project_id: call.project.project_id.clone(),
        slug: wanted.slug.unwrap_or_else(|| Slug::from_name(&wanted.name, "")),
        name: wanted.name,
        external_id: wanted.external_id,
        logo_url: wanted.logo_url,
        settings: wanted.settings.checked()?,
        trusted_metadata: wanted.trusted_metadata,
        custom_roles: CustomRoles::default(),
        created_at: call.now,
        updated_at: call.now,
    };
    if derived && organizations::slug_is_taken(tx, &organization.project_id, &organization).await? {
        let suffix = &id.as_str()[id.as_str().len() - 8..];
        organization.slug = Slug::from_name(&organization.name, suffix);
    }
    let given = organization.settings.roles_given_since(&Settings::default());
    let policy = rbac::policy(tx, &organization.project_id).await?;
    if !given.iter().all(|it| policy.role(it).is_some()) {
        return Err(Refusal::InvalidRbacRoleId.into());
    }
    let Some(tenant) = organizations::create(tx, &organization).await? else {
        let slug = organizations::slug_is_taken(tx, &organization.project_id, &organization).await?;
        return Err(taken(slug).into());
    };
    audit::note(call, tx, &tenant, None, (Action::OrganizationCreated, Actor::Project), &[]).await?;
    Ok(tenant)
}

/// # Errors
/// `OrganizationNotFound`.
pub async fn get(call: &Call, organization: &str) -> Result<Tenant> {
    let mut conn = call.app.db.read().await?;
    rights::tenant(call, &mut conn, organization).await
}

/// Absent leaves a field as it is.
pub struct Update<F> {
    pub name: Option<String>,
    pub slug: Option<Slug>,
    pub external_id: Option<ExternalId>,
    pub logo_url: Option<String>,
    pub trusted_metadata: Option<Value>,
    /// Puts what was sent in place of what was there.
    pub settings: F,
    pub fields: Vec<&'static str>,
}

/// Changes an organization. Tighter rules bite at the next login.
///
/// # Errors
/// The refusals of organizations; the merged result must be consistent.
pub async fn update<F>(call: &mut Call, organization: &str, change: Update<F>) -> Result<Tenant>
where
    F: FnOnce(Settings) -> std::result::Result<Settings, Refusal>,
{
    let tenant = get(call, organization).await?;
    let mut tx = call.app.db.write().await?;
    let tenant =
        organizations::lock(&mut tx, &tenant, call.now).await?.ok_or(Refusal::OrganizationNotFound)?;
    permitted(call, &mut tx, &tenant, &change.fields).await?;
    let mut changed = tenant.organization().clone();
    changed.name = change.name.unwrap_or(changed.name);
    changed.slug = change.slug.unwrap_or(changed.slug);
    changed.external_id = change.external_id.or(changed.external_id);
    changed.logo_url = change.logo_url.unwrap_or(changed.logo_url);
    changed.settings = (change.settings)(changed.settings)?.checked()?;
    let given = changed.settings.roles_given_since(&tenant.organization().settings);
    rbac::require_known(&mut tx, &tenant, &given).await?;
    rights::may_give(call, &mut tx, &tenant, &given).await?;
    if let Some(update) = change.trusted_metadata {
        changed.trusted_metadata = changed.trusted_metadata.merged(update)?;
    }
    let Ok(saved) = organizations::save(&mut tx, &tenant, &changed).await? else {
        let slug = organizations::slug_is_taken(&mut tx, &changed.project_id, &changed).await?;
        return Err(taken(slug).into());
    };
    let details = [("fields", json!(change.fields))];
    audit::note(call, &mut tx, &saved, None, (Action::OrganizationUpdated, Actor::Project), &details).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Every field that is sent needs its right; one that has none is the backend's.
async fn permitted(call: &Call, tx: &mut Tx, tenant: &Tenant, fields: &[&str]) -> Result<()> {
    rights::trusted_metadata(call, fields.contains(&"trusted_metadata"))?;
    let needed: Option<Vec<&str>> = fields.iter().map(|it| actions::of_organization_field(it)).collect();
    match needed {
        Some(needed) => rights::demand(call, tx, tenant, Target::Organization, &needed).await,
        None => rights::project_only(call),
    }
}

/// Takes the external id away; it is free again. Nothing happens where there is none.
///
/// # Errors
/// `OrganizationNotFound`.
pub async fn delete_external_id(call: &mut Call, organization: &str) -> Result<Tenant> {
    let tenant = get(call, organization).await?;
    let mut tx = call.app.db.write().await?;
    let tenant =
        organizations::lock(&mut tx, &tenant, call.now).await?.ok_or(Refusal::OrganizationNotFound)?;
    rights::demand(call, &mut tx, &tenant, Target::Organization, &[EVERY_ACTION]).await?;
    let changed = Organization { external_id: None, ..tenant.organization().clone() };
    let saved = organizations::save(&mut tx, &tenant, &changed).await?;
    let saved = saved.map_err(|_| Refusal::OrganizationSlugAlreadyUsed)?;
    let details = [("fields", json!(["organization_external_id"]))];
    audit::note(call, &mut tx, &saved, None, (Action::OrganizationUpdated, Actor::Project), &details).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Deletes an organization with all its members; whatever could let one of
/// them in ends in the same transaction.
///
/// # Errors
/// `OrganizationNotFound`.
pub async fn delete(call: &mut Call, organization: &str) -> Result<OrganizationId> {
    let tenant = get(call, organization).await?;
    let mut tx = call.app.db.write().await?;
    rights::demand(call, &mut tx, &tenant, Target::Organization, &[actions::DELETE]).await?;
    if !organizations::delete(&mut tx, &tenant, call.now).await? {
        return Err(Refusal::OrganizationNotFound.into());
    }
    organizations::end_everything_in(&mut tx, &tenant).await?;
    audit::note(call, &mut tx, &tenant, None, (Action::OrganizationDeleted, Actor::Project), &[]).await?;
    tx.commit().await?;
    Ok(tenant.organization_id().clone())
}

fn taken(slug: bool) -> Refusal {
    if slug { Refusal::OrganizationSlugAlreadyUsed } else { Refusal::OrganizationExternalIdAlreadyUsed }
}
