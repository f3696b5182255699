//! Which policies are taken, and why others are not.

use super::{super::Scope, *};
use crate::roles::{ADMIN, MEMBER};

fn role(id: &str, resource: &str, actions: &[&str]) -> Role {
    Role {
        role_id: serde_json::from_value(id.into()).unwrap(),
        description: String::new(),
        permissions: vec![Permission::new(resource, actions)],
    }
}

fn resource(id: &str, actions: &[&str]) -> Resource {
    Resource {
        resource_id: id.to_owned(),
        description: String::new(),
        actions: actions.iter().map(|it| (*it).to_owned()).collect(),
    }
}

fn scope(name: &str) -> Scope {
    let permissions = vec![Permission::new("document", &["read"])];
    Scope { scope: name.to_owned(), description: String::new(), permissions }
}

fn documents() -> Policy {
    let roles = vec![role("editor", "document", &["read", "write"])];
    Policy {
        roles,
        resources: vec![resource("document", &["read", "write"])],
        scopes: vec![scope("read:docs")],
    }
}

fn refused(change: impl FnOnce(&mut Policy)) -> R {
    let mut policy = documents();
    change(&mut policy);
    policy.checked().unwrap_err()
}

#[test]
fn a_policy_has_what_is_built_in_and_survives_being_written_back() {
    let policy = documents().checked().unwrap();
    let ids: Vec<&str> = policy.roles.iter().map(|it| it.role_id.as_str()).collect();
    assert_eq!(ids, [MEMBER, ADMIN, "editor"]);
    assert!(policy.resource("stytch.member").is_some() && policy.resource("document").is_some());
    assert_eq!(policy.clone().checked(), Ok(policy));
    assert_eq!(Policy::default().checked(), Ok(Policy::default()));
}

#[test]
fn a_policy_is_written_as_json_with_only_what_it_adds() {
    let text = r#"{"resources": [{"resource_id": "document", "actions": ["read"]}],
                   "roles": [{"role_id": "reader", "permissions": [{"resource_id": "document", "actions": ["*"]}]}]}"#;
    let policy: Policy = serde_json::from_str(text).unwrap();
    assert_eq!(policy.checked().unwrap().roles.len(), 3);
    assert!(
        serde_json::from_str::<Policy>(r#"{"role": []}"#).is_err(),
        "a misspelt field is no empty policy"
    );
}

#[test]
fn the_permissions_of_the_built_in_roles_can_be_changed_and_the_roles_not_removed() {
    let mut policy = documents();
    policy.roles.push(role(MEMBER, "stytch.self", &["update.info.name"]));
    policy.roles.push(role(ADMIN, "stytch.organization", &["update.settings.mfa_policy"]));
    let policy = policy.checked().unwrap();
    assert_eq!(policy.role(&RoleId::member()).unwrap().permissions[0].actions, ["update.info.name"]);
    let admin = policy.role(&RoleId::admin()).unwrap();
    assert_eq!(admin.permissions[0].actions, ["update.settings.mfa-policy"], "in the spelling enforced");
}

#[test]
fn what_is_wrong_with_a_role_is_named() {
    assert_eq!(refused(|it| it.roles.push(role("", "document", &["read"]))), R::EmptyRoleId);
    assert_eq!(refused(|it| it.roles.push(role(&"x".repeat(129), "document", &["read"]))), R::RoleIdTooLong);
    assert_eq!(refused(|it| it.roles.push(it.roles[0].clone())), R::RoleDuplicate);
    assert_eq!(
        refused(|it| it.roles.push(role("stytch_owner", "document", &["*"]))),
        R::InvalidStytchRoleEdit
    );
    assert_eq!(refused(|it| it.roles[0].description = "x".repeat(1025)), R::DescriptionTooLong);
    assert_eq!(refused(|it| it.roles[0].permissions.clear()), R::RoleMissingPermissions);
}

#[test]
fn what_is_wrong_with_a_permission_is_named() {
    let with =
        |resource: &str, actions: &[&str]| refused(|it| it.roles[0] = role("editor", resource, actions));
    assert_eq!(with("document", &[]), R::PermissionMissingActions);
    assert_eq!(with("documents", &["read"]), R::InvalidPermissionResource);
    assert_eq!(with("document", &["share"]), R::InvalidPermissionAction);
    assert_eq!(with("document", &["*", "read"]), R::WildcardWithOtherActions);
    assert_eq!(with("document", &["read", "read"]), R::ActionDuplicate);
    assert_eq!(with("stytch.self", &["update.settings.roles"]), R::InvalidPermissionAction);
}

#[test]
fn what_is_wrong_with_a_resource_is_named() {
    let with = |id: &str, actions: &[&str]| refused(|it| it.resources.push(resource(id, actions)));
    assert_eq!(with("", &["read"]), R::EmptyResourceId);
    assert_eq!(with(&"x".repeat(129), &["read"]), R::ResourceIdTooLong);
    assert_eq!(with("document", &["read"]), R::ResourceDuplicate);
    assert_eq!(with("image", &[]), R::ResourceMissingActions);
    assert_eq!(with("image", &["*"]), R::InvalidWildcardAction);
    assert_eq!(with("image", &["read", "read"]), R::ActionDuplicate);
    assert_eq!(with("image", &[&"x".repeat(129)]), R::ActionTooLong);
    assert_eq!(with("stytch.mine", &["read"]), R::InvalidStytchRoleEdit);
    assert_eq!(with("stytch.member", &["read"]), R::InvalidStytchRoleEdit);
}

#[test]
fn what_is_wrong_with_a_scope_is_named() {
    let with = |it: Scope| refused(|policy| policy.scopes.push(it));
    assert_eq!(with(scope("")), R::EmptyScope);
    assert_eq!(with(scope("read docs")), R::InvalidScope);
    assert_eq!(with(scope("openid")), R::ReservedScope);
    assert_eq!(with(scope(&"x".repeat(129))), R::ScopeTooLong);
    assert_eq!(with(scope("read:docs")), R::ScopeDuplicate);
    assert_eq!(with(Scope { permissions: Vec::new(), ..scope("other") }), R::ScopeMissingPermissions);
}

#[test]
fn the_roles_of_an_organization_stand_beside_those_of_its_project() {
    let policy = documents().checked().unwrap();
    let check = |role: Role| checked_custom_roles(&policy, vec![role]);
    assert!(
        check(role("owner", "document", &["*"]))
            .is_ok_and(|it| it.fit(&policy) && !it.fit(&Policy::default()))
    );
    assert_eq!(check(role("editor", "document", &["*"])), Err(R::RoleDuplicate));
    assert_eq!(check(role(ADMIN, "document", &["*"])), Err(R::InvalidStytchRoleEdit));
    assert_eq!(check(role("stytch_owner", "document", &["*"])), Err(R::OrgCustomRolesOnly));
    assert_eq!(check(role("owner", "image", &["*"])), Err(R::InvalidPermissionResource));
    let twice = vec![role("owner", "document", &["*"]); 2];
    assert_eq!(checked_custom_roles(&policy, twice), Err(R::RoleDuplicate));
}
