//! The bodies of sandbox answers, in the shapes of the real ones.

use super::{EMAIL, MEMBER, ORGANIZATION, PHONE, SESSION};
use domain::{Timestamp, time::Span};
use serde_json::{Value, json};

const EMAIL_ID: &str = "email-test-81bf03a8-86e1-4d95-bd44-bb3495224953";
const SESSION_ID: &str = "session-test-fe6c042b-6286-479f-8a4f-b046a6c46509";
const TOTP: &str = "totp-registration-test-41920359-8bbb-4fe8-8fa3-aaa83f35f02c";
/// No JWT: nothing is signed for somebody who does not exist.
const SESSION_JWT: &str = "sandbox_session_jwt";
const INTERMEDIATE: &str = "sandbox_intermediate_session_token";
const LONG_AGO: &str = "2024-01-01T00:00:00Z";

pub fn nothing() -> Value {
    json!({})
}

pub fn sent(tells_creation: bool) -> Value {
    let body = texted();
    if tells_creation { with(body, json!({ "member_created": false })) } else { body }
}

pub fn texted() -> Value {
    json!({ "member_id": MEMBER, "member": member(), "organization": organization() })
}

pub fn link_login(now: Timestamp) -> Value {
    with(login(now), json!({ "reset_sessions": false }))
}

pub fn login(now: Timestamp) -> Value {
    let more = json!({
        "organization_id": ORGANIZATION, "method_id": EMAIL_ID,
        "intermediate_session_token": "", "intermediate_session_token_expires_at": null,
        "member_authenticated": true, "mfa_required": null, "primary_required": null,
    });
    with(second_factor(now), more)
}

pub fn second_factor(now: Timestamp) -> Value {
    let inside = json!({
        "member_id": MEMBER, "session_token": SESSION, "session_jwt": SESSION_JWT,
        "member_session": member_session(now), "member_device": null,
    });
    with(texted(), inside)
}

pub fn recovery(now: Timestamp) -> Value {
    with(second_factor(now), json!({ "recovery_codes_remaining": 9 }))
}

pub fn session(now: Timestamp) -> Value {
    json!({
        "member_session": member_session(now), "session_token": SESSION, "session_jwt": SESSION_JWT,
        "member": member(), "organization": organization(), "verdict": null,
    })
}

pub fn discovery(now: Timestamp) -> Value {
    json!({
        "intermediate_session_token": INTERMEDIATE,
        "intermediate_session_token_expires_at": now.plus(Span::minutes(10)).to_string(),
        "email_address": EMAIL,
        "discovered_organizations": [{
            "organization": organization(),
            "membership": { "type": "active_member", "details": null, "member": member() },
            "member_authenticated": true, "primary_required": null, "mfa_required": null,
        }],
    })
}

fn member_session(now: Timestamp) -> Value {
    let at = now.to_string();
    json!({
        "member_session_id": SESSION_ID, "member_id": MEMBER, "organization_id": ORGANIZATION,
        "organization_slug": "sandbox", "started_at": at, "last_accessed_at": at,
        "expires_at": now.plus(Span::minutes(60)).to_string(), "roles": ["stytch_member"], "custom_claims": {},
        "authentication_factors": [{
            "type": "magic_link", "delivery_method": "email", "last_authenticated_at": at, "created_at": at,
            "updated_at": at, "email_factor": { "email_id": EMAIL_ID, "email_address": EMAIL },
        }],
    })
}

/// In two halves: the macro reads only so many fields at once.
fn member() -> Value {
    let first = json!({
        "organization_id": ORGANIZATION, "member_id": MEMBER, "email_address": EMAIL, "status": "active",
        "name": "Sandbox", "sso_registrations": [], "is_breakglass": false, "member_password_id": "",
        "oauth_registrations": [], "email_address_verified": true, "mfa_phone_number_verified": true,
    });
    let rest = json!({
        "is_admin": false, "totp_registration_id": TOTP, "retired_email_addresses": [], "is_locked": false,
        "mfa_enrolled": false, "mfa_phone_number": PHONE, "default_mfa_method": "sms_otp",
        "roles": [{ "role_id": "stytch_member", "sources": [{ "type": "direct_assignment", "details": {} }] }],
        "trusted_metadata": {}, "untrusted_metadata": {}, "created_at": LONG_AGO, "updated_at": LONG_AGO,
        "scim_registration": null, "external_id": null, "lock_created_at": null, "lock_expires_at": null,
    });
    with(first, rest)
}

fn organization() -> Value {
    let first = json!({
        "organization_id": ORGANIZATION, "organization_name": "Sandbox", "organization_slug": "sandbox",
        "organization_logo_url": "", "organization_external_id": null, "trusted_metadata": {},
        "created_at": LONG_AGO, "updated_at": LONG_AGO, "sso_default_connection_id": null,
        "sso_jit_provisioning": "NOT_ALLOWED", "sso_jit_provisioning_allowed_connections": [],
        "sso_active_connections": [], "scim_active_connection": null, "email_allowed_domains": [],
    });
    let rest = json!({
        "email_jit_provisioning": "NOT_ALLOWED", "email_invites": "ALL_ALLOWED", "auth_methods": "ALL_ALLOWED",
        "allowed_auth_methods": [], "mfa_policy": "OPTIONAL", "mfa_methods": "ALL_ALLOWED",
        "allowed_mfa_methods": [], "rbac_email_implicit_role_assignments": [],
        "oauth_tenant_jit_provisioning": "NOT_ALLOWED", "allowed_oauth_tenants": {}, "claimed_email_domains": [],
        "first_party_connected_apps_allowed_type": "ALL_ALLOWED", "allowed_first_party_connected_apps": [],
        "third_party_connected_apps_allowed_type": "ALL_ALLOWED", "allowed_third_party_connected_apps": [],
        "custom_roles": [],
    });
    with(first, rest)
}

fn with(mut body: Value, more: Value) -> Value {
    if let (Some(fields), Value::Object(more)) = (body.as_object_mut(), more) {
        fields.extend(more);
    }
    body
}
