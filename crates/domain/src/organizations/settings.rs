//! What an organization demands and allows, and the rules its settings must meet.

mod admission;

use crate::{
    Refusal,
    email::{is_common_provider, is_domain},
    login_policy::PrimaryMethod,
    mfa::{Method, Methods},
    roles::RoleId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Spelled as on the wire; kept as one JSON document beside the organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Settings {
    pub sso_jit_provisioning: Permission,
    pub sso_jit_provisioning_allowed_connections: Vec<String>,
    pub sso_default_connection_id: Option<String>,
    pub email_allowed_domains: Vec<String>,
    pub claimed_email_domains: Vec<String>,
    pub email_jit_provisioning: Permission,
    pub email_invites: Permission,
    pub auth_methods: MethodRule,
    pub allowed_auth_methods: Vec<PrimaryMethod>,
    pub mfa_policy: MfaPolicy,
    pub mfa_methods: MethodRule,
    pub allowed_mfa_methods: Vec<Method>,
    pub rbac_email_implicit_role_assignments: Vec<ImplicitRole>,
    pub oauth_tenant_jit_provisioning: Permission,
    pub allowed_oauth_tenants: BTreeMap<OAuthTenantProvider, Vec<String>>,
    pub first_party_connected_apps_allowed_type: Permission,
    pub allowed_first_party_connected_apps: Vec<String>,
    pub third_party_connected_apps_allowed_type: Permission,
    pub allowed_third_party_connected_apps: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Permission {
    AllAllowed,
    Restricted,
    NotAllowed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MethodRule {
    AllAllowed,
    Restricted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MfaPolicy {
    Optional,
    RequiredForAll,
}

/// Providers whose tenants can admit members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OAuthTenantProvider {
    Slack,
    Hubspot,
    Github,
}

/// A role that every member with an address of the domain holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImplicitRole {
    pub domain: String,
    pub role_id: String,
}

const MOST_DOMAINS: usize = 100;
const LONGEST_LIST: usize = 100;

impl Default for Settings {
    fn default() -> Self {
        Self {
            sso_jit_provisioning: Permission::AllAllowed,
            sso_jit_provisioning_allowed_connections: Vec::new(),
            sso_default_connection_id: None,
            email_allowed_domains: Vec::new(),
            claimed_email_domains: Vec::new(),
            email_jit_provisioning: Permission::NotAllowed,
            email_invites: Permission::AllAllowed,
            auth_methods: MethodRule::AllAllowed,
            allowed_auth_methods: Vec::new(),
            mfa_policy: MfaPolicy::Optional,
            mfa_methods: MethodRule::AllAllowed,
            allowed_mfa_methods: Vec::new(),
            rbac_email_implicit_role_assignments: Vec::new(),
            oauth_tenant_jit_provisioning: Permission::NotAllowed,
            allowed_oauth_tenants: BTreeMap::new(),
            first_party_connected_apps_allowed_type: Permission::AllAllowed,
            allowed_first_party_connected_apps: Vec::new(),
            third_party_connected_apps_allowed_type: Permission::AllAllowed,
            allowed_third_party_connected_apps: Vec::new(),
        }
    }
}

impl Settings {
    /// The settings in canonical form (domains lower case, lists without
    /// repetition), if they are consistent.
    ///
    /// # Errors
    /// The organization refusals.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.email_allowed_domains = domains(self.email_allowed_domains, Refusal::DomainTooCommon)?;
        self.claimed_email_domains = domains(self.claimed_email_domains, Refusal::ClaimedDomainTooCommon)?;
        for assignment in &mut self.rbac_email_implicit_role_assignments {
            assignment.check()?;
        }
        unique(&mut self.allowed_auth_methods);
        unique(&mut self.allowed_mfa_methods);
        self.check_lengths()?;
        self.check_methods()?;
        self.check_admission()?;
        Ok(self)
    }

    /// The second factors that members other than break-glass ones may use.
    pub fn allowed_second_factors(&self) -> Methods {
        match self.mfa_methods {
            MethodRule::AllAllowed => Methods::ALL,
            MethodRule::Restricted => Methods {
                sms_otp: self.allowed_mfa_methods.contains(&Method::SmsOtp),
                totp: self.allowed_mfa_methods.contains(&Method::Totp),
            },
        }
    }

    /// The roles that e-mail domains give by these settings and did not by those before.
    pub fn roles_given_since(&self, before: &Self) -> Vec<RoleId> {
        let before = &before.rbac_email_implicit_role_assignments;
        let given = self.rbac_email_implicit_role_assignments.iter().filter(|it| !before.contains(it));
        given.filter_map(|it| it.role_id.parse().ok()).collect()
    }

    fn check_lengths(&self) -> Result<(), Refusal> {
        let tenants = self.allowed_oauth_tenants.values().map(Vec::len).sum();
        let lists = [
            ("sso_jit_provisioning_allowed_connections", self.sso_jit_provisioning_allowed_connections.len()),
            ("rbac_email_implicit_role_assignments", self.rbac_email_implicit_role_assignments.len()),
            ("allowed_oauth_tenants", tenants),
            ("allowed_first_party_connected_apps", self.allowed_first_party_connected_apps.len()),
            ("allowed_third_party_connected_apps", self.allowed_third_party_connected_apps.len()),
        ];
        let refuse = |(field, _)| Err(Refusal::InvalidArgument { field, reason: "at most 100 entries" });
        lists.into_iter().find(|(_, length)| *length > LONGEST_LIST).map_or(Ok(()), refuse)
    }

    fn check_methods(&self) -> Result<(), Refusal> {
        if self.auth_methods == MethodRule::Restricted && self.allowed_auth_methods.is_empty() {
            return Err(Refusal::AllowedAuthMethodsRequired);
        }
        if self.mfa_methods == MethodRule::Restricted && self.allowed_mfa_methods.is_empty() {
            return Err(Refusal::AllowedMfaMethodsRequired);
        }
        Ok(())
    }

    fn check_admission(&self) -> Result<(), Refusal> {
        let setting = Refusal::InvalidOrganizationAuthFactorSetting;
        if self.email_jit_provisioning == Permission::AllAllowed {
            return Err(setting("email_jit_provisioning"));
        }
        if self.oauth_tenant_jit_provisioning == Permission::AllAllowed {
            return Err(setting("oauth_tenant_jit_provisioning"));
        }
        let ways_in = [self.sso_jit_provisioning, self.email_jit_provisioning, self.email_invites];
        if ways_in.iter().all(|it| *it == Permission::NotAllowed) {
            return Err(setting("email_invites"));
        }
        let by_domain = [self.email_jit_provisioning, self.email_invites].contains(&Permission::Restricted);
        if by_domain && self.email_allowed_domains.is_empty() {
            return Err(Refusal::InvalidRestrictedEmailSetting);
        }
        let by_tenant = self.oauth_tenant_jit_provisioning == Permission::Restricted;
        if by_tenant && self.allowed_oauth_tenants.values().all(Vec::is_empty) {
            return Err(Refusal::InvalidRestrictedOAuthTenantsSetting);
        }
        Ok(())
    }
}

impl ImplicitRole {
    fn check(&mut self) -> Result<(), Refusal> {
        self.domain = self.domain.to_ascii_lowercase();
        crate::roles::assignable(std::slice::from_ref(&self.role_id))?;
        match () {
            () if !is_domain(&self.domain) => Err(Refusal::RbacInvalidDomain),
            () if is_common_provider(&self.domain) => Err(Refusal::RbacDomainTooCommon),
            () => Ok(()),
        }
    }
}

fn domains(listed: Vec<String>, too_common: Refusal) -> Result<Vec<String>, Refusal> {
    if listed.len() > MOST_DOMAINS {
        return Err(Refusal::TooManyDomains); // before each is compared with each
    }
    let mut domains: Vec<String> = listed.into_iter().map(|it| it.to_ascii_lowercase()).collect();
    unique(&mut domains);
    match () {
        () if !domains.iter().all(|it| is_domain(it)) => Err(Refusal::InvalidDomain),
        () if domains.iter().any(|it| is_common_provider(it)) => Err(too_common),
        () => Ok(domains),
    }
}

fn unique<T: PartialEq + Clone>(list: &mut Vec<T>) {
    let mut kept: Vec<T> = Vec::with_capacity(list.len());
    for item in list.drain(..) {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    *list = kept;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::email::EmailAddress;

    fn checked(change: impl FnOnce(&mut Settings)) -> Result<Settings, Refusal> {
        let mut settings = Settings::default();
        change(&mut settings);
        settings.checked()
    }

    #[test]
    fn a_restriction_needs_its_list() {
        assert_eq!(
            checked(|it| it.auth_methods = MethodRule::Restricted),
            Err(Refusal::AllowedAuthMethodsRequired)
        );
        assert_eq!(
            checked(|it| it.mfa_methods = MethodRule::Restricted),
            Err(Refusal::AllowedMfaMethodsRequired)
        );
        assert_eq!(
            checked(|it| it.email_invites = Permission::Restricted),
            Err(Refusal::InvalidRestrictedEmailSetting)
        );
        assert_eq!(
            checked(|it| it.oauth_tenant_jit_provisioning = Permission::Restricted),
            Err(Refusal::InvalidRestrictedOAuthTenantsSetting)
        );
    }

    #[test]
    fn an_organization_keeps_one_way_in() {
        let shut = checked(|it| {
            it.sso_jit_provisioning = Permission::NotAllowed;
            it.email_invites = Permission::NotAllowed;
        });
        assert_eq!(shut, Err(Refusal::InvalidOrganizationAuthFactorSetting("email_invites")));
    }

    #[test]
    fn domains_are_folded_and_common_ones_refused() {
        let acme =
            checked(|it| it.email_allowed_domains = vec!["ACME.com".into(), "acme.com".into()]).unwrap();
        assert_eq!(acme.email_allowed_domains, ["acme.com"]);
        assert_eq!(
            checked(|it| it.email_allowed_domains = vec!["gmail.com".into()]),
            Err(Refusal::DomainTooCommon)
        );
        assert_eq!(
            checked(|it| it.claimed_email_domains = vec!["gmail.de".into()]),
            Err(Refusal::ClaimedDomainTooCommon)
        );
        assert_eq!(checked(|it| it.email_allowed_domains = vec!["acme".into()]), Err(Refusal::InvalidDomain));
    }

    #[test]
    fn only_a_listed_domain_admits_and_no_subdomain_of_it() {
        let settings = checked(|it| {
            it.email_jit_provisioning = Permission::Restricted;
            it.email_allowed_domains = vec!["acme.com".into()];
        })
        .unwrap();
        let admit = |address: &str| settings.admit_by_domain(&EmailAddress::parse(address).unwrap());
        assert_eq!(admit("eve@ACME.com"), Ok(()));
        assert_eq!(admit("eve@sub.acme.com"), Err(Refusal::InvalidEmailForJitProvisioning));
        assert_eq!(
            Settings::default().admit_by_domain(&EmailAddress::parse("a@acme.com").unwrap()),
            Err(Refusal::EmailJitProvisioningNotAllowed)
        );
    }
}
