//! The settings of a project as one document, in TOML or JSON.
//!
//! A section that is absent is left alone; one that is present is exactly what
//! the document says, and a key that it leaves out has its default.

mod change;

pub use change::Change;

use super::{
    Environment, ProjectSettings, SdkSettings, SmsCountries,
    setting::{SettingError, countries, limits, lock, luds, origins, urls},
};
use crate::{locks::LockPolicy, passwords::strength::StrengthPolicy, rbac::Policy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Everything an operator sets for a project.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProjectDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_urls: Option<RedirectUrls>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passwords: Option<Passwords>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<Lock>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sms: Option<Sms>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_codes: Option<RecoveryCodes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sdk: Option<Sdk>,
    /// Roles, resources and scopes beside the built-in ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rbac: Option<Policy>,
}

/// Where mailed links may lead; the first of each is the default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RedirectUrls {
    pub login: Vec<String>,
    pub signup: Vec<String>,
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

/// When guesses lock a member, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Lock {
    #[schemars(range(min = 1, max = 100))]
    pub threshold: u32,
    #[schemars(range(min = 5, max = 10_080))]
    pub minutes: u32,
}

/// Where text messages may go: two-letter country codes, or `*` alone for everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Sms {
    pub countries: Vec<String>,
}

/// Whether recovery codes can be read back with the project secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RecoveryCodes {
    pub readable: bool,
}

/// Whether browsers may call with the public token, and from pages of which origins.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Sdk {
    pub enabled: bool,
    pub origins: Vec<String>,
}

impl ProjectDocument {
    /// Every section, as the settings and the policy in force are. A setting that is added does not
    /// compile until it has its place here.
    pub fn of(settings: &ProjectSettings, policy: Policy) -> Self {
        let ProjectSettings {
            login_redirect_urls,
            signup_redirect_urls,
            sms_countries,
            password_policy,
            lock,
            recovery_codes_readable,
            sdk,
        } = settings;
        let SdkSettings { enabled, origins } = sdk;
        Self {
            redirect_urls: Some(RedirectUrls {
                login: texts(login_redirect_urls),
                signup: texts(signup_redirect_urls),
            }),
            passwords: Some(Passwords::of(*password_policy)),
            lock: Some(Lock::of(*lock)),
            sms: Some(Sms::of(sms_countries)),
            recovery_codes: Some(RecoveryCodes { readable: *recovery_codes_readable }),
            sdk: Some(Sdk { enabled: *enabled, origins: texts(origins) }),
            rbac: Some(policy.own()),
        }
    }

    /// The settings with what the document says in place of what was there; the policy is not one of them.
    ///
    /// # Errors
    /// Names the key that cannot be taken, and says what could.
    pub fn apply(
        &self,
        environment: Environment,
        before: &ProjectSettings,
    ) -> Result<ProjectSettings, SettingError> {
        let mut it = before.clone();
        if let Some(RedirectUrls { login, signup }) = &self.redirect_urls {
            it.login_redirect_urls = urls("redirect_urls.login", environment, login)?;
            it.signup_redirect_urls = urls("redirect_urls.signup", environment, signup)?;
        }
        if let Some(passwords) = &self.passwords {
            it.password_policy = passwords.policy()?;
        }
        if let Some(Lock { threshold, minutes }) = self.lock {
            it.lock = lock(threshold, minutes)?;
        }
        if let Some(Sms { countries: listed }) = &self.sms {
            it.sms_countries = countries("sms.countries", listed)?;
        }
        if let Some(RecoveryCodes { readable }) = self.recovery_codes {
            it.recovery_codes_readable = readable;
        }
        if let Some(Sdk { enabled, origins: listed }) = &self.sdk {
            it.sdk = SdkSettings { enabled: *enabled, origins: origins(environment, listed)? };
        }
        limits(&it)?;
        Ok(it)
    }

    /// What differs, by path, in the order of the paths.
    pub fn diff(before: &Self, after: &Self) -> Vec<Change> {
        change::between(before, after)
    }
}

impl Passwords {
    fn of(policy: StrengthPolicy) -> Self {
        match policy {
            StrengthPolicy::Zxcvbn => Self::Zxcvbn {},
            StrengthPolicy::Luds { minimum_length, minimum_complexity } => {
                Self::Luds { minimum_length, minimum_complexity }
            }
        }
    }

    fn policy(&self) -> Result<StrengthPolicy, SettingError> {
        match *self {
            Self::Zxcvbn {} => Ok(StrengthPolicy::Zxcvbn),
            Self::Luds { minimum_length, minimum_complexity } => {
                luds("passwords", minimum_length, minimum_complexity)
            }
        }
    }
}

impl Lock {
    fn of(LockPolicy { threshold, minutes }: LockPolicy) -> Self {
        Self { threshold, minutes }
    }
}

impl Default for Lock {
    fn default() -> Self {
        Self::of(LockPolicy::default())
    }
}

impl Sms {
    fn of(allowed: &SmsCountries) -> Self {
        Self {
            countries: match allowed {
                SmsCountries::Everywhere => vec!["*".to_owned()],
                SmsCountries::Listed(listed) => texts(listed),
            },
        }
    }
}

impl Default for Sms {
    fn default() -> Self {
        Self::of(&ProjectSettings::default().sms_countries)
    }
}

impl Default for RecoveryCodes {
    fn default() -> Self {
        Self { readable: ProjectSettings::default().recovery_codes_readable }
    }
}

fn texts(items: &[impl ToString]) -> Vec<String> {
    items.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests;
