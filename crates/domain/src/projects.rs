//! Projects: one product of one operator, with its settings.

pub mod document;
pub mod impersonation;
pub mod sdk;
pub mod setting;
pub mod sms;

use crate::{
    Timestamp,
    id::{ProjectId, PublicToken},
    locale::Locale,
    locks::LockPolicy,
    m2m::claims_template::ClaimsTemplate,
    operator_url::OperatorUrl,
    passwords::strength::StrengthPolicy,
    phone::Country,
    redirect_url::RedirectUrl,
    sessions::SessionRules,
    webotp::Host,
};
use impersonation::ImpersonationRules;
pub use sdk::SdkSettings;
use serde::{Deserialize, Serialize};
use sms::SmsRules;
use std::{fmt, str::FromStr};

/// Whether a project is for trying or for real.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    Test,
    Live,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    pub project_id: ProjectId,
    pub name: String,
    pub environment: Environment,
    pub public_token: PublicToken,
    pub settings: ProjectSettings,
    /// Whether anybody is told what happens; else nothing is queued.
    pub has_webhooks: bool,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProjectSettings {
    /// Registered login URLs; the first is the default.
    pub login_redirect_urls: Vec<RedirectUrl>,
    /// Registered signup URLs; the first is the default.
    pub signup_redirect_urls: Vec<RedirectUrl>,
    /// Registered URLs for password resets; the first is the default.
    pub reset_password_redirect_urls: Vec<RedirectUrl>,
    /// Registered invite URLs; the first is the default.
    pub invite_redirect_urls: Vec<RedirectUrl>,
    /// Registered discovery URLs; the first is the default.
    pub discovery_redirect_urls: Vec<RedirectUrl>,
    /// None until the operator allows some.
    pub sms_countries: SmsCountries,
    pub sms: SmsRules,
    /// Whose pages may read codes out of texts (WebOTP).
    pub webotp_host: Option<Host>,
    /// Of notices, for which nobody names a language.
    pub mail_locale: Locale,
    pub password_policy: StrengthPolicy,
    /// Whether one password serves an address in every organization.
    pub cross_organization_passwords: bool,
    /// What is asked of passwords beyond that, when they are set and when they are used.
    pub password_checks: PasswordChecks,
    pub lock: LockPolicy,
    /// Whether recovery codes can be read back by the project secret (decision 26).
    pub recovery_codes_readable: bool,
    /// What the access tokens of clients carry beside our claims.
    pub m2m_claims_template: ClaimsTemplate,
    pub sessions: SessionRules,
    /// Where sessions of the system the project came from are looked up.
    pub migration_userinfo_url: Option<OperatorUrl>,
    pub impersonation: ImpersonationRules,
    pub sdk: SdkSettings,
}

/// Which checks a password passes. Breaches are known only where the operator
/// configured a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordChecks {
    /// A new password may not be known from a breach.
    pub breaches_on_create: bool,
    /// A right password that is known from a breach must be reset.
    pub breaches_on_authentication: bool,
    /// A right password that is too weak by now must be reset.
    pub strength_on_authentication: bool,
}

impl Default for PasswordChecks {
    fn default() -> Self {
        Self { breaches_on_create: true, breaches_on_authentication: true, strength_on_authentication: false }
    }
}

/// Where text messages may go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmsCountries {
    Listed(Vec<Country>),
    Everywhere,
}

impl Default for ProjectSettings {
    fn default() -> Self {
        Self {
            login_redirect_urls: Vec::new(),
            signup_redirect_urls: Vec::new(),
            reset_password_redirect_urls: Vec::new(),
            invite_redirect_urls: Vec::new(),
            discovery_redirect_urls: Vec::new(),
            sms_countries: SmsCountries::Listed(Vec::new()),
            sms: SmsRules::default(),
            webotp_host: None,
            mail_locale: Locale::default(),
            password_policy: StrengthPolicy::Zxcvbn,
            cross_organization_passwords: false,
            password_checks: PasswordChecks::default(),
            lock: LockPolicy::default(),
            recovery_codes_readable: true,
            m2m_claims_template: ClaimsTemplate::default(),
            sessions: SessionRules::default(),
            migration_userinfo_url: None,
            impersonation: ImpersonationRules::default(),
            sdk: SdkSettings::default(),
        }
    }
}

impl SmsCountries {
    /// Numbers of no country are never texted from a list.
    pub fn allow(&self, country: Option<Country>) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Listed(listed) => country.is_some_and(|it| listed.contains(&it)),
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Test => "test",
            Self::Live => "live",
        })
    }
}

impl FromStr for Environment {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "test" => Ok(Self::Test),
            "live" => Ok(Self::Live),
            _ => Err("an environment is test or live"),
        }
    }
}
