//! The resources of the server itself, and the actions it enforces on them.

use std::borrow::Cow;

pub const ORGANIZATION: &str = "stytch.organization";
pub const MEMBER: &str = "stytch.member";
/// A member, as far as it is the caller.
pub const SELF: &str = "stytch.self";
pub const SSO: &str = "stytch.sso";
pub const SCIM: &str = "stytch.scim";

/// What the ids of our own roles and resources begin with; nobody else's may.
pub const RESERVED: &str = "stytch";

pub const CREATE: &str = "create";
pub const SEARCH: &str = "search";
pub const GET: &str = "get";
pub const UPDATE: &str = "update";
pub const DELETE: &str = "delete";
pub const REVOKE_SESSIONS: &str = "revoke-sessions";
pub const NAME: &str = "update.info.name";
pub const UNTRUSTED_METADATA: &str = "update.info.untrusted-metadata";
pub const MFA_PHONE: &str = "update.info.mfa-phone";
pub const EMAIL: &str = "update.info.email";
pub const DELETE_MFA_PHONE: &str = "update.info.delete.mfa-phone";
pub const DELETE_MFA_TOTP: &str = "update.info.delete.mfa-totp";
pub const DELETE_PASSWORD: &str = "update.info.delete.password";
pub const UNLINK_RETIRED_EMAIL: &str = "update.info.unlink.retired-email";
pub const IS_BREAKGLASS: &str = "update.settings.is-breakglass";
pub const MFA_ENROLLED: &str = "update.settings.mfa-enrolled";
pub const DEFAULT_MFA_METHOD: &str = "update.settings.default-mfa-method";
pub const ROLES: &str = "update.settings.roles";
pub const GET_CONNECTED_APPS: &str = "get.connected-apps";
pub const REVOKE_CONNECTED_APP: &str = "revoke.connected-app";
pub const IMPLICIT_ROLES: &str = "update.settings.implicit-roles";
const ALLOWED_DOMAINS: &str = "update.settings.allowed-domains";
const EMAIL_JIT: &str = "update.settings.email-jit-provisioning";
const EMAIL_INVITES: &str = "update.settings.email-invites";
const SSO_JIT: &str = "update.settings.sso-jit-provisioning";
const OAUTH_TENANT_JIT: &str = "update.settings.oauth-tenant-jit-provisioning";
const ALLOWED_OAUTH_TENANTS: &str = "update.settings.allowed-oauth-tenants";
const ALLOWED_AUTH_METHODS: &str = "update.settings.allowed-auth-methods";
const ALLOWED_MFA_METHODS: &str = "update.settings.allowed-mfa-methods";
const MFA_POLICY: &str = "update.settings.mfa-policy";

pub(super) const OF_ORGANIZATION: &[&str] = &[
    DELETE,
    NAME,
    "update.info.slug",
    "update.info.logo-url",
    "update.settings.default-sso-connection",
    SSO_JIT,
    ALLOWED_DOMAINS,
    EMAIL_JIT,
    EMAIL_INVITES,
    ALLOWED_AUTH_METHODS,
    MFA_POLICY,
    ALLOWED_MFA_METHODS,
    IMPLICIT_ROLES,
    OAUTH_TENANT_JIT,
    ALLOWED_OAUTH_TENANTS,
];

pub(super) const OF_MEMBER: &[&str] = &[
    CREATE,
    SEARCH,
    DELETE,
    NAME,
    UNTRUSTED_METADATA,
    MFA_PHONE,
    EMAIL,
    DELETE_MFA_PHONE,
    DELETE_MFA_TOTP,
    DELETE_PASSWORD,
    UNLINK_RETIRED_EMAIL,
    IS_BREAKGLASS,
    MFA_ENROLLED,
    DEFAULT_MFA_METHOD,
    ROLES,
    REVOKE_SESSIONS,
    GET_CONNECTED_APPS,
    REVOKE_CONNECTED_APP,
];

/// On oneself, nobody creates, searches, or gives roles and exemptions.
const NEVER_OF_SELF: &[&str] = &[CREATE, SEARCH, IS_BREAKGLASS, ROLES];

pub(super) const OF_CONNECTIONS: &[&str] = &[CREATE, GET, UPDATE, DELETE];

/// By these somebody's way in changes, or who gets in and as what; whoever acts
/// in another's name could stay by them after the hour, and may not (decision 12).
const OF_THE_WAY_IN: &[&str] = &[
    CREATE,
    ROLES,
    IS_BREAKGLASS,
    IMPLICIT_ROLES,
    ALLOWED_DOMAINS,
    EMAIL_JIT,
    EMAIL_INVITES,
    SSO_JIT,
    OAUTH_TENANT_JIT,
    ALLOWED_OAUTH_TENANTS,
    ALLOWED_AUTH_METHODS,
    ALLOWED_MFA_METHODS,
    MFA_POLICY,
    MFA_PHONE,
    EMAIL,
    DELETE_MFA_PHONE,
    DELETE_MFA_TOTP,
    DELETE_PASSWORD,
    UNLINK_RETIRED_EMAIL,
    MFA_ENROLLED,
    DEFAULT_MFA_METHOD,
];

pub(super) fn of_self() -> impl Iterator<Item = &'static str> {
    OF_MEMBER.iter().copied().filter(|it| !NEVER_OF_SELF.contains(it))
}

/// Whether it changes factors, passwords, addresses, roles, or who is let in.
pub fn changes_the_way_in(action: &str) -> bool {
    OF_THE_WAY_IN.contains(&action)
}

/// Whether anyone may ever do it on `stytch.self`.
pub fn is_of_self(action: &str) -> bool {
    !NEVER_OF_SELF.contains(&action)
}

/// An action as it is enforced: an older list of our own actions is spelled with underscores.
pub fn spelled<'a>(resource: &str, action: &'a str) -> Cow<'a, str> {
    if is_built_in(resource) && action.contains('_') {
        Cow::Owned(action.replace('_', "-"))
    } else {
        Cow::Borrowed(action)
    }
}

/// Whether a resource is the server's own.
pub fn is_built_in(resource: &str) -> bool {
    [ORGANIZATION, MEMBER, SELF, SSO, SCIM].contains(&resource)
}

/// What a member needs to change a field of the organization; none for what
/// the project secret alone may change.
pub fn of_organization_field(field: &str) -> Option<&'static str> {
    Some(match field {
        "organization_name" => NAME,
        "organization_slug" => "update.info.slug",
        "organization_logo_url" => "update.info.logo-url",
        "sso_default_connection_id" => "update.settings.default-sso-connection",
        "sso_jit_provisioning" | "sso_jit_provisioning_allowed_connections" => SSO_JIT,
        "email_allowed_domains" => ALLOWED_DOMAINS,
        "email_jit_provisioning" => EMAIL_JIT,
        "email_invites" => EMAIL_INVITES,
        "auth_methods" | "allowed_auth_methods" => ALLOWED_AUTH_METHODS,
        "mfa_policy" => MFA_POLICY,
        "mfa_methods" | "allowed_mfa_methods" => ALLOWED_MFA_METHODS,
        "rbac_email_implicit_role_assignments" => IMPLICIT_ROLES,
        "oauth_tenant_jit_provisioning" => OAUTH_TENANT_JIT,
        "allowed_oauth_tenants" => ALLOWED_OAUTH_TENANTS,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_demanded_of_a_field_is_an_action_of_the_organization() {
        for field in ["organization_name", "mfa_methods", "allowed_auth_methods", "allowed_oauth_tenants"] {
            assert!(OF_ORGANIZATION.contains(&of_organization_field(field).unwrap()), "{field}");
        }
        for field in ["organization_external_id", "claimed_email_domains", "trusted_metadata", "anything"] {
            assert_eq!(of_organization_field(field), None, "{field}");
        }
    }

    #[test]
    fn nobody_gives_themselves_roles_through_the_default_resource() {
        assert!(of_self().all(|it| it != ROLES && it != IS_BREAKGLASS && it != CREATE));
        assert!(of_self().any(|it| it == REVOKE_SESSIONS));
    }
}
