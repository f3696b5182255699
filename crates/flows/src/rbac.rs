//! Policies: the project's, which the operator sets, and an organization's own roles.

mod organizations;

pub use organizations::{organization_roles, set_organization_roles};

use crate::{App, Call, Result, projects};
use domain::{
    Refusal, Timestamp,
    audit::Action,
    id::ProjectId,
    rbac::{self, Policy, RbacRefusal},
    roles::RoleId,
};
use rand::RngCore;
use serde_json::json;
use store::{Conn, Tenant, Tx, policies};

/// The policy in force: what the operator set, with what is built in.
///
/// # Errors
/// When the database fails.
pub async fn policy(conn: &mut Conn, project: &ProjectId) -> Result<Policy> {
    Ok(policies::find(conn, project).await?.unwrap_or_default().completed())
}

/// The policy of the project that calls.
///
/// # Errors
/// When the database fails.
pub async fn of_project(call: &Call) -> Result<Policy> {
    policy(&mut call.app.db.read().await?, &call.project.project_id).await
}

/// Sets a project's policy, whole; for the operator. Roles that it drops
/// grant nothing from then on. Returns the policy as it is in force.
///
/// # Errors
/// The refusals of policies; `CannotDeleteAttributeUsedInOrgPolicy` when an
/// organization's own roles could no longer stand beside it.
pub async fn set_project_policy(
    app: &App,
    (project, policy): (&ProjectId, Policy),
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Policy> {
    let mut tx = app.db.write().await?;
    let policy = save(&mut tx, (project, policy), now).await?;
    let details = [("roles", json!(policy.roles.len())), ("resources", json!(policy.resources.len()))];
    projects::note(&mut tx, project, Action::ProjectPolicyChanged, (now, rng), &details).await?;
    tx.commit().await?;
    Ok(policy)
}

/// Checks and writes a project's policy; on record it goes by its caller.
///
/// # Errors
/// As [`set_project_policy`].
pub(crate) async fn save(
    tx: &mut Tx,
    (project, policy): (&ProjectId, Policy),
    now: Timestamp,
) -> Result<Policy> {
    let policy = policy.checked().map_err(Refusal::from)?;
    let customs = policies::custom_roles_in(tx, project).await?;
    if !customs.iter().all(|it| it.fit(&policy)) {
        return Err(Refusal::from(RbacRefusal::CannotDeleteAttributeUsedInOrgPolicy).into());
    }
    policies::save(tx, project, &policy, now).await?;
    Ok(policy)
}

/// Lets roles be assigned that the project or the organization has.
///
/// # Errors
/// `InvalidRbacRoleId`.
pub async fn require_known(conn: &mut Conn, tenant: &Tenant, roles: &[RoleId]) -> Result<()> {
    let built_in = RoleId::admin();
    if roles.iter().all(|it| *it == built_in) {
        return Ok(());
    }
    let policy = policy(conn, tenant.project_id()).await?;
    let custom = &tenant.organization().custom_roles;
    if roles.iter().all(|it| rbac::is_known(&policy, custom, it)) {
        Ok(())
    } else {
        Err(Refusal::InvalidRbacRoleId.into())
    }
}
