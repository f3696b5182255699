//! The member object.

use super::optional_rfc_3339;
use domain::{
    Timestamp,
    email::EmailAddress,
    external_id::ExternalId,
    id::{EmailId, MemberId, OrganizationId},
    jwt_claims::rfc_3339,
    members::{self, PhoneState, RetiredEmail},
    metadata::Metadata,
    rbac::held::{self, HeldRole},
    roles::RoleId,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::Tenant;

#[derive(Serialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "the shape of the wire")]
pub struct Member {
    organization_id: OrganizationId,
    member_id: MemberId,
    email_address: EmailAddress,
    status: String,
    name: String,
    sso_registrations: [(); 0],
    is_breakglass: bool,
    member_password_id: String,
    oauth_registrations: [(); 0],
    email_address_verified: bool,
    mfa_phone_number_verified: bool,
    is_admin: bool,
    totp_registration_id: String,
    retired_email_addresses: Vec<Retired>,
    is_locked: bool,
    mfa_enrolled: bool,
    mfa_phone_number: String,
    default_mfa_method: String,
    roles: Vec<Role>,
    trusted_metadata: Metadata,
    untrusted_metadata: Metadata,
    #[serde(serialize_with = "rfc_3339")]
    created_at: Timestamp,
    #[serde(serialize_with = "rfc_3339")]
    updated_at: Timestamp,
    scim_registration: Option<()>,
    external_id: Option<ExternalId>,
    #[serde(serialize_with = "optional_rfc_3339")]
    lock_created_at: Option<Timestamp>,
    #[serde(serialize_with = "optional_rfc_3339")]
    lock_expires_at: Option<Timestamp>,
}

#[derive(Serialize, JsonSchema)]
struct Retired {
    email_id: EmailId,
    email_address: EmailAddress,
}

#[derive(Serialize, JsonSchema)]
struct Role {
    role_id: RoleId,
    sources: Vec<Source>,
}

#[derive(Serialize, JsonSchema)]
struct Source {
    #[serde(rename = "type")]
    kind: &'static str,
    details: Map<String, Value>,
}

impl Member {
    /// The member as it stands at this moment: locks expire.
    pub fn new(member: &members::Member, tenant: &Tenant, now: Timestamp) -> Self {
        let lock = member.second_factor_lock().longer(member.password_lock(), now);
        let organization = tenant.organization();
        let members::Member {
            member_id,
            organization_id,
            project_id: _,
            status,
            email_id: _,
            email_address,
            email_address_verified,
            retired_emails,
            name,
            external_id,
            is_breakglass,
            roles: _,
            trusted_metadata,
            untrusted_metadata,
            mfa_enrolled,
            default_mfa_method,
            phone_id: _,
            phone_number,
            phone_state,
            phone_held_until: _,
            had_second_factor: _,
            totp_registration_id,
            password_id,
            second_factor_failures: _,
            second_factor_failures_total: _,
            second_factor_locked_at: _,
            second_factor_locked_until: _,
            password_failures: _,
            password_locked_at: _,
            password_locked_until: _,
            created_at,
            updated_at,
        } = member;
        Self {
            organization_id: organization_id.clone(),
            member_id: member_id.clone(),
            email_address: email_address.clone(),
            status: status.to_string(),
            name: name.clone(),
            sso_registrations: [],
            is_breakglass: *is_breakglass,
            member_password_id: text(password_id.as_ref()),
            oauth_registrations: [],
            email_address_verified: *email_address_verified,
            mfa_phone_number_verified: phone_number.is_some() && *phone_state == PhoneState::Verified,
            is_admin: held::is_admin(member, organization),
            totp_registration_id: text(totp_registration_id.as_ref()),
            retired_email_addresses: retired_emails.0.iter().map(Retired::from).collect(),
            is_locked: lock.holds(now),
            mfa_enrolled: *mfa_enrolled,
            mfa_phone_number: text(phone_number.as_ref()),
            default_mfa_method: text(default_mfa_method.as_ref()),
            roles: held::listed(member, organization).into_iter().map(Role::from).collect(),
            trusted_metadata: trusted_metadata.clone(),
            untrusted_metadata: untrusted_metadata.clone(),
            created_at: *created_at,
            updated_at: *updated_at,
            scim_registration: None,
            external_id: external_id.clone(),
            lock_created_at: lock.locked_at,
            lock_expires_at: lock.locked_until,
        }
    }
}

impl From<HeldRole> for Role {
    fn from(HeldRole { role_id, sources }: HeldRole) -> Self {
        Self { role_id, sources: sources.into_iter().map(Source::from).collect() }
    }
}

impl From<held::Source> for Source {
    fn from(source: held::Source) -> Self {
        let (kind, details) = match source {
            held::Source::DirectAssignment => ("direct_assignment", Map::new()),
            held::Source::EmailAssignment { email_domain } => {
                ("email_assignment", Map::from_iter([("email_domain".to_owned(), json!(email_domain))]))
            }
        };
        Self { kind, details }
    }
}

impl From<&RetiredEmail> for Retired {
    fn from(it: &RetiredEmail) -> Self {
        let RetiredEmail { email_id, email_address, retired_at: _ } = it;
        Self { email_id: email_id.clone(), email_address: email_address.clone() }
    }
}

/// Absent is the empty string here, as the strict clients want it.
fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}
