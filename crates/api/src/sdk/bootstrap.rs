//! How a project is set up, as far as its pages may know.

use crate::{endpoint::Routes, error::Result};
use axum::http::Method;
use domain::{Refusal, passwords::strength::StrengthPolicy, rbac::Policy};
use flows::{Call, rbac};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Routes {
    Routes::new().page(Method::GET, "/sdk/v1/projects/bootstrap/{public_token}", bootstrap)
}

/// Names the project once more.
#[derive(Deserialize, JsonSchema)]
struct BootstrapRequest {
    public_token: String,
}

/// The SDK reads every field and survives the lack of none.
#[derive(Serialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "the shape of the wire")]
struct BootstrapResponse {
    project_name: String,
    vertical: &'static str,
    captcha_settings: Captcha,
    password_config: Option<Luds>,
    email_domains: Vec<String>,
    cname_domain: Option<()>,
    pkce_required_for_email_magic_links: bool,
    pkce_required_for_password_resets: bool,
    pkce_required_for_oauth: bool,
    pkce_required_for_sso: bool,
    create_organization_enabled: bool,
    slug_pattern: Option<String>,
    disable_sdk_watermark: bool,
    dfp_protected_auth_enabled: bool,
    siwe_required_for_crypto_wallets: bool,
    rbac_policy: Policy,
}

#[derive(Serialize, JsonSchema)]
struct Captcha {
    enabled: bool,
}

#[derive(Serialize, JsonSchema)]
struct Luds {
    luds_complexity: u32,
    luds_minimum_count: u32,
}

async fn bootstrap(call: Call, request: BootstrapRequest) -> Result<BootstrapResponse> {
    if request.public_token != call.project.public_token.to_string() {
        return Err(Refusal::UnauthorizedCredentials.into());
    }
    let settings = &call.project.settings;
    Ok(BootstrapResponse {
        project_name: call.project.name.clone(),
        vertical: "B2B",
        captcha_settings: Captcha { enabled: false },
        password_config: luds(settings.password_policy),
        email_domains: call.app.mailer.sender_domain().into_iter().collect(),
        cname_domain: None,
        pkce_required_for_email_magic_links: true,
        pkce_required_for_password_resets: true,
        pkce_required_for_oauth: true,
        pkce_required_for_sso: true,
        create_organization_enabled: settings.sdk.creates_organizations,
        slug_pattern: None,
        disable_sdk_watermark: true,
        dfp_protected_auth_enabled: false,
        siwe_required_for_crypto_wallets: false,
        rbac_policy: rbac::of_project(&call).await?,
    })
}

fn luds(policy: StrengthPolicy) -> Option<Luds> {
    match policy {
        StrengthPolicy::Zxcvbn => None,
        StrengthPolicy::Luds { minimum_length, minimum_complexity } => {
            Some(Luds { luds_complexity: minimum_complexity, luds_minimum_count: minimum_length })
        }
    }
}
