//! Nobody gives away rights over the server's own resources that they do not hold.
//!
//! Whoever may assign roles could else make themselves an administrator. What
//! roles say of a customer's own resources is the customer's affair: an
//! administrator assigns them without holding them.

use super::{CustomRoles, EVERY_ACTION, Permission, Policy, actions, granting_roles};
use crate::roles::RoleId;

/// Whether the holder of `held` may give each of these roles.
pub fn may_give(policy: &Policy, custom: &CustomRoles, held: &[RoleId], given: &[RoleId]) -> bool {
    let given = policy.roles.iter().chain(&custom.0).filter(|it| given.contains(&it.role_id));
    let mut rights = given.flat_map(|it| &it.permissions).filter(|it| actions::is_built_in(&it.resource_id));
    rights.all(|it| covers(policy, custom, held, it))
}

/// What everybody holds on themselves is no power over others.
fn covers(policy: &Policy, custom: &CustomRoles, held: &[RoleId], right: &Permission) -> bool {
    let resource = right.resource_id.as_str();
    let granted = |resource, action| !granting_roles(policy, custom, held, (resource, action)).is_empty();
    let actions = right.actions.iter().map(String::as_str);
    let mut spread = actions.flat_map(|it| match policy.resource(resource) {
        Some(known) if it == EVERY_ACTION => known.actions.iter().map(String::as_str).collect(),
        Some(_) | None => vec![it],
    });
    spread.all(|it| granted(resource, it) || resource == actions::SELF && granted(actions::MEMBER, it))
}

#[cfg(test)]
mod tests {
    use super::{super::Role, *};
    use crate::roles::{ADMIN, MEMBER};

    fn may(held: &str, given: &str) -> bool {
        let role = |id: &str, resource: &str, actions: &[&str]| Role {
            role_id: id.parse().unwrap(),
            description: String::new(),
            permissions: vec![Permission::new(resource, actions)],
        };
        let custom = CustomRoles(vec![
            role("people", "stytch.member", &["create", actions::ROLES]),
            role("creator", "stytch.member", &["create"]),
            role("editor", "document", &["*"]),
        ]);
        let ids = |it: &str| vec![MEMBER.parse().unwrap(), it.parse().unwrap()];
        may_give(&Policy::default(), &custom, &ids(held), &ids(given)[1..])
    }

    #[test]
    fn nobody_gives_rights_over_others_that_they_do_not_hold() {
        assert!(!may("people", ADMIN));
        assert!(may("people", "creator") && may("people", "people"));
        assert!(!may("creator", "people"));
        assert!(may(ADMIN, ADMIN) && may(ADMIN, "people"));
    }

    #[test]
    fn what_a_role_says_of_a_customers_own_resources_is_not_compared() {
        assert!(may("people", "editor") && may(ADMIN, "editor"));
    }
}
