//! The settings of a project as one document, in TOML or JSON.
//!
//! A section that is absent is left alone; one that is present is exactly what
//! the document says, and a key that it leaves out has its default.

mod change;
mod mails;
mod sections;
mod sms;
mod webhooks;

pub use change::Change;
pub use mails::{MailTemplate, Templates};
pub use sections::{
    Checks, Impersonation, Lock, M2m, MailWords, PasswordScope, Passwords, RecoveryCodes, RedirectUrls, Sdk,
    Sessions,
};
pub use sms::{Sms, SmsBudget, SmsMost};
pub use webhooks::{WantedEndpoint, WebhookEndpoint, Webhooks};

use super::{Environment, ProjectSettings, setting::SettingError};
use crate::{rbac::Policy, templates::Template, webhooks::Endpoint};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    pub password_scope: Option<PasswordScope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<Lock>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sms: Option<Sms>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailWords>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_codes: Option<RecoveryCodes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sessions: Option<Sessions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impersonation: Option<Impersonation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub m2m: Option<M2m>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sdk: Option<Sdk>,
    /// Roles, resources and scopes beside the built-in ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rbac: Option<Policy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub templates: Option<Templates>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhooks: Option<Webhooks>,
}

impl ProjectDocument {
    /// Every section about settings, as they and the policy in force are. A setting that is added does not
    /// compile until it has its place here.
    pub fn of(settings: &ProjectSettings, policy: Policy) -> Self {
        let ProjectSettings {
            login_redirect_urls,
            signup_redirect_urls,
            reset_password_redirect_urls,
            invite_redirect_urls,
            discovery_redirect_urls,
            sms_countries,
            sms,
            webotp_host,
            mail_locale,
            password_policy,
            cross_organization_passwords,
            password_checks,
            lock,
            recovery_codes_readable,
            m2m_claims_template,
            sessions,
            migration_userinfo_url,
            impersonation,
            sdk,
        } = settings;
        let url = migration_userinfo_url.as_ref().map(ToString::to_string).unwrap_or_default();
        Self {
            redirect_urls: Some(RedirectUrls {
                login: texts(login_redirect_urls),
                signup: texts(signup_redirect_urls),
                reset_password: texts(reset_password_redirect_urls),
                invite: texts(invite_redirect_urls),
                discovery: texts(discovery_redirect_urls),
            }),
            passwords: Some(Passwords::of(*password_policy)),
            password_checks: Some(Checks::of(*password_checks)),
            password_scope: Some(PasswordScope { cross_organization: *cross_organization_passwords }),
            lock: Some(Lock::of(*lock)),
            sms: Some(Sms::of(sms_countries, sms, webotp_host.as_ref())),
            mail: Some(MailWords { locale: mail_locale.to_string() }),
            recovery_codes: Some(RecoveryCodes { readable: *recovery_codes_readable }),
            sessions: Some(Sessions { migration_userinfo_url: url, ..Sessions::of(*sessions) }),
            impersonation: Some(Impersonation::of(impersonation)),
            m2m: Some(M2m::of(m2m_claims_template)),
            sdk: Some(Sdk::of(sdk)),
            rbac: Some(policy.own()),
            templates: None,
            webhooks: None,
        }
    }

    /// With the sections about what has rows of its own.
    #[must_use]
    pub fn with(self, templates: &[Template], endpoints: &[Endpoint]) -> Self {
        let (templates, webhooks) = (Templates::of(templates), Webhooks::of(endpoints));
        Self { templates: Some(templates), webhooks: Some(webhooks), ..self }
    }

    /// The settings with what the document says in place of what was there; policy, templates and endpoints
    /// are none of them.
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
        if let Some(RedirectUrls { login, signup, reset_password, invite, discovery }) = &self.redirect_urls {
            all.push(list("redirect_urls.login", login));
            all.push(list("redirect_urls.signup", signup));
            all.push(list("redirect_urls.reset_password", reset_password));
            all.push(list("redirect_urls.invite", invite));
            all.push(list("redirect_urls.discovery", discovery));
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
        if let Some(PasswordScope { cross_organization }) = &self.password_scope {
            all.push(plain("passwords.cross_organization", cross_organization));
        }
        if let Some(Lock { threshold, minutes }) = &self.lock {
            all.push(plain("lock.threshold", threshold));
            all.push(plain("lock.minutes", minutes));
        }
        if let Some(it) = &self.sms {
            all.push(list("sms.countries", &it.countries));
            all.extend(it.written().into_iter().map(|(key, value)| (key, Ok(value))));
        }
        if let Some(MailWords { locale }) = &self.mail {
            all.push(plain("mail.locale", locale));
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
        if let Some(M2m { claims_template }) = &self.m2m {
            all.push(plain("m2m.claims_template", &Value::Object(claims_template.clone())));
        }
        if let Some(sdk) = &self.sdk {
            let Sdk { enabled, origins, creates_organizations, looks_up_members, manages, cookie_domain } =
                sdk;
            all.push(plain("sdk.enabled", enabled));
            all.push(list("sdk.origins", origins));
            all.push(plain("sdk.creates_organizations", creates_organizations));
            all.push(plain("sdk.looks_up_members", looks_up_members));
            all.push(plain("sdk.manages", manages));
            all.push(plain("sdk.cookie_domain", cookie_domain));
        }
        all
    }

    /// What differs, by path, in the order of the paths.
    pub fn diff(before: &Self, after: &Self) -> Vec<Change> {
        change::between(before, after)
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
