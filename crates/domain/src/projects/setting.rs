//! `key=value`, as the operator writes project settings.

mod values;

use super::{Environment, ProjectSettings, SmsCountries, sms::SmsRules};
use crate::{
    locale::Locale, m2m::claims_template::ClaimsTemplate, passwords::strength::StrengthPolicy,
    sessions::SessionRules,
};
use thiserror::Error;
use values::{countries, joined, luds, optional, organizations, origins, urls};
pub(super) use values::{number, truth};

/// Why a setting cannot be taken; tells the operator what would be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SettingError {
    #[error("unknown setting; the settings are {}", [KEYS, &SmsRules::KEYS].concat().join(", "))]
    UnknownKey,
    #[error("{key}: {reason}")]
    Value { key: &'static str, reason: String },
}

const KEYS: &[&str] = &[
    "redirect_urls.login",
    "redirect_urls.signup",
    "redirect_urls.reset_password",
    "redirect_urls.invite",
    "redirect_urls.discovery",
    "sms.countries",
    "sms.webotp_host",
    "mail.locale",
    "password.policy",
    "password.luds.minimum_length",
    "password.luds.minimum_complexity",
    "passwords.cross_organization",
    "password.breaches.on_create",
    "password.breaches.on_authentication",
    "password.strength.on_authentication",
    "lock.threshold",
    "lock.minutes",
    "recovery_codes.readable",
    "sessions.longest_minutes",
    "sessions.limit_per_member",
    "sessions.migration_userinfo_url",
    "impersonation.allowed",
    "impersonation.forbidden_organizations",
    "impersonation.notice",
    "m2m.claims_template",
    "sdk.enabled",
    "sdk.origins",
    "sdk.creates_organizations",
    "sdk.looks_up_members",
    "sdk.manages",
    "sdk.cookie_domain",
];

/// LUDS figures before the operator chooses others.
const LUDS: (u32, u32) = (8, 3);

impl ProjectSettings {
    /// Sets one setting from its written form. Lists are separated by commas;
    /// the first redirect URL is the default of its kind.
    ///
    /// # Errors
    /// Says which keys exist, or what the value should be.
    pub fn set(&mut self, environment: Environment, key: &str, value: &str) -> Result<(), SettingError> {
        let known = KEYS.iter().chain(&SmsRules::KEYS).find(|it| **it == key);
        let key = known.copied().ok_or(SettingError::UnknownKey)?;
        let wrong = |reason: String| SettingError::Value { key, reason };
        if let Some(done) = self.sms.set(key, value) {
            return done.map_err(wrong);
        }
        match key {
            "redirect_urls.login" => self.login_redirect_urls = urls(environment, value).map_err(wrong)?,
            "redirect_urls.signup" => self.signup_redirect_urls = urls(environment, value).map_err(wrong)?,
            "redirect_urls.reset_password" => {
                self.reset_password_redirect_urls = urls(environment, value).map_err(wrong)?;
            }
            "redirect_urls.invite" => self.invite_redirect_urls = urls(environment, value).map_err(wrong)?,
            "redirect_urls.discovery" => {
                self.discovery_redirect_urls = urls(environment, value).map_err(wrong)?;
            }
            "sms.countries" => self.sms_countries = countries(value).map_err(wrong)?,
            "sms.webotp_host" => self.webotp_host = optional(value).map_err(wrong)?,
            "mail.locale" => self.mail_locale = value.parse().map_err(|_| wrong(Locale::listed()))?,
            "password.policy" => self.password_policy = self.policy(value).map_err(wrong)?,
            "password.luds.minimum_length" => {
                let (_, complexity) = self.luds();
                self.password_policy =
                    luds(number(value, 8, 32).map_err(wrong)?, complexity).map_err(wrong)?;
            }
            "password.luds.minimum_complexity" => {
                let (length, _) = self.luds();
                self.password_policy = luds(length, number(value, 1, 4).map_err(wrong)?).map_err(wrong)?;
            }
            "passwords.cross_organization" => {
                self.cross_organization_passwords = truth(value).map_err(wrong)?;
            }
            "password.breaches.on_create" => {
                self.password_checks.breaches_on_create = truth(value).map_err(wrong)?;
            }
            "password.breaches.on_authentication" => {
                self.password_checks.breaches_on_authentication = truth(value).map_err(wrong)?;
            }
            "password.strength.on_authentication" => {
                self.password_checks.strength_on_authentication = truth(value).map_err(wrong)?;
            }
            "lock.threshold" => self.lock.threshold = number(value, 1, 100).map_err(wrong)?,
            "lock.minutes" => self.lock.minutes = number(value, 5, 7 * 24 * 60).map_err(wrong)?,
            "recovery_codes.readable" => self.recovery_codes_readable = truth(value).map_err(wrong)?,
            "sessions.longest_minutes" => {
                self.sessions.longest_minutes =
                    number(value, 5, SessionRules::MOST_MINUTES).map_err(wrong)?;
            }
            "sessions.limit_per_member" => {
                self.sessions.limit_per_member = number(value, 1, 10_000).map_err(wrong)?;
            }
            "sessions.migration_userinfo_url" => {
                self.migration_userinfo_url = optional(value).map_err(wrong)?;
            }
            "impersonation.allowed" => self.impersonation.allowed = truth(value).map_err(wrong)?,
            "impersonation.forbidden_organizations" => {
                self.impersonation.forbidden_organizations = organizations(value).map_err(wrong)?;
            }
            "impersonation.notice" => self.impersonation.notice = truth(value).map_err(wrong)?,
            "m2m.claims_template" => {
                self.m2m_claims_template = ClaimsTemplate::parse(value).map_err(wrong)?;
            }
            "sdk.enabled" => self.sdk.enabled = truth(value).map_err(wrong)?,
            "sdk.origins" => self.sdk.origins = origins(environment, value).map_err(wrong)?,
            "sdk.creates_organizations" => self.sdk.creates_organizations = truth(value).map_err(wrong)?,
            "sdk.looks_up_members" => self.sdk.looks_up_members = truth(value).map_err(wrong)?,
            "sdk.manages" => self.sdk.manages = truth(value).map_err(wrong)?,
            "sdk.cookie_domain" => self.sdk.cookie_domain = optional(value).map_err(wrong)?,
            _ => return Err(SettingError::UnknownKey),
        }
        Ok(())
    }

    /// Every setting in its written form, in a fixed order.
    pub fn written(&self) -> Vec<(&'static str, String)> {
        let (length, complexity) = self.luds();
        let policy = match self.password_policy {
            StrengthPolicy::Zxcvbn => "zxcvbn",
            StrengthPolicy::Luds { .. } => "luds",
        };
        let values = [
            joined(&self.login_redirect_urls),
            joined(&self.signup_redirect_urls),
            joined(&self.reset_password_redirect_urls),
            joined(&self.invite_redirect_urls),
            joined(&self.discovery_redirect_urls),
            match &self.sms_countries {
                SmsCountries::Everywhere => "*".to_owned(),
                SmsCountries::Listed(listed) => joined(listed),
            },
            self.webotp_host.as_ref().map(ToString::to_string).unwrap_or_default(),
            self.mail_locale.to_string(),
            policy.to_owned(),
            length.to_string(),
            complexity.to_string(),
            self.cross_organization_passwords.to_string(),
            self.password_checks.breaches_on_create.to_string(),
            self.password_checks.breaches_on_authentication.to_string(),
            self.password_checks.strength_on_authentication.to_string(),
            self.lock.threshold.to_string(),
            self.lock.minutes.to_string(),
            self.recovery_codes_readable.to_string(),
            self.sessions.longest_minutes.to_string(),
            self.sessions.limit_per_member.to_string(),
            self.migration_userinfo_url.as_ref().map(ToString::to_string).unwrap_or_default(),
            self.impersonation.allowed.to_string(),
            joined(&self.impersonation.forbidden_organizations),
            self.impersonation.notice.to_string(),
            self.m2m_claims_template.to_string(),
            self.sdk.enabled.to_string(),
            joined(&self.sdk.origins),
            self.sdk.creates_organizations.to_string(),
            self.sdk.looks_up_members.to_string(),
            self.sdk.manages.to_string(),
            self.sdk.cookie_domain.as_ref().map(ToString::to_string).unwrap_or_default(),
        ];
        let of_sms = SmsRules::KEYS.into_iter().zip(self.sms.written());
        KEYS.iter().copied().zip(values).chain(of_sms).collect()
    }

    fn luds(&self) -> (u32, u32) {
        match self.password_policy {
            StrengthPolicy::Luds { minimum_length, minimum_complexity } => {
                (minimum_length, minimum_complexity)
            }
            StrengthPolicy::Zxcvbn => LUDS,
        }
    }

    fn policy(&self, value: &str) -> Result<StrengthPolicy, String> {
        let (length, complexity) = self.luds();
        match value {
            "zxcvbn" => Ok(StrengthPolicy::Zxcvbn),
            "luds" => luds(length, complexity),
            _ => Err("zxcvbn or luds".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_survives_writing_and_reading() {
        let mut settings = ProjectSettings::default();
        for (key, value) in [
            ("redirect_urls.login", "http://localhost:3000/a,https://app.acme.com/b"),
            ("redirect_urls.reset_password", "http://localhost:3000/reset"),
            ("redirect_urls.discovery", "https://app.acme.com/discover"),
            ("sms.countries", "CH,US"),
            ("sms.budget.day", "12.50"),
            ("sms.budget.organization_month", "none"),
            ("sms.unverified_credit", "0"),
            ("sms.webotp_host", "login.acme.com"),
            ("mail.locale", "pt-br"),
            ("password.policy", "luds"),
            ("password.luds.minimum_length", "12"),
            ("password.breaches.on_create", "false"),
            ("password.strength.on_authentication", "true"),
            ("lock.threshold", "3"),
            ("recovery_codes.readable", "false"),
            ("sessions.longest_minutes", "60"),
            ("sessions.limit_per_member", "3"),
            ("sessions.migration_userinfo_url", "https://old.acme.com/userinfo"),
            ("impersonation.allowed", "false"),
            (
                "impersonation.forbidden_organizations",
                "organization-test-00000000-0000-4000-8000-000000000001",
            ),
            ("impersonation.notice", "false"),
            ("m2m.claims_template", r#"{"plan":"{{ client.trusted_metadata.plan }}"}"#),
        ] {
            settings.set(Environment::Test, key, value).unwrap();
            assert!(settings.written().contains(&(key, value.to_owned())), "{key}");
        }
    }

    #[test]
    fn a_wrong_setting_says_what_would_be_right() {
        let mut settings = ProjectSettings::default();
        let refused = settings.set(Environment::Test, "lock.threshold", "0").unwrap_err();
        assert_eq!(refused.to_string(), "lock.threshold: a number from 1 to 100");
        assert!(
            settings.set(Environment::Test, "lock", "1").unwrap_err().to_string().contains("lock.minutes")
        );
        assert!(settings.set(Environment::Live, "redirect_urls.login", "http://acme.com/").is_err());
        let nowhere = settings.set(Environment::Test, "sms.countries", "CH,XX").unwrap_err().to_string();
        assert!(nowhere.contains("XX is no country"), "{nowhere}");
    }
}
