//! Policies from outside: what is acceptable, in canonical form.

use super::{
    CustomRoles, EVERY_ACTION, Permission, Policy, RbacRefusal as R, Resource, Role, actions, built_in,
};
use crate::roles::RoleId;
use std::collections::BTreeSet;

const MOST_CHARACTERS: usize = 128;
const LONGEST_DESCRIPTION: usize = 1024;
/// Of each kind, in one policy.
const MOST: usize = 500;

impl Policy {
    /// The policy with the built-in roles and resources in it. What the server
    /// itself is made of cannot be taken away or redefined; the permissions of
    /// its two roles can.
    ///
    /// # Errors
    /// Says what is wrong with a policy.
    pub fn checked(self) -> Result<Self, R> {
        let Self { roles, resources, scopes } = self;
        if [roles.len(), resources.len(), scopes.len()].iter().any(|it| *it > MOST) {
            return Err(R::TooMany);
        }
        let resources = resources_checked(resources)?;
        let roles = with_built_in_roles(roles).into_iter();
        let roles: Vec<Role> = roles.map(|it| it.checked(&resources)).collect::<Result<_, _>>()?;
        unique(roles.iter().map(|it| it.role_id.as_str()), R::RoleDuplicate)?;
        let own = |it: &&Role| !is_built_in_role(&it.role_id);
        if roles.iter().filter(own).any(|it| it.role_id.as_str().starts_with(actions::RESERVED)) {
            return Err(R::InvalidStytchRoleEdit);
        }
        let scopes = super::scopes::checked(scopes, &resources)?;
        Ok(Self { roles, resources, scopes })
    }
}

impl Policy {
    /// A policy that was checked by an earlier release, with what is built in now.
    #[must_use]
    pub fn completed(self) -> Self {
        let own = self.resources.into_iter().filter(|it| !it.resource_id.starts_with(actions::RESERVED));
        let resources = built_in::resources().into_iter().chain(own).collect();
        Self { roles: with_built_in_roles(self.roles), resources, scopes: self.scopes }
    }
}

impl Policy {
    /// What the operator added or redefined; [`Policy::checked`], it is the whole again.
    #[must_use]
    pub fn own(self) -> Self {
        let built_in = [built_in::member(), built_in::admin()];
        let roles = self.roles.into_iter().filter(|it| !built_in.contains(it)).collect();
        let resources = self.resources.into_iter();
        let resources = resources.filter(|it| !it.resource_id.starts_with(actions::RESERVED)).collect();
        Self { roles, resources, scopes: self.scopes }
    }
}

/// The roles of an organization, beside those of its project.
///
/// # Errors
/// Says what is wrong with a role.
pub fn checked_custom_roles(policy: &Policy, roles: Vec<Role>) -> Result<CustomRoles, R> {
    if roles.len() > MOST {
        return Err(R::TooMany);
    }
    for role in &roles {
        if is_built_in_role(&role.role_id) {
            return Err(R::InvalidStytchRoleEdit);
        }
        if role.role_id.as_str().starts_with(actions::RESERVED) {
            return Err(R::OrgCustomRolesOnly);
        }
        if policy.role(&role.role_id).is_some() {
            return Err(R::RoleDuplicate);
        }
    }
    unique(roles.iter().map(|it| it.role_id.as_str()), R::RoleDuplicate)?;
    let checked = roles.into_iter().map(|it| it.checked(&policy.resources)).collect::<Result<_, _>>()?;
    Ok(CustomRoles(checked))
}

impl CustomRoles {
    /// Whether they can stand beside the project's policy.
    pub fn fit(&self, policy: &Policy) -> bool {
        checked_custom_roles(policy, self.0.clone()).is_ok()
    }
}

impl Role {
    fn checked(self, resources: &[Resource]) -> Result<Self, R> {
        match self.role_id.as_str().chars().count() {
            0 => return Err(R::EmptyRoleId),
            1..=MOST_CHARACTERS => {}
            _ => return Err(R::RoleIdTooLong),
        }
        described(&self.description)?;
        if self.permissions.is_empty() && !is_built_in_role(&self.role_id) {
            return Err(R::RoleMissingPermissions);
        }
        Ok(Self { permissions: permissions(self.permissions, resources)?, ..self })
    }
}

/// Permissions on known resources, each resource once, each action a known one.
pub(super) fn permissions(sent: Vec<Permission>, resources: &[Resource]) -> Result<Vec<Permission>, R> {
    unique(sent.iter().map(|it| it.resource_id.as_str()), R::InvalidPermissionResource)?;
    sent.into_iter().map(|it| permission(it, resources)).collect()
}

fn permission(it: Permission, resources: &[Resource]) -> Result<Permission, R> {
    let known = resources.iter().find(|known| known.resource_id == it.resource_id);
    let known = known.ok_or(R::InvalidPermissionResource)?;
    if it.actions.is_empty() {
        return Err(R::PermissionMissingActions);
    }
    let actions: Vec<String> =
        it.actions.iter().map(|action| actions::spelled(&it.resource_id, action).into_owned()).collect();
    unique(actions.iter().map(String::as_str), R::ActionDuplicate)?;
    if actions.iter().any(|it| it == EVERY_ACTION) {
        if actions.len() > 1 {
            return Err(R::WildcardWithOtherActions);
        }
    } else if !actions.iter().all(|it| known.actions.contains(it)) {
        return Err(R::InvalidPermissionAction);
    }
    Ok(Permission { actions, ..it })
}

/// Ours first, then the operator's. One of ours may be listed, as a policy
/// that was read and is written back does; it may not differ.
fn resources_checked(sent: Vec<Resource>) -> Result<Vec<Resource>, R> {
    unique(sent.iter().map(|it| it.resource_id.as_str()), R::ResourceDuplicate)?;
    let mut resources = built_in::resources();
    for it in sent {
        if it.resource_id.starts_with(actions::RESERVED) {
            if !resources.contains(&it) {
                return Err(R::InvalidStytchRoleEdit);
            }
            continue;
        }
        match it.resource_id.chars().count() {
            0 => return Err(R::EmptyResourceId),
            1..=MOST_CHARACTERS => {}
            _ => return Err(R::ResourceIdTooLong),
        }
        described(&it.description)?;
        actions_checked(&it.actions)?;
        resources.push(it);
    }
    Ok(resources)
}

fn actions_checked(actions: &[String]) -> Result<(), R> {
    if actions.is_empty() {
        return Err(R::ResourceMissingActions);
    }
    if actions.iter().any(|it| it == EVERY_ACTION) {
        return Err(R::InvalidWildcardAction);
    }
    if !actions.iter().all(|it| (1..=MOST_CHARACTERS).contains(&it.chars().count())) {
        return Err(R::ActionTooLong);
    }
    unique(actions.iter().map(String::as_str), R::ActionDuplicate)
}

fn with_built_in_roles(mut roles: Vec<Role>) -> Vec<Role> {
    for (at, role) in [built_in::member(), built_in::admin()].into_iter().enumerate() {
        if !roles.iter().any(|it| it.role_id == role.role_id) {
            roles.insert(at.min(roles.len()), role);
        }
    }
    roles
}

fn is_built_in_role(id: &RoleId) -> bool {
    *id == RoleId::member() || *id == RoleId::admin()
}

pub(super) fn described(description: &str) -> Result<(), R> {
    if description.chars().count() > LONGEST_DESCRIPTION { Err(R::DescriptionTooLong) } else { Ok(()) }
}

pub(super) fn unique<'a>(ids: impl Iterator<Item = &'a str>, otherwise: R) -> Result<(), R> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(otherwise);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
