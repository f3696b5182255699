//! What pages may do with a project's public token.

use crate::{redirect_url::RedirectUrl, webotp::Host};
use serde::{Deserialize, Serialize};

/// Everything beyond logging in is switched on by the operator, one thing at a time.
#[expect(clippy::struct_excessive_bools, reason = "switches that are thrown one by one")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SdkSettings {
    pub enabled: bool,
    /// Whose pages may call, as a browser writes an origin: `https://app.example.com`.
    pub origins: Vec<RedirectUrl>,
    /// Whoever proved an address may found an organization.
    pub creates_organizations: bool,
    /// A page may ask whether an address belongs to a member, as the pre-built forms do.
    pub looks_up_members: bool,
    /// Members may do to their organization and to others what their roles grant.
    pub manages: bool,
    /// Tokens go into cookies of this domain that no script reads, and no longer into answers.
    pub cookie_domain: Option<Host>,
}

impl Default for SdkSettings {
    fn default() -> Self {
        Self {
            enabled: false,
            origins: Vec::new(),
            creates_organizations: false,
            looks_up_members: true,
            manages: false,
            cookie_domain: None,
        }
    }
}

/// What a route of pages needs switched on beside the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capability {
    LogIn,
    CreateOrganizations,
    LookUpMembers,
    Manage,
}

impl SdkSettings {
    /// Whether pages may do this.
    pub fn allow(&self, capability: Capability) -> bool {
        self.enabled
            && match capability {
                Capability::LogIn => true,
                Capability::CreateOrganizations => self.creates_organizations,
                Capability::LookUpMembers => self.looks_up_members,
                Capability::Manage => self.manages,
            }
    }

    /// Whether pages of this origin may call.
    pub fn admit(&self, origin: &str) -> bool {
        self.enabled && self.origins.iter().any(|it| it.as_str() == origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::projects::Environment;

    #[test]
    fn nothing_is_allowed_where_the_whole_is_off() {
        let all = [
            Capability::LogIn,
            Capability::CreateOrganizations,
            Capability::LookUpMembers,
            Capability::Manage,
        ];
        let off = SdkSettings { creates_organizations: true, manages: true, ..SdkSettings::default() };
        assert!(all.iter().all(|it| !off.allow(*it)));
        let on = SdkSettings { enabled: true, ..SdkSettings::default() };
        let allowed: Vec<_> = all.iter().filter(|it| on.allow(**it)).collect();
        assert_eq!(allowed, [&Capability::LogIn, &Capability::LookUpMembers]);
    }

    #[test]
    fn an_origin_is_admitted_letter_by_letter() {
        let origins = vec![RedirectUrl::parse("https://app.example.com", Environment::Live).unwrap()];
        let sdk = SdkSettings { enabled: true, origins, ..SdkSettings::default() };
        assert!(sdk.admit("https://app.example.com"));
        for foreign in [
            "https://app.example.com.evil.example",
            "https://app.example.com:8443",
            "http://app.example.com",
            "null",
            "",
        ] {
            assert!(!sdk.admit(foreign), "{foreign}");
        }
    }
}
