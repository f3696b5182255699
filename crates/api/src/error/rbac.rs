//! The part of the table that speaks of roles and rights.

use axum::http::{StatusCode, StatusCode as S};
use domain::rbac::{RbacRefusal, RbacRefusal as R};

macro_rules! table {
    ($($pattern:pat => ($status:expr, $kind:literal),)*) => {
        pub(super) fn on_the_wire(refusal: RbacRefusal) -> (StatusCode, &'static str) {
            match refusal { $($pattern => ($status, $kind),)* }
        }

        /// Every type that such a refusal can have.
        pub(super) const ERROR_TYPES: &[&str] = &[$($kind),*];
    };
}

table! {
    R::SessionAuthorizationTenancy => (S::FORBIDDEN, "session_authorization_tenancy_error"),
    R::CannotUpdateTrustedMetadata => (S::UNAUTHORIZED, "cannot_update_trusted_metadata"),
    R::MemberCannotUpdateTheirEmailAddress => (S::BAD_REQUEST, "member_cannot_update_their_email_address"),
    R::EmptyRoleId => (S::BAD_REQUEST, "empty_rbac_role_id"),
    R::RoleIdTooLong => (S::BAD_REQUEST, "rbac_role_id_too_long"),
    R::RoleDuplicate => (S::BAD_REQUEST, "rbac_role_duplicate"),
    R::InvalidCustomRole => (S::BAD_REQUEST, "invalid_rbac_custom_role"),
    R::OrgCustomRolesOnly => (S::BAD_REQUEST, "rbac_org_custom_roles_only"),
    R::InvalidStytchRoleEdit => (S::BAD_REQUEST, "invalid_rbac_stytch_role_edit"),
    R::DescriptionTooLong => (S::BAD_REQUEST, "rbac_description_too_long"),
    R::RoleMissingPermissions => (S::BAD_REQUEST, "rbac_role_missing_permissions"),
    R::PermissionMissingActions => (S::BAD_REQUEST, "rbac_permission_missing_actions"),
    R::InvalidPermissionResource => (S::BAD_REQUEST, "invalid_permission_resource"),
    R::InvalidPermissionAction => (S::BAD_REQUEST, "invalid_permission_action"),
    R::WildcardWithOtherActions => (S::BAD_REQUEST, "cannot_specify_wildcard_with_other_actions"),
    R::InvalidWildcardAction => (S::BAD_REQUEST, "invalid_wildcard_action"),
    R::EmptyResourceId => (S::BAD_REQUEST, "empty_rbac_resource_id"),
    R::ResourceIdTooLong => (S::BAD_REQUEST, "rbac_resource_id_too_long"),
    R::ResourceDuplicate => (S::BAD_REQUEST, "rbac_resource_duplicate"),
    R::ResourceMissingActions => (S::BAD_REQUEST, "rbac_resource_missing_actions"),
    R::ActionDuplicate => (S::BAD_REQUEST, "rbac_action_duplicate"),
    R::ActionTooLong => (S::BAD_REQUEST, "rbac_action_too_long"),
    R::EmptyScope => (S::BAD_REQUEST, "empty_rbac_scope"),
    R::InvalidScope => (S::BAD_REQUEST, "invalid_rbac_scope"),
    R::ScopeTooLong => (S::BAD_REQUEST, "rbac_scope_too_long"),
    R::ScopeDuplicate => (S::BAD_REQUEST, "rbac_scope_duplicate"),
    R::ScopeMissingPermissions => (S::BAD_REQUEST, "rbac_scope_missing_permissions"),
    R::ReservedScope => (S::BAD_REQUEST, "rbac_reserved_scope"),
    R::CannotDeleteAttributeUsedInOrgPolicy => (S::BAD_REQUEST, "rbac_cannot_delete_attribute_used_in_org_policy"),
    R::TooMany => (S::BAD_REQUEST, "too_many_roles"),
}
