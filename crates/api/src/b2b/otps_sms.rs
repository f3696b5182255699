//! `/v1/b2b/otps/sms`: passcodes sent by text message.

use super::{
    fields::{Shown, Wished, locale, phone},
    objects::{MemberResponse, MfaLoginResponse},
};
use crate::{
    endpoint::{Routes, Shows},
    error::Result,
};
use axum::http::Method;
use domain::{Refusal, factors::sms_otp::Passcode};
use flows::{
    Call,
    factors::{
        completion::{self, Attempt, Evidence, SetEnrollment},
        sms_otp,
    },
};
use schemars::JsonSchema;
use serde::Deserialize;

pub fn routes() -> Routes {
    Routes::new().post("/v1/b2b/otps/sms/send", send).post("/v1/b2b/otps/sms/authenticate", authenticate)
}

/// As pages call them.
pub fn of_pages() -> Routes {
    Routes::new()
        .page(Method::POST, "/sdk/v1/b2b/otps/sms/send", send)
        .shows(Shows::Either)
        .page(Method::POST, "/sdk/v1/b2b/otps/sms/authenticate", authenticate)
        .shows(Shows::Either)
}

/// Texts a passcode to a member's phone.
#[derive(Deserialize, JsonSchema)]
struct SendRequest {
    organization_id: String,
    member_id: String,
    #[schemars(with = "Option<domain::phone::PhoneNumber>")]
    mfa_phone_number: Option<String>,
    #[schemars(with = "Option<domain::locale::Locale>")]
    locale: Option<String>,
    #[serde(flatten)]
    shown: Shown,
}

async fn send(mut call: Call, request: SendRequest) -> Result<MemberResponse> {
    let wanted = sms_otp::Send {
        organization: request.organization_id,
        member: request.member_id,
        phone_number: phone(request.mfa_phone_number)?,
        locale: locale(request.locale)?,
        credentials: request.shown.into(),
    };
    let (tenant, member) = sms_otp::send(&mut call, wanted).await?;
    Ok(MemberResponse::new(&member, &tenant, call.now))
}

/// Checks a passcode that was sent to a member's phone, and completes the login.
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
        evidence: Evidence::SmsOtp(Passcode::parse(&request.code)?),
        wishes: request.wished.parse()?,
        set_enrollment: request.enrollment.set()?,
        set_default: request.enrollment.set_default_mfa.unwrap_or(false),
    };
    let completed = completion::complete(&mut call, attempt).await?;
    MfaLoginResponse::new(&mut call, completed).await
}

/// What a second factor can change about the member; SMS and TOTP share it.
#[derive(Deserialize, JsonSchema)]
pub(super) struct Enrollment {
    #[schemars(extend("enum" = ["enroll", "unenroll", null]))]
    set_mfa_enrollment: Option<String>,
    pub set_default_mfa: Option<bool>,
}

impl Enrollment {
    pub fn set(&self) -> Result<Option<SetEnrollment>> {
        match self.set_mfa_enrollment.as_deref() {
            None | Some("") => Ok(None),
            Some("enroll") => Ok(Some(SetEnrollment::Enroll)),
            Some("unenroll") => Ok(Some(SetEnrollment::Unenroll)),
            Some(_) => {
                let reason = "it is enroll or unenroll";
                Err(Refusal::InvalidArgument { field: "set_mfa_enrollment", reason }.into())
            }
        }
    }
}
