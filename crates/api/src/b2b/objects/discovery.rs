//! What discovery answers.

use super::{Member, MfaRequired, Organization, PrimaryRequired};
use domain::{Timestamp, email::EmailAddress};
use flows::discovery::{Discovered, Found, Membership};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::Tenant;

/// What every discovery login answers: never a session.
#[derive(Serialize, JsonSchema)]
pub struct DiscoveryResponse {
    intermediate_session_token: String,
    intermediate_session_token_expires_at: Rfc3339,
    email_address: EmailAddress,
    discovered_organizations: Vec<DiscoveredOrganization>,
}

/// An organization that is open to the person.
#[derive(Serialize, JsonSchema)]
pub struct DiscoveredOrganization {
    organization: Organization,
    membership: MembershipObject,
    primary_required: Option<PrimaryRequired>,
    mfa_required: Option<MfaRequired>,
    member_authenticated: bool,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Membership")]
struct MembershipObject {
    #[serde(rename = "type")]
    kind: &'static str,
    details: Option<Map<String, Value>>,
    member: Option<Member>,
}

/// A time in RFC 3339.
#[derive(Serialize, JsonSchema)]
#[serde(transparent)]
struct Rfc3339(#[serde(serialize_with = "domain::jwt_claims::rfc_3339")] Timestamp);

impl DiscoveryResponse {
    pub fn new(found: Found, now: Timestamp) -> Self {
        let Found { token, expires_at, address, discovered } = found;
        Self {
            intermediate_session_token: token.expose().to_owned(),
            intermediate_session_token_expires_at: Rfc3339(expires_at),
            email_address: address,
            discovered_organizations: DiscoveredOrganization::all(&discovered, now),
        }
    }
}

impl DiscoveredOrganization {
    pub fn all(discovered: &[Discovered], now: Timestamp) -> Vec<Self> {
        discovered.iter().map(|it| Self::new(it, now)).collect()
    }

    fn new(it: &Discovered, now: Timestamp) -> Self {
        let Discovered { tenant, membership, primary_required, second_required, member } = it;
        Self {
            organization: tenant.organization().into(),
            membership: MembershipObject::new(*membership, member, (tenant, now)),
            primary_required: primary_required
                .clone()
                .map(|allowed_auth_methods| PrimaryRequired { allowed_auth_methods }),
            mfa_required: second_required.map(|usable| MfaRequired::new(member, usable, false)),
            member_authenticated: primary_required.is_none() && second_required.is_none(),
        }
    }
}

impl MembershipObject {
    fn new(
        membership: Membership,
        member: &domain::members::Member,
        (tenant, now): (&Tenant, Timestamp),
    ) -> Self {
        let of = |kind| Self { kind, details: None, member: Some(Member::new(member, tenant, now)) };
        match membership {
            Membership::Active => of("active_member"),
            Membership::Pending => of("pending_member"),
            Membership::Invited => of("invited_member"),
            Membership::EligibleByEmailDomain => Self {
                kind: "eligible_to_join_by_email_domain",
                details: json!({ "domain": member.email_address.domain() }).as_object().cloned(),
                member: None,
            },
        }
    }
}
