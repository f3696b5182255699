//! `/v1/b2b/totp`: authenticator apps.

use super::{
    fields::{Shown, Wished},
    objects::{Member, MfaLoginResponse, Organization},
    otps_sms::Enrollment,
};
use crate::{
    endpoint::{Routes, Shows},
    error::Result,
};
use axum::http::Method;
use domain::{
    factors::{
        recovery_codes::RecoveryCode,
        totp::{TotpCode, TotpSecret},
    },
    id::{MemberId, TotpRegistrationId},
};
use flows::{
    Call,
    factors::{
        completion::{self, Attempt, Evidence},
        totp::{self, Create, Created, Migrate},
    },
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Routes {
    Routes::new()
        .post("/v1/b2b/totp", create)
        .post("/v1/b2b/totp/authenticate", authenticate)
        .post("/v1/b2b/totp/migrate", migrate)
}

/// As pages call them.
pub fn of_pages() -> Routes {
    Routes::new()
        .page(Method::POST, "/sdk/v1/b2b/totp", create)
        .shows(Shows::Either)
        .page(Method::POST, "/sdk/v1/b2b/totp/authenticate", authenticate)
        .shows(Shows::Either)
}

/// Begins the registration of an authenticator app.
#[derive(Deserialize, JsonSchema)]
struct CreateRequest {
    organization_id: String,
    member_id: String,
    #[schemars(range(min = 5, max = 1440))]
    expiration_minutes: Option<i64>,
    #[serde(flatten)]
    shown: Shown,
}

/// The secret is shown here and nowhere else.
#[derive(Serialize, JsonSchema)]
struct CreateResponse {
    member_id: MemberId,
    totp_registration_id: TotpRegistrationId,
    secret: String,
    qr_code: String,
    recovery_codes: Vec<String>,
    member: Member,
    organization: Organization,
}

async fn create(mut call: Call, request: CreateRequest) -> Result<CreateResponse> {
    let wanted = Create {
        organization: request.organization_id,
        member: request.member_id,
        expiration_minutes: request.expiration_minutes,
        credentials: request.shown.into(),
    };
    let Created { tenant, member, registration, secret, recovery_codes } =
        totp::create(&mut call, wanted).await?;
    Ok(CreateResponse {
        member_id: member.member_id.clone(),
        totp_registration_id: registration,
        secret: secret.expose_base32(),
        qr_code: secret.qr_code(&call.project.name, &member.email_address),
        recovery_codes: shown(&recovery_codes),
        member: Member::new(&member, &tenant, call.now),
        organization: tenant.organization().into(),
    })
}

/// Checks a code of the app, confirms a pending registration, and completes the login.
#[derive(Deserialize, JsonSchema)]
struct AuthenticateRequest {
    organization_id: String,
    member_id: String,
    #[schemars(regex(pattern = r"^[0-9]{6}$"))]
    code: String,
    #[serde(flatten)]
    shown: Shown,
    #[serde(flatten)]
    wished: Wished,
    #[serde(flatten)]
    enrollment: Enrollment,
}

async fn authenticate(mut call: Call, request: AuthenticateRequest) -> Result<MfaLoginResponse> {
    let attempt = Attempt {
        organization: request.organization_id,
        member: request.member_id,
        credentials: request.shown.into(),
        evidence: Evidence::Totp(TotpCode::parse(&request.code)?),
        wishes: request.wished.parse()?,
        set_enrollment: request.enrollment.set()?,
        set_default: request.enrollment.set_default_mfa.unwrap_or(false),
    };
    let completed = completion::complete(&mut call, attempt).await?;
    MfaLoginResponse::new(&mut call, completed).await
}

/// Imports an authenticator app from another system.
#[derive(Deserialize, JsonSchema)]
struct MigrateRequest {
    organization_id: String,
    member_id: String,
    secret: String,
    #[serde(default)]
    recovery_codes: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct MigrateResponse {
    member_id: MemberId,
    totp_registration_id: TotpRegistrationId,
    recovery_codes: Vec<String>,
    member: Member,
    organization: Organization,
}

async fn migrate(mut call: Call, request: MigrateRequest) -> Result<MigrateResponse> {
    let codes: std::result::Result<Vec<_>, _> =
        request.recovery_codes.iter().take(MOST_CODES + 1).map(|it| RecoveryCode::parse(it)).collect();
    let codes = codes?;
    if codes.len() > MOST_CODES {
        let reason = "at most 100 recovery codes can be imported";
        return Err(domain::Refusal::InvalidArgument { field: "recovery_codes", reason }.into());
    }
    let wanted = Migrate {
        organization: request.organization_id,
        member: request.member_id,
        secret: TotpSecret::parse(&request.secret)?,
        recovery_codes: codes,
    };
    let Created { tenant, member, registration, secret: _, recovery_codes } =
        totp::migrate(&mut call, wanted).await?;
    Ok(MigrateResponse {
        member_id: member.member_id.clone(),
        totp_registration_id: registration,
        recovery_codes: shown(&recovery_codes),
        member: Member::new(&member, &tenant, call.now),
        organization: tenant.organization().into(),
    })
}

const MOST_CODES: usize = 100;

fn shown(codes: &[RecoveryCode]) -> Vec<String> {
    codes.iter().map(|it| it.expose().to_owned()).collect()
}
