//! The sections of the document.

use super::texts;
use crate::{
    locks::LockPolicy,
    m2m::claims_template::ClaimsTemplate,
    passwords::strength::StrengthPolicy,
    projects::{PasswordChecks, ProjectSettings, SdkSettings, impersonation::ImpersonationRules},
    sessions::SessionRules,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Where mailed links may lead; the first of each is the default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RedirectUrls {
    pub login: Vec<String>,
    pub signup: Vec<String>,
    pub reset_password: Vec<String>,
    pub invite: Vec<String>,
    pub discovery: Vec<String>,
}

/// Which checks a password passes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Checks {
    pub breaches_on_create: bool,
    pub breaches_on_authentication: bool,
    pub strength_on_authentication: bool,
}

/// How long sessions last at most and how many a member has; where those of another system are looked up, if anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Sessions {
    #[schemars(range(min = 5, max = 527_040))]
    pub longest_minutes: u32,
    #[schemars(range(min = 1, max = 10_000))]
    pub limit_per_member: u32,
    /// Empty for none.
    pub migration_userinfo_url: String,
}

/// Whether the operator may act in a member's name, where not, and whether the member is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Impersonation {
    pub allowed: bool,
    pub forbidden_organizations: Vec<String>,
    pub notice: bool,
}

/// What is asked of new passwords. The minima are of `luds` alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "policy", rename_all = "snake_case", deny_unknown_fields)]
pub enum Passwords {
    Zxcvbn {},
    Luds {
        #[schemars(range(min = 8, max = 32))]
        minimum_length: u32,
        #[schemars(range(min = 1, max = 4))]
        minimum_complexity: u32,
    },
}

/// Whether one password serves an address in every organization. It cannot change while there are passwords.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordScope {
    pub cross_organization: bool,
}

/// What the access tokens of machine clients carry beside the claims of ours.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct M2m {
    /// Claims by name; texts may hold `{{ client.trusted_metadata.plan }}` and the like.
    pub claims_template: Map<String, Value>,
}

/// When guesses lock a member, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Lock {
    #[schemars(range(min = 1, max = 100))]
    pub threshold: u32,
    #[schemars(range(min = 5, max = 10_080))]
    pub minutes: u32,
}

/// The language of what is mailed unasked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MailWords {
    /// As requests name languages: `en`, `pt-br`, `de-DE`.
    pub locale: String,
}

/// Whether recovery codes can be read back with the project secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RecoveryCodes {
    pub readable: bool,
}

/// Whether browsers may call with the public token, and from pages of which origins.
#[expect(clippy::struct_excessive_bools, reason = "switches that are thrown one by one")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Sdk {
    pub enabled: bool,
    pub origins: Vec<String>,
    pub creates_organizations: bool,
    pub looks_up_members: bool,
    pub manages: bool,
    /// A domain that the pages and this server share; empty for cookies that pages keep themselves.
    pub cookie_domain: String,
}

impl Default for Sdk {
    fn default() -> Self {
        Self::of(&SdkSettings::default())
    }
}

impl Sdk {
    pub(super) fn of(settings: &SdkSettings) -> Self {
        let SdkSettings { enabled, origins, creates_organizations, looks_up_members, manages, cookie_domain } =
            settings;
        Self {
            enabled: *enabled,
            origins: super::texts(origins),
            creates_organizations: *creates_organizations,
            looks_up_members: *looks_up_members,
            manages: *manages,
            cookie_domain: cookie_domain.as_ref().map(ToString::to_string).unwrap_or_default(),
        }
    }
}

impl Passwords {
    pub(super) fn of(policy: StrengthPolicy) -> Self {
        match policy {
            StrengthPolicy::Zxcvbn => Self::Zxcvbn {},
            StrengthPolicy::Luds { minimum_length, minimum_complexity } => {
                Self::Luds { minimum_length, minimum_complexity }
            }
        }
    }
}

impl Checks {
    pub(super) fn of(checks: PasswordChecks) -> Self {
        let PasswordChecks { breaches_on_create, breaches_on_authentication, strength_on_authentication } =
            checks;
        Self { breaches_on_create, breaches_on_authentication, strength_on_authentication }
    }
}

impl M2m {
    pub(super) fn of(template: &ClaimsTemplate) -> Self {
        let claims = serde_json::from_str(&template.to_string()).unwrap_or_default();
        Self { claims_template: claims }
    }
}

impl Default for Checks {
    fn default() -> Self {
        Self::of(PasswordChecks::default())
    }
}

impl Sessions {
    pub(super) fn of(rules: SessionRules) -> Self {
        let SessionRules { longest_minutes, limit_per_member } = rules;
        Self { longest_minutes, limit_per_member, migration_userinfo_url: String::new() }
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self::of(SessionRules::default())
    }
}

impl Impersonation {
    pub(super) fn of(rules: &ImpersonationRules) -> Self {
        let ImpersonationRules { allowed, forbidden_organizations, notice } = rules;
        Self { allowed: *allowed, forbidden_organizations: texts(forbidden_organizations), notice: *notice }
    }
}

impl Default for Impersonation {
    fn default() -> Self {
        Self::of(&ImpersonationRules::default())
    }
}

impl Lock {
    pub(super) fn of(LockPolicy { threshold, minutes }: LockPolicy) -> Self {
        Self { threshold, minutes }
    }
}

impl Default for Lock {
    fn default() -> Self {
        Self::of(LockPolicy::default())
    }
}

impl Default for MailWords {
    fn default() -> Self {
        Self { locale: ProjectSettings::default().mail_locale.to_string() }
    }
}

impl Default for RecoveryCodes {
    fn default() -> Self {
        Self { readable: ProjectSettings::default().recovery_codes_readable }
    }
}
