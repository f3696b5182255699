//! `/v1/b2b/rbac`.

use super::fields::{object, objects};
use crate::{endpoint::Routes, error::Result};
use domain::{
    Refusal,
    rbac::{Permission, Policy, RbacRefusal, Role},
};
use flows::{Call, rbac};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Routes {
    Routes::new()
        .get("/v1/b2b/rbac/policy", policy)
        .get("/v1/b2b/rbac/organizations/{organization_id}", organization_policy)
        .put("/v1/b2b/rbac/organizations/{organization_id}", set_organization_policy)
}

/// Reads the project's policy: its roles, resources and scopes.
#[derive(Deserialize, JsonSchema)]
struct PolicyRequest {}

#[derive(Serialize, JsonSchema)]
struct PolicyResponse {
    policy: Policy,
}

async fn policy(call: Call, _: PolicyRequest) -> Result<PolicyResponse> {
    Ok(PolicyResponse { policy: rbac::of_project(&call).await? })
}

/// Names an organization by id, slug or external id.
#[derive(Deserialize, JsonSchema)]
struct NamedRequest {
    organization_id: String,
}

#[derive(Serialize, JsonSchema)]
struct OrganizationPolicyResponse {
    org_policy: OrganizationPolicy,
}

/// The roles of one organization, beside the project's.
#[derive(Serialize, JsonSchema)]
struct OrganizationPolicy {
    roles: Vec<Role>,
}

async fn organization_policy(call: Call, request: NamedRequest) -> Result<OrganizationPolicyResponse> {
    let custom = rbac::organization_roles(&call, &request.organization_id).await?;
    Ok(OrganizationPolicyResponse { org_policy: OrganizationPolicy { roles: custom.0 } })
}

/// Replaces the roles of an organization, all of them.
#[derive(Deserialize, JsonSchema)]
struct SetRequest {
    organization_id: String,
    #[serde(deserialize_with = "object")]
    org_policy: WantedPolicy,
}

#[derive(Deserialize, JsonSchema)]
struct WantedPolicy {
    #[serde(default, deserialize_with = "objects")]
    roles: Option<Vec<WantedRole>>,
}

#[derive(Deserialize, JsonSchema)]
struct WantedRole {
    role_id: Option<String>,
    description: Option<String>,
    #[serde(default, deserialize_with = "objects")]
    permissions: Option<Vec<WantedPermission>>,
}

#[derive(Deserialize, JsonSchema)]
struct WantedPermission {
    resource_id: Option<String>,
    actions: Option<Vec<String>>,
}

async fn set_organization_policy(mut call: Call, request: SetRequest) -> Result<OrganizationPolicyResponse> {
    let wanted = request.org_policy.roles.ok_or(Refusal::from(RbacRefusal::InvalidCustomRole))?;
    let roles = wanted.into_iter().map(WantedRole::parse).collect::<Result<_>>()?;
    let custom = rbac::set_organization_roles(&mut call, &request.organization_id, roles).await?;
    Ok(OrganizationPolicyResponse { org_policy: OrganizationPolicy { roles: custom.0 } })
}

impl WantedRole {
    fn parse(self) -> Result<Role> {
        let refused = |refusal: RbacRefusal| crate::error::Error::from(Refusal::from(refusal));
        let role_id = self.role_id.filter(|it| !it.is_empty()).ok_or(refused(RbacRefusal::EmptyRoleId))?;
        let role_id = role_id.parse().map_err(|_| refused(RbacRefusal::RoleIdTooLong))?;
        let permissions = self.permissions.unwrap_or_default().into_iter().map(Permission::from).collect();
        Ok(Role { role_id, description: self.description.unwrap_or_default(), permissions })
    }
}

impl From<WantedPermission> for Permission {
    fn from(it: WantedPermission) -> Self {
        Self { resource_id: it.resource_id.unwrap_or_default(), actions: it.actions.unwrap_or_default() }
    }
}
