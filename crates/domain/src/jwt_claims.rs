//! The claims of a session JWT, in the shape every official client reads.

use crate::{
    Timestamp,
    factors::{Factor, Proven},
    id::{MemberId, MemberSessionId, OrganizationId, ProjectId},
    members::Member,
    organizations::Organization,
    rbac::held,
    roles::RoleId,
    sessions::Session,
    slug::Slug,
    time::Span,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

/// A session JWT is a hint for five minutes; the row is the truth.
pub const LIFETIME: Span = Span::minutes(5);

/// What is signed. Custom claims stand at the top level and cannot take the place of ours.
#[derive(Debug, Clone, Serialize)]
pub struct SessionClaims {
    pub iss: String,
    pub aud: [ProjectId; 1],
    pub sub: MemberId,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    #[serde(rename = "https://stytch.com/session")]
    pub session: SessionClaim,
    #[serde(rename = "https://stytch.com/organization")]
    pub organization: OrganizationClaim,
    #[serde(flatten)]
    pub custom: Map<String, Value>,
}

#[derive(Debug, Clone, Serialize)]
pub struct SessionClaim {
    pub id: MemberSessionId,
    /// Of the session's token: a JWT from before a raise names an older one.
    pub version: String,
    #[serde(serialize_with = "rfc_3339")]
    pub started_at: Timestamp,
    #[serde(serialize_with = "rfc_3339")]
    pub last_accessed_at: Timestamp,
    #[serde(serialize_with = "rfc_3339")]
    pub expires_at: Timestamp,
    pub attributes: Attributes,
    pub authentication_factors: Vec<AuthenticationFactor>,
    pub roles: Vec<RoleId>,
}

/// Of the browser; not known to a backend's server.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Attributes {
    pub ip_address: String,
    pub user_agent: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct OrganizationClaim {
    pub organization_id: OrganizationId,
    pub slug: Slug,
}

/// The part of a received JWT that names its session; read after the signature is checked.
#[derive(Debug, Clone, Deserialize)]
pub struct SessionReference {
    /// Required as in every JWT of ours; decides nothing.
    pub iat: i64,
    #[serde(rename = "https://stytch.com/session")]
    pub session: SessionIdClaim,
    #[serde(rename = "https://stytch.com/organization")]
    pub organization: OrganizationIdClaim,
}

#[derive(Debug, Clone, Deserialize)]
pub struct SessionIdClaim {
    pub id: MemberSessionId,
    pub version: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct OrganizationIdClaim {
    pub organization_id: OrganizationId,
}

/// One factor as clients see it, in JWTs and in answers; one detail object is set.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AuthenticationFactor {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub delivery_method: &'static str,
    #[serde(serialize_with = "rfc_3339")]
    pub last_authenticated_at: Timestamp,
    #[serde(serialize_with = "rfc_3339")]
    pub created_at: Timestamp,
    #[serde(serialize_with = "rfc_3339")]
    pub updated_at: Timestamp,
    /// None for imported sessions, of which nothing more is known.
    #[serde(flatten)]
    pub detail: Option<Detail>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub enum Detail {
    #[serde(rename = "email_factor")]
    Email { email_id: String, email_address: String },
    #[serde(rename = "phone_number_factor")]
    PhoneNumber { phone_id: String, phone_number: String },
    #[serde(rename = "authenticator_app_factor")]
    AuthenticatorApp { totp_id: String },
    #[serde(rename = "recovery_code_factor")]
    RecoveryCode { totp_recovery_code_id: String },
    #[serde(rename = "trusted_auth_token_factor")]
    TrustedAuthToken { token_id: String },
    #[serde(rename = "impersonated_factor")]
    Impersonated { impersonator_id: String, impersonator_email_address: String },
}

/// The issuer that every official client accepts.
pub fn issuer(project: &ProjectId) -> String {
    format!("stytch.com/{project}")
}

impl SessionClaims {
    pub fn new(session: &Session, member: &Member, organization: &Organization, now: Timestamp) -> Self {
        Self {
            iss: issuer(&session.project_id),
            aud: [session.project_id.clone()],
            sub: session.member_id.clone(),
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: now.plus(LIFETIME).seconds(),
            session: SessionClaim {
                id: session.member_session_id.clone(),
                version: session.version().to_owned(),
                started_at: session.started_at,
                last_accessed_at: session.last_accessed_at,
                expires_at: session.expires_at,
                attributes: Attributes::default(),
                authentication_factors: session.bag.iter().map(AuthenticationFactor::from).collect(),
                roles: held::effective(member, organization),
            },
            organization: OrganizationClaim {
                organization_id: organization.organization_id.clone(),
                slug: organization.slug.clone(),
            },
            custom: session.custom_claims.in_jwt(),
        }
    }
}

impl From<&Proven> for AuthenticationFactor {
    fn from(proven: &Proven) -> Self {
        let (kind, delivery_method) = methods(&proven.factor);
        Self {
            kind,
            delivery_method,
            last_authenticated_at: proven.last_at,
            created_at: proven.first_at,
            updated_at: proven.last_at,
            detail: detail(&proven.factor),
        }
    }
}

/// Type and delivery method, as the clients name them.
fn methods(factor: &Factor) -> (&'static str, &'static str) {
    match factor {
        Factor::MagicLink { .. } => ("magic_link", "email"),
        Factor::EmailOtp { .. } => ("email_otp", "email"),
        Factor::Password { .. } => ("password", "knowledge"),
        Factor::SmsOtp { .. } => ("otp", "sms"),
        Factor::Totp { .. } => ("totp", "authenticator_app"),
        Factor::RecoveryCode { .. } => ("recovery_codes", "recovery_code"),
        Factor::TrustedAuthToken { .. } => ("trusted_auth_token", "trusted_token_exchange"),
        Factor::Imported => ("imported", "imported_auth0"),
        Factor::Impersonated { .. } => ("impersonated", "impersonation"),
    }
}

fn detail(factor: &Factor) -> Option<Detail> {
    Some(match factor {
        Factor::MagicLink { email_id, email_address }
        | Factor::EmailOtp { email_id, email_address }
        | Factor::Password { email_id, email_address, .. } => {
            Detail::Email { email_id: email_id.to_string(), email_address: email_address.to_string() }
        }
        Factor::SmsOtp { phone_id, phone_number } => {
            Detail::PhoneNumber { phone_id: phone_id.to_string(), phone_number: phone_number.to_string() }
        }
        Factor::Totp { totp_registration_id } => {
            Detail::AuthenticatorApp { totp_id: totp_registration_id.to_string() }
        }
        Factor::RecoveryCode { recovery_code_id, .. } => {
            Detail::RecoveryCode { totp_recovery_code_id: recovery_code_id.to_string() }
        }
        Factor::TrustedAuthToken { token_id } => Detail::TrustedAuthToken { token_id: token_id.clone() },
        Factor::Imported => return None,
        Factor::Impersonated { impersonator_id, impersonator_email_address } => Detail::Impersonated {
            impersonator_id: impersonator_id.clone(),
            impersonator_email_address: impersonator_email_address.to_string(),
        },
    })
}

/// Serializes a timestamp as RFC 3339.
pub fn rfc_3339<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}
