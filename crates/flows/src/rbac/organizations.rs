//! An organization's own roles.

use super::policy;
use crate::{Call, Result, audit, organizations::get};
use domain::{
    Refusal,
    audit::{Action, Actor},
    members::Roles,
    rbac::{CustomRoles, Role, checked_custom_roles},
    roles::RoleId,
};
use serde_json::json;
use store::{Tenant, Tx, members, organizations};

/// # Errors
/// `OrganizationNotFound`.
pub async fn organization_roles(call: &Call, organization: &str) -> Result<CustomRoles> {
    Ok(get(call, organization).await?.organization().custom_roles.clone())
}

/// Replaces the roles of an organization. Whoever holds a role that is dropped
/// loses it, by assignment or by domain, so that a later role of the same name
/// is nobody's by accident.
///
/// # Errors
/// `OrganizationNotFound`, the refusals of roles.
pub async fn set_organization_roles(
    call: &mut Call,
    organization: &str,
    roles: Vec<Role>,
) -> Result<CustomRoles> {
    let tenant = get(call, organization).await?;
    let mut tx = call.app.db.write().await?;
    let tenant =
        organizations::lock(&mut tx, &tenant, call.now).await?.ok_or(Refusal::OrganizationNotFound)?;
    let policy = policy(&mut tx, tenant.project_id()).await?;
    let custom_roles = checked_custom_roles(&policy, roles).map_err(Refusal::from)?;
    let mut changed = tenant.organization().clone();
    let before = std::mem::replace(&mut changed.custom_roles, custom_roles.clone());
    // Whoever holds a role that is new holds what is left of a role of the project's that was dropped.
    let mut dropped = missing(&before, &custom_roles);
    dropped.extend(missing(&custom_roles, &before));
    let is_dropped = |id: &str| dropped.iter().any(|it| it.as_str() == id);
    changed.settings.rbac_email_implicit_role_assignments.retain(|it| !is_dropped(&it.role_id));
    let saved = organizations::save(&mut tx, &tenant, &changed).await?;
    saved.map_err(|_| Refusal::OrganizationSlugAlreadyUsed)?;
    take_away(call, &mut tx, &tenant, &dropped).await?;
    let names: Vec<&str> = custom_roles.0.iter().map(|it| it.role_id.as_str()).collect();
    let event = (Action::OrganizationPolicyChanged, Actor::Project);
    audit::note(call, &mut tx, &tenant, None, event, &[("roles", json!(names))]).await?;
    tx.commit().await?;
    Ok(custom_roles)
}

/// The roles of the one that the other does not have.
fn missing(of: &CustomRoles, other: &CustomRoles) -> Vec<RoleId> {
    let kept = |id: &RoleId| other.0.iter().any(|it| &it.role_id == id);
    of.0.iter().map(|it| it.role_id.clone()).filter(|it| !kept(it)).collect()
}

async fn take_away(call: &Call, tx: &mut Tx, tenant: &Tenant, dropped: &[RoleId]) -> Result<()> {
    if dropped.is_empty() {
        return Ok(());
    }
    for id in members::with_roles(tx, tenant).await? {
        let Some(mut member) = members::lock(tx, tenant, &id, call.now).await? else { continue };
        let held = member.roles.0.len();
        member.roles = Roles(member.roles.0.into_iter().filter(|it| !dropped.contains(it)).collect());
        if member.roles.0.len() < held {
            let saved = members::save_profile(tx, tenant, &member).await?;
            saved.map_err(|_| Refusal::DuplicateMemberExternalId)?;
        }
    }
    Ok(())
}
