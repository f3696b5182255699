//! Why a policy, a role or a call in a member's name is refused.

use thiserror::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RbacRefusal {
    #[error("The member's session may reach its own organization only.")]
    SessionAuthorizationTenancy,
    #[error("Trusted metadata is the backend's: it cannot be sent together with a member's session.")]
    CannotUpdateTrustedMetadata,
    #[error("Members cannot change their own e-mail address here. Start an e-mail update instead.")]
    MemberCannotUpdateTheirEmailAddress,

    #[error("A role needs a role_id.")]
    EmptyRoleId,
    #[error("A role_id has at most 128 characters.")]
    RoleIdTooLong,
    #[error("A role_id occurs twice, or is taken by the project.")]
    RoleDuplicate,
    #[error("A role is well-formed only with a role_id, a description and permissions.")]
    InvalidCustomRole,
    #[error("An organization has custom roles only; their role_ids do not begin with 'stytch'.")]
    OrgCustomRolesOnly,
    #[error("Roles and resources whose id begins with 'stytch' are the server's own.")]
    InvalidStytchRoleEdit,
    #[error("A description has at most 1024 characters.")]
    DescriptionTooLong,
    #[error("A role needs at least one permission.")]
    RoleMissingPermissions,
    #[error("A permission needs at least one action.")]
    PermissionMissingActions,
    #[error("A permission speaks of a resource that the project does not have, or of one twice.")]
    InvalidPermissionResource,
    #[error("A permission holds an action that its resource does not have.")]
    InvalidPermissionAction,
    #[error("'*' stands alone: it is every action already.")]
    WildcardWithOtherActions,
    #[error("'*' is no action of a resource.")]
    InvalidWildcardAction,

    #[error("A resource needs a resource_id.")]
    EmptyResourceId,
    #[error("A resource_id has at most 128 characters.")]
    ResourceIdTooLong,
    #[error("A resource_id occurs twice.")]
    ResourceDuplicate,
    #[error("A resource needs at least one action.")]
    ResourceMissingActions,
    #[error("An action occurs twice.")]
    ActionDuplicate,
    #[error("An action has 1 to 128 characters.")]
    ActionTooLong,
    #[error("A scope needs a name.")]
    EmptyScope,
    #[error("A scope is a word of at most 128 characters, without blanks.")]
    InvalidScope,
    #[error("A scope has at most 128 characters.")]
    ScopeTooLong,
    #[error("A scope occurs twice.")]
    ScopeDuplicate,
    #[error("A scope needs at least one permission.")]
    ScopeMissingPermissions,
    #[error("The scope has a meaning of its own already.")]
    ReservedScope,
    #[error(
        "The policy drops a resource or an action, or takes a role_id, that a custom role of an organization uses."
    )]
    CannotDeleteAttributeUsedInOrgPolicy,
    #[error("Too many roles, resources or scopes.")]
    TooMany,
}
