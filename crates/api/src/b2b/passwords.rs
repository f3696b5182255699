//! `/v1/b2b/passwords`.

mod resets;
mod shared;

use super::{
    fields::{Shown, Wished, email, filled, locale, member_external_id, name, phone},
    objects::{Member, NamedLoginResponse, Organization},
};
use crate::{
    endpoint::{Refused, Routes, Shows, Told},
    error::Result,
};
use axum::http::Method;
use domain::{
    id::MemberId,
    passwords::{
        Password,
        import::{Configs, import},
        strength::{Feedback, Strength, StrengthPolicy},
    },
    roles::assignable,
};
use flows::{
    Call,
    primary::passwords::{self, Authenticate, Rating, migrate as import_flow},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub fn routes() -> Routes {
    Routes::new()
        .post("/v1/b2b/passwords/authenticate", authenticate)
        .post("/v1/b2b/passwords/strength_check", strength_check)
        .post("/v1/b2b/passwords/migrate", migrate)
        .post("/v1/b2b/passwords/email/reset/start", resets::reset_start)
        .post("/v1/b2b/passwords/email/reset", resets::reset)
        .post("/v1/b2b/passwords/existing_password/reset", resets::by_existing)
        .post("/v1/b2b/passwords/session/reset", resets::by_session)
        .post("/v1/b2b/passwords/email/require_reset", shared::require_reset)
        .for_members()
        .post("/v1/b2b/passwords/discovery/authenticate", shared::discovery_authenticate)
        .post("/v1/b2b/passwords/discovery/email/reset/start", shared::discovery_reset_start)
        .post("/v1/b2b/passwords/discovery/email/reset", shared::discovery_reset)
}

/// As pages call them.
pub fn of_pages() -> Routes {
    let alike = Told::Alike(Refused::Credentials);
    Routes::new()
        .page(Method::POST, "/sdk/v1/b2b/passwords/authenticate", authenticate)
        .shows(Shows::Progress)
        .told(alike)
        .page(Method::POST, "/sdk/v1/b2b/passwords/strength_check", strength_check)
        .page(Method::POST, "/sdk/v1/b2b/passwords/email/reset/start", resets::reset_start)
        .told(Told::Nothing)
        .page(Method::POST, "/sdk/v1/b2b/passwords/email/reset", resets::reset)
        .shows(Shows::Progress)
        .page(Method::POST, "/sdk/v1/b2b/passwords/existing_password/reset", resets::by_existing)
        .told(alike)
        .page(Method::POST, "/sdk/v1/b2b/passwords/session/reset", resets::by_session)
        .shows(Shows::MemberAndSession)
        .page(Method::POST, "/sdk/v1/b2b/passwords/discovery/authenticate", shared::discovery_authenticate)
        .told(alike)
        .page(Method::POST, "/sdk/v1/b2b/passwords/discovery/reset/start", shared::discovery_reset_start)
        .told(Told::Nothing)
        .page(Method::POST, "/sdk/v1/b2b/passwords/discovery/reset", shared::discovery_reset)
}

/// Checks a password and asks the organization's policy.
#[derive(Deserialize, JsonSchema)]
struct AuthenticateRequest {
    organization_id: String,
    #[schemars(with = "domain::email::EmailAddress")]
    email_address: String,
    #[schemars(length(min = 1, max = 1024))]
    password: String,
    #[schemars(with = "Option<domain::locale::Locale>")]
    locale: Option<String>,
    #[serde(flatten)]
    shown: Shown,
    #[serde(flatten)]
    wished: Wished,
}

async fn authenticate(mut call: Call, request: AuthenticateRequest) -> Result<NamedLoginResponse> {
    let wanted = Authenticate {
        organization: request.organization_id,
        email: email(&request.email_address)?,
        password: Password::parse(request.password)?,
        credentials: request.shown.into(),
        wishes: request.wished.parse()?,
        locale: locale(request.locale)?,
    };
    let login = passwords::authenticate(&mut call, wanted).await?;
    NamedLoginResponse::new(&mut call, login).await
}

/// Rates a password; changes nothing.
#[derive(Deserialize, JsonSchema)]
struct StrengthCheckRequest {
    #[schemars(length(min = 1, max = 1024))]
    password: String,
    #[schemars(with = "Option<domain::email::EmailAddress>")]
    email_address: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct StrengthCheckResponse {
    valid_password: bool,
    score: u8,
    breached_password: bool,
    strength_policy: &'static str,
    breach_detection_on_create: bool,
    luds_feedback: Option<LudsFeedback>,
    zxcvbn_feedback: Option<ZxcvbnFeedback>,
}

#[derive(Serialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "the shape of the wire")]
struct LudsFeedback {
    has_lower_case: bool,
    has_upper_case: bool,
    has_digit: bool,
    has_symbol: bool,
    missing_complexity: u32,
    missing_characters: u32,
}

#[derive(Serialize, JsonSchema)]
struct ZxcvbnFeedback {
    warning: String,
    suggestions: Vec<String>,
}

async fn strength_check(call: Call, request: StrengthCheckRequest) -> Result<StrengthCheckResponse> {
    let password = Password::parse(request.password)?;
    let address = filled(request.email_address).map(|it| email(&it)).transpose()?;
    let Rating { strength, looked_up, breached } = passwords::strength(&call, password, address).await?;
    let Strength { valid, score, feedback } = strength;
    let (luds_feedback, zxcvbn_feedback) = told(feedback);
    Ok(StrengthCheckResponse {
        valid_password: valid && !breached,
        score,
        breached_password: breached,
        strength_policy: match call.project.settings.password_policy {
            StrengthPolicy::Zxcvbn => "zxcvbn",
            StrengthPolicy::Luds { .. } => "luds",
        },
        breach_detection_on_create: looked_up,
        luds_feedback,
        zxcvbn_feedback,
    })
}

fn told(feedback: Feedback) -> (Option<LudsFeedback>, Option<ZxcvbnFeedback>) {
    match feedback {
        Feedback::Zxcvbn { warning, suggestions } => (None, Some(ZxcvbnFeedback { warning, suggestions })),
        Feedback::Luds {
            has_lower_case,
            has_upper_case,
            has_digit,
            has_symbol,
            missing_complexity,
            missing_characters,
        } => {
            let feedback = LudsFeedback {
                has_lower_case,
                has_upper_case,
                has_digit,
                has_symbol,
                missing_complexity,
                missing_characters,
            };
            (Some(feedback), None)
        }
    }
}

/// Imports a password hash; creates the member if the address is new.
#[derive(Deserialize, JsonSchema)]
struct MigrateRequest {
    organization_id: String,
    #[schemars(with = "domain::email::EmailAddress")]
    email_address: String,
    #[schemars(length(max = 1024))]
    hash: String,
    #[schemars(with = "domain::passwords::import::HashType")]
    hash_type: String,
    #[serde(flatten)]
    configs: Configs,
    #[schemars(length(max = 256))]
    name: Option<String>,
    #[schemars(with = "Option<domain::metadata::Metadata>")]
    trusted_metadata: Option<Value>,
    #[schemars(with = "Option<domain::metadata::Metadata>")]
    untrusted_metadata: Option<Value>,
    #[schemars(length(max = 100))]
    roles: Option<Vec<String>>,
    #[schemars(with = "Option<domain::phone::PhoneNumber>")]
    mfa_phone_number: Option<String>,
    set_phone_number_verified: Option<bool>,
    #[schemars(with = "Option<domain::external_id::ExternalId>")]
    external_id: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct MigrateResponse {
    member_id: MemberId,
    member_created: bool,
    member: Member,
    organization: Organization,
}

async fn migrate(mut call: Call, request: MigrateRequest) -> Result<MigrateResponse> {
    let wanted = import_flow::Migrate {
        organization: request.organization_id,
        email: email(&request.email_address)?,
        hash: import(request.hash_type.parse()?, &request.hash, &request.configs)?,
        name: name(request.name)?,
        trusted_metadata: request.trusted_metadata,
        untrusted_metadata: request.untrusted_metadata,
        roles: request.roles.as_deref().map(assignable).transpose()?,
        phone_number: phone(request.mfa_phone_number)?,
        set_phone_number_verified: request.set_phone_number_verified.unwrap_or(false),
        external_id: member_external_id(request.external_id)?,
    };
    let migrated = import_flow::migrate(&mut call, wanted).await?;
    Ok(MigrateResponse {
        member_id: migrated.member.member_id.clone(),
        member_created: migrated.created,
        member: Member::new(&migrated.member, &migrated.tenant, call.now),
        organization: migrated.tenant.organization().into(),
    })
}
