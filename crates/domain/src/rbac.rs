//! Who may do what: roles, the resources they speak of, and the decision.
//!
//! Pure: a decision is a function of the project's policy, the organization's
//! own roles and the roles that are held. Roles only ever add; a role or
//! resource that is not known grants nothing.

pub mod actions;
mod built_in;
mod checked;
pub mod escalation;
pub mod held;
mod refusal;
mod scopes;

pub use checked::checked_custom_roles;
pub use refusal::RbacRefusal;

use crate::roles::RoleId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Stands for every action of a resource.
pub const EVERY_ACTION: &str = "*";

/// Roles, resources and scopes of a project, as the operator sets them. The
/// built-in ones are always among them once [`Policy::checked`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    pub roles: Vec<Role>,
    pub resources: Vec<Resource>,
    pub scopes: Vec<Scope>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub role_id: RoleId,
    #[serde(default)]
    pub description: String,
    pub permissions: Vec<Permission>,
}

/// Actions on one resource; `*` alone is every action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    pub resource_id: String,
    pub actions: Vec<String>,
}

/// Something that can be acted upon, with every action there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    pub resource_id: String,
    #[serde(default)]
    pub description: String,
    pub actions: Vec<String>,
}

/// What a member must hold to grant it, and what a token with it may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    pub scope: String,
    #[serde(default)]
    pub description: String,
    pub permissions: Vec<Permission>,
}

/// The roles of one organization beside the project's; they add no resources.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CustomRoles(pub Vec<Role>);

impl Permission {
    pub fn new(resource_id: &str, actions: &[&str]) -> Self {
        Self {
            resource_id: resource_id.to_owned(),
            actions: actions.iter().map(|it| (*it).to_owned()).collect(),
        }
    }

    /// Whether it covers the action. `*` is covered by `*` alone.
    pub fn grants(&self, resource: &str, action: &str) -> bool {
        self.resource_id == resource && self.actions.iter().any(|it| it == EVERY_ACTION || it == action)
    }
}

impl Policy {
    pub fn role(&self, id: &RoleId) -> Option<&Role> {
        self.roles.iter().find(|it| &it.role_id == id)
    }

    pub fn resource(&self, id: &str) -> Option<&Resource> {
        self.resources.iter().find(|it| it.resource_id == id)
    }
}

/// The roles among those held that grant the action on exactly this resource.
pub fn granting_roles(
    policy: &Policy,
    custom: &CustomRoles,
    held: &[RoleId],
    (resource, action): (&str, &str),
) -> Vec<RoleId> {
    let action = actions::spelled(resource, action);
    let known = policy.roles.iter().chain(&custom.0).filter(|it| held.contains(&it.role_id));
    let granting = known.filter(|it| it.permissions.iter().any(|it| it.grants(resource, &action)));
    granting.map(|it| it.role_id.clone()).collect()
}

/// Whether a role can be given to a member of an organization: it is the
/// project's or the organization's own.
pub fn is_known(policy: &Policy, custom: &CustomRoles, role: &RoleId) -> bool {
    policy.roles.iter().chain(&custom.0).any(|it| &it.role_id == role)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roles::{ADMIN, MEMBER};

    fn granted(held: &[&str], resource: &str, action: &str) -> Vec<String> {
        let policy = Policy {
            roles: vec![Role {
                role_id: "editor".parse().unwrap(),
                description: String::new(),
                permissions: vec![Permission::new("document", &["read", "write"])],
            }],
            ..Policy {
                resources: vec![Resource {
                    resource_id: "document".to_owned(),
                    description: String::new(),
                    actions: ["read", "write", "share"].map(str::to_owned).to_vec(),
                }],
                ..Policy::default()
            }
        };
        let policy = policy.checked().unwrap();
        let custom = CustomRoles(vec![Role {
            role_id: "owner".parse().unwrap(),
            description: String::new(),
            permissions: vec![Permission::new("document", &[EVERY_ACTION])],
        }]);
        let held: Vec<RoleId> = held.iter().map(|it| it.parse().unwrap()).collect();
        granting_roles(&policy, &custom, &held, (resource, action)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_role_grants_what_it_says_of_exactly_its_resource() {
        assert_eq!(granted(&["editor"], "document", "read"), ["editor"]);
        assert_eq!(granted(&["editor", "owner"], "document", "write"), ["editor", "owner"]);
        assert_eq!(granted(&["editor", "owner"], "document", "share"), ["owner"]);
        assert!(granted(&["editor"], "document", "*").is_empty(), "a list is not everything");
        assert!(granted(&["editor"], "documents", "read").is_empty());
        assert!(granted(&["editor"], "Document", "read").is_empty());
        assert!(granted(&["nobody-knows-it"], "document", "read").is_empty());
        assert!(granted(&[], "document", "read").is_empty());
    }

    #[test]
    fn the_default_roles_grant_what_they_are_for() {
        assert_eq!(granted(&[MEMBER], "stytch.self", "update.info.name"), [MEMBER]);
        assert!(granted(&[MEMBER], "stytch.member", "update.info.name").is_empty());
        for resource in ["stytch.organization", "stytch.member", "stytch.sso", "stytch.scim"] {
            assert_eq!(granted(&[ADMIN], resource, "*"), [ADMIN]);
        }
        assert!(granted(&[ADMIN], "stytch.self", "delete").is_empty(), "every member holds the default role");
    }

    #[test]
    fn the_older_spelling_of_our_actions_is_read() {
        assert_eq!(granted(&[ADMIN], "stytch.organization", "update.settings.mfa_policy"), [ADMIN]);
    }
}
