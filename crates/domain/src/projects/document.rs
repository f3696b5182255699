//! The settings of a project as one document, in TOML or JSON.
//!
//! A section that is absent is left alone; one that is present is exactly what
//! the document says, and a key that it leaves out has its default.

mod change;

pub use change::Change;

use super::{
    Environment, PasswordChecks, ProjectSettings, SdkSettings, SmsCountries,
    impersonation::ImpersonationRules, setting::SettingError,
};
use crate::{locks::LockPolicy, passwords::strength::StrengthPolicy, rbac::Policy, sessions::SessionRules};
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
    pub password_checks: Option<Checks>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<Lock>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sms: Option<Sms>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_codes: Option<RecoveryCodes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sessions: Option<Sessions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impersonation: Option<Impersonation>,
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
    pub reset_password: Vec<String>,
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
            reset_password_redirect_urls,
            sms_countries,
            password_policy,
            password_checks,
            lock,
            recovery_codes_readable,
            sessions,
            migration_userinfo_url,
            impersonation,
            sdk,
        } = settings;
        let url = migration_userinfo_url.as_ref().map(ToString::to_string).unwrap_or_default();
        let SdkSettings { enabled, origins } = sdk;
        Self {
            redirect_urls: Some(RedirectUrls {
                login: texts(login_redirect_urls),
                signup: texts(signup_redirect_urls),
                reset_password: texts(reset_password_redirect_urls),
            }),
            passwords: Some(Passwords::of(*password_policy)),
            password_checks: Some(Checks::of(*password_checks)),
            lock: Some(Lock::of(*lock)),
            sms: Some(Sms::of(sms_countries)),
            recovery_codes: Some(RecoveryCodes { readable: *recovery_codes_readable }),
            sessions: Some(Sessions { migration_userinfo_url: url, ..Sessions::of(sessions) }),
            impersonation: Some(Impersonation::of(impersonation)),
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
        for (key, value) in self.written() {
            it.set(environment, key, &value?)?;
        }
        Ok(it)
    }

    /// Every key of the sections that are present, as `project set` takes them.
    fn written(&self) -> Vec<(&'static str, Result<String, SettingError>)> {
        let mut all = Vec::new();
        let list = |key, items: &[String]| (key, joined(key, items));
        let plain = |key, value: &dyn ToString| (key, Ok(value.to_string()));
        if let Some(RedirectUrls { login, signup, reset_password }) = &self.redirect_urls {
            all.push(list("redirect_urls.login", login));
            all.push(list("redirect_urls.signup", signup));
            all.push(list("redirect_urls.reset_password", reset_password));
        }
        match &self.passwords {
            None => {}
            Some(Passwords::Zxcvbn {}) => all.push(plain("password.policy", &"zxcvbn")),
            Some(Passwords::Luds { minimum_length, minimum_complexity }) => {
                all.push(plain("password.luds.minimum_length", minimum_length));
                all.push(plain("password.luds.minimum_complexity", minimum_complexity));
            }
        }
        if let Some(it) = &self.password_checks {
            let Checks { breaches_on_create, breaches_on_authentication, strength_on_authentication } = it;
            all.push(plain("password.breaches.on_create", breaches_on_create));
            all.push(plain("password.breaches.on_authentication", breaches_on_authentication));
            all.push(plain("password.strength.on_authentication", strength_on_authentication));
        }
        if let Some(Lock { threshold, minutes }) = &self.lock {
            all.push(plain("lock.threshold", threshold));
            all.push(plain("lock.minutes", minutes));
        }
        if let Some(Sms { countries }) = &self.sms {
            all.push(list("sms.countries", countries));
        }
        if let Some(RecoveryCodes { readable }) = &self.recovery_codes {
            all.push(plain("recovery_codes.readable", readable));
        }
        if let Some(Sessions { longest_minutes, limit_per_member, migration_userinfo_url }) = &self.sessions {
            all.push(plain("sessions.longest_minutes", longest_minutes));
            all.push(plain("sessions.limit_per_member", limit_per_member));
            all.push(plain("sessions.migration_userinfo_url", migration_userinfo_url));
        }
        if let Some(Impersonation { allowed, forbidden_organizations, notice }) = &self.impersonation {
            all.push(plain("impersonation.allowed", allowed));
            all.push(list("impersonation.forbidden_organizations", forbidden_organizations));
            all.push(plain("impersonation.notice", notice));
        }
        if let Some(Sdk { enabled, origins }) = &self.sdk {
            all.push(plain("sdk.enabled", enabled));
            all.push(list("sdk.origins", origins));
        }
        all
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
}

impl Checks {
    fn of(checks: PasswordChecks) -> Self {
        let PasswordChecks { breaches_on_create, breaches_on_authentication, strength_on_authentication } =
            checks;
        Self { breaches_on_create, breaches_on_authentication, strength_on_authentication }
    }
}

impl Default for Checks {
    fn default() -> Self {
        Self::of(PasswordChecks::default())
    }
}

impl Sessions {
    fn of(rules: &SessionRules) -> Self {
        let SessionRules { longest_minutes, limit_per_member } = *rules;
        Self { longest_minutes, limit_per_member, migration_userinfo_url: String::new() }
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self::of(&SessionRules::default())
    }
}

impl Impersonation {
    fn of(rules: &ImpersonationRules) -> Self {
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

/// At most a hundred, each once and without a comma, which would be two.
fn joined(key: &'static str, items: &[String]) -> Result<String, SettingError> {
    let wrong = |reason: &str| Err(SettingError::Value { key, reason: reason.to_owned() });
    let twice = |(at, it): (usize, &String)| items[..at].contains(it);
    match () {
        () if items.len() > 100 => wrong("at most 100"),
        () if items.iter().enumerate().any(twice) => wrong("each once"),
        () if items.iter().any(|it| it.contains(',') || it.trim().is_empty()) => {
            wrong("no commas, and none empty")
        }
        () => Ok(items.join(",")),
    }
}

fn texts(items: &[impl ToString]) -> Vec<String> {
    items.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests;
