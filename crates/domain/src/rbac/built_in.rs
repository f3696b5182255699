//! The roles and resources that every project has.

use super::{EVERY_ACTION, Permission, Policy, Resource, Role, actions};
use crate::roles::RoleId;

impl Default for Policy {
    /// What a project begins with.
    fn default() -> Self {
        Self { roles: vec![member(), admin()], resources: resources(), scopes: Vec::new() }
    }
}

/// Held by every member.
pub(super) fn member() -> Role {
    Role {
        role_id: RoleId::member(),
        description: "Granted to all members".to_owned(),
        permissions: vec![Permission::new(actions::SELF, &[EVERY_ACTION])],
    }
}

pub(super) fn admin() -> Role {
    let resources = [actions::ORGANIZATION, actions::MEMBER, actions::SSO, actions::SCIM];
    Role {
        role_id: RoleId::admin(),
        description: "Granted to members who create organizations, and assignable to others".to_owned(),
        permissions: resources.into_iter().map(|it| Permission::new(it, &[EVERY_ACTION])).collect(),
    }
}

pub(super) fn resources() -> Vec<Resource> {
    let of_self: Vec<&str> = actions::of_self().collect();
    let described = [
        (actions::ORGANIZATION, "The organization and its settings", actions::OF_ORGANIZATION),
        (actions::MEMBER, "The members of the organization", actions::OF_MEMBER),
        (actions::SELF, "The member who calls", of_self.as_slice()),
        (actions::SSO, "The SSO connections of the organization", actions::OF_CONNECTIONS),
        (actions::SCIM, "The SCIM connection of the organization", actions::OF_CONNECTIONS),
    ];
    let resource = |(id, description, actions): (&str, &str, &[&str])| Resource {
        resource_id: id.to_owned(),
        description: description.to_owned(),
        actions: actions.iter().map(|it| (*it).to_owned()).collect(),
    };
    described.into_iter().map(resource).collect()
}
