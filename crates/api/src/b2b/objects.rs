//! The objects that answers share. Each conversion destructures its source,
//! so that a new field does not compile until it is decided.

mod discovery;
mod member;
mod organization;
mod sent;

pub use discovery::{DiscoveredOrganization, DiscoveryResponse};
pub use member::Member;
pub use organization::Organization;
pub use sent::{Accepted, SentResponse};

use crate::error::Result;
use domain::{
    Timestamp,
    id::{MemberId, MemberSessionId, OrganizationId},
    jwt_claims::{AuthenticationFactor, rfc_3339},
    login_policy::PrimaryMethod,
    mfa::Methods,
    rbac::held,
    roles::RoleId,
    sessions,
};
use flows::{
    Call,
    factors::completion::Completed,
    login::{Progress, Waiting},
    primary::Login,
    sessions::tokens,
};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use store::Tenant;

#[derive(Serialize, JsonSchema)]
pub struct MemberSession {
    member_session_id: MemberSessionId,
    member_id: MemberId,
    #[serde(serialize_with = "rfc_3339")]
    started_at: Timestamp,
    #[serde(serialize_with = "rfc_3339")]
    last_accessed_at: Timestamp,
    #[serde(serialize_with = "rfc_3339")]
    expires_at: Timestamp,
    authentication_factors: Vec<AuthenticationFactor>,
    organization_id: OrganizationId,
    roles: Vec<RoleId>,
    organization_slug: String,
    custom_claims: Map<String, Value>,
}

/// A member or organization on its own, as most management routes answer.
#[derive(Serialize, JsonSchema)]
pub struct MemberResponse {
    pub member_id: MemberId,
    pub member: Member,
    pub organization: Organization,
}

/// What most primary logins answer with: the organization is named once more.
#[derive(Serialize, JsonSchema)]
pub struct NamedLoginResponse {
    organization_id: OrganizationId,
    #[serde(flatten)]
    login: LoginResponse,
}

/// What every login answers with; the three outcomes differ in what is filled.
#[derive(Serialize, JsonSchema)]
pub struct LoginResponse {
    pub member_id: MemberId,
    pub member: Member,
    pub organization: Organization,
    pub session_token: String,
    pub session_jwt: String,
    pub member_session: Option<MemberSession>,
    pub member_authenticated: bool,
    pub intermediate_session_token: String,
    #[serde(serialize_with = "optional_rfc_3339")]
    pub intermediate_session_token_expires_at: Option<Timestamp>,
    pub mfa_required: Option<MfaRequired>,
    pub primary_required: Option<PrimaryRequired>,
    pub member_device: Option<()>,
}

/// What every second factor answers with: success always means a full session.
#[derive(Serialize, JsonSchema)]
pub struct MfaLoginResponse {
    pub member_id: MemberId,
    pub member: Member,
    pub organization: Organization,
    pub session_token: String,
    pub session_jwt: String,
    pub member_session: MemberSession,
    pub member_device: Option<()>,
}

#[derive(Serialize, JsonSchema)]
pub struct MfaRequired {
    member_options: Option<MemberOptions>,
    secondary_auth_initiated: Option<&'static str>,
}

#[derive(Serialize, JsonSchema)]
pub struct MemberOptions {
    mfa_phone_number: String,
    totp_registration_id: String,
}

#[derive(Serialize, JsonSchema)]
pub struct PrimaryRequired {
    allowed_auth_methods: Vec<PrimaryMethod>,
}

impl MemberSession {
    pub fn new(session: &sessions::Session, member: &domain::members::Member, tenant: &Tenant) -> Self {
        let sessions::Session {
            member_session_id,
            project_id: _,
            organization_id,
            member_id,
            token_digest: _,
            token_seed: _,
            bag,
            custom_claims,
            started_at,
            last_accessed_at,
            expires_at,
        } = session;
        Self {
            member_session_id: member_session_id.clone(),
            member_id: member_id.clone(),
            started_at: *started_at,
            last_accessed_at: *last_accessed_at,
            expires_at: *expires_at,
            authentication_factors: bag.iter().map(AuthenticationFactor::from).collect(),
            organization_id: organization_id.clone(),
            roles: held::effective(member, tenant.organization()),
            organization_slug: tenant.organization().slug.to_string(),
            custom_claims: custom_claims.as_map().clone(),
        }
    }
}

impl MemberResponse {
    pub fn new(member: &domain::members::Member, tenant: &Tenant, now: Timestamp) -> Self {
        Self {
            member_id: member.member_id.clone(),
            member: Member::new(member, tenant, now),
            organization: tenant.organization().into(),
        }
    }
}

impl NamedLoginResponse {
    pub async fn new(call: &mut Call, login: Login) -> Result<Self> {
        let organization_id = login.tenant.organization_id().clone();
        Ok(Self { organization_id, login: LoginResponse::new(call, login).await? })
    }
}

impl LoginResponse {
    pub async fn new(call: &mut Call, login: Login) -> Result<Self> {
        let Login { tenant, member, progress, texted } = login;
        let blank = Self {
            member_id: member.member_id.clone(),
            member: Member::new(&member, &tenant, call.now),
            organization: tenant.organization().into(),
            session_token: String::new(),
            session_jwt: String::new(),
            member_session: None,
            member_authenticated: false,
            intermediate_session_token: String::new(),
            intermediate_session_token_expires_at: None,
            mfa_required: None,
            primary_required: None,
            member_device: None,
        };
        Ok(match progress {
            Progress::Inside(session) => {
                let (token, jwt) = tokens(call, &session, &member, &tenant).await?;
                Self {
                    session_token: token.expose().to_owned(),
                    session_jwt: jwt,
                    member_session: Some(MemberSession::new(&session, &member, &tenant)),
                    member_authenticated: true,
                    ..blank
                }
            }
            Progress::Waiting(waiting) => blank.waiting(&member, waiting, texted),
        })
    }

    fn waiting(self, member: &domain::members::Member, waiting: Waiting, texted: bool) -> Self {
        let Waiting { token, expires_at, primary_required, second_required, text: _ } = waiting;
        Self {
            intermediate_session_token: token.expose().to_owned(),
            intermediate_session_token_expires_at: Some(expires_at),
            mfa_required: second_required.map(|usable| MfaRequired::new(member, usable, texted)),
            primary_required: primary_required
                .map(|allowed_auth_methods| PrimaryRequired { allowed_auth_methods }),
            ..self
        }
    }
}

impl MfaRequired {
    fn new(member: &domain::members::Member, usable: Methods, texted: bool) -> Self {
        let phone = member.phone_number.as_ref().filter(|_| usable.sms_otp);
        let totp = member.totp_registration_id.as_ref().filter(|_| usable.totp);
        let options = MemberOptions {
            mfa_phone_number: phone.map(ToString::to_string).unwrap_or_default(),
            totp_registration_id: totp.map(ToString::to_string).unwrap_or_default(),
        };
        Self {
            member_options: (!usable.is_empty()).then_some(options),
            secondary_auth_initiated: texted.then_some("sms_otp"),
        }
    }
}

impl MfaLoginResponse {
    pub async fn new(call: &mut Call, completed: Completed) -> Result<Self> {
        let Completed { tenant, member, session } = completed;
        let (token, jwt) = tokens(call, &session, &member, &tenant).await?;
        Ok(Self {
            member_id: member.member_id.clone(),
            member: Member::new(&member, &tenant, call.now),
            organization: tenant.organization().into(),
            session_token: token.expose().to_owned(),
            session_jwt: jwt,
            member_session: MemberSession::new(&session, &member, &tenant),
            member_device: None,
        })
    }
}

#[expect(clippy::ref_option, reason = "serde hands fields over so")]
pub fn optional_rfc_3339<S: Serializer>(
    at: &Option<Timestamp>,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    match at {
        Some(at) => serializer.collect_str(at),
        None => serializer.serialize_none(),
    }
}
