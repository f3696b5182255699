//! The settings of an organization, as a request changes them.

use crate::{b2b::fields::objects, error::Result};
use domain::{
    Refusal,
    login_policy::PrimaryMethod,
    mfa::Method,
    organizations::settings::{ImplicitRole, Permission, Settings},
};
use schemars::JsonSchema;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// Every setting a request can hold; absent leaves it as it is.
#[derive(Deserialize, Default, JsonSchema)]
pub struct SettingsChange {
    sso_default_connection_id: Option<String>,
    #[schemars(with = "Option<domain::organizations::settings::Permission>")]
    sso_jit_provisioning: Option<String>,
    sso_jit_provisioning_allowed_connections: Option<Vec<String>>,
    email_allowed_domains: Option<Vec<String>>,
    #[schemars(with = "Option<domain::organizations::settings::Permission>")]
    email_jit_provisioning: Option<String>,
    #[schemars(with = "Option<domain::organizations::settings::Permission>")]
    email_invites: Option<String>,
    #[schemars(with = "Option<domain::organizations::settings::MethodRule>")]
    auth_methods: Option<String>,
    #[schemars(with = "Option<Vec<domain::login_policy::PrimaryMethod>>")]
    allowed_auth_methods: Option<Vec<String>>,
    #[schemars(with = "Option<domain::organizations::settings::MfaPolicy>")]
    mfa_policy: Option<String>,
    #[serde(default, deserialize_with = "objects")]
    rbac_email_implicit_role_assignments: Option<Vec<ImplicitRole>>,
    #[schemars(with = "Option<domain::organizations::settings::MethodRule>")]
    mfa_methods: Option<String>,
    #[schemars(with = "Option<Vec<domain::mfa::Method>>")]
    allowed_mfa_methods: Option<Vec<String>>,
    #[schemars(with = "Option<domain::organizations::settings::Permission>")]
    oauth_tenant_jit_provisioning: Option<String>,
    #[schemars(
        with = "Option<std::collections::BTreeMap<domain::organizations::settings::OAuthTenantProvider, Vec<String>>>"
    )]
    allowed_oauth_tenants: Option<Value>,
    claimed_email_domains: Option<Vec<String>>,
    #[schemars(with = "Option<domain::organizations::settings::Permission>")]
    first_party_connected_apps_allowed_type: Option<String>,
    allowed_first_party_connected_apps: Option<Vec<String>>,
    #[schemars(with = "Option<domain::organizations::settings::Permission>")]
    third_party_connected_apps_allowed_type: Option<String>,
    allowed_third_party_connected_apps: Option<Vec<String>>,
}

impl SettingsChange {
    /// A new organization invites everybody, unless the call makes any
    /// authentication setting and leaves this one out.
    pub fn for_a_new_organization(self) -> Result<Settings> {
        let mut defaults = Settings::default();
        if self.email_invites.is_none() && self.sets_authentication() {
            defaults.email_invites = Permission::NotAllowed;
        }
        Ok(self.apply(defaults)?)
    }

    /// The settings with what was sent in place of what was there; not checked yet.
    pub fn apply(self, mut it: Settings) -> std::result::Result<Settings, Refusal> {
        put(&mut it.sso_jit_provisioning, "sso_jit_provisioning", self.sso_jit_provisioning)?;
        put(&mut it.email_jit_provisioning, "email_jit_provisioning", self.email_jit_provisioning)?;
        put(&mut it.email_invites, "email_invites", self.email_invites)?;
        put(&mut it.auth_methods, "auth_methods", self.auth_methods)?;
        put(&mut it.mfa_policy, "mfa_policy", self.mfa_policy)?;
        put(&mut it.mfa_methods, "mfa_methods", self.mfa_methods)?;
        let (field, sent) = ("oauth_tenant_jit_provisioning", self.oauth_tenant_jit_provisioning);
        put(&mut it.oauth_tenant_jit_provisioning, field, sent)?;
        let (field, sent) =
            ("first_party_connected_apps_allowed_type", self.first_party_connected_apps_allowed_type);
        put(&mut it.first_party_connected_apps_allowed_type, field, sent)?;
        let (field, sent) =
            ("third_party_connected_apps_allowed_type", self.third_party_connected_apps_allowed_type);
        put(&mut it.third_party_connected_apps_allowed_type, field, sent)?;
        put_list::<PrimaryMethod>(
            &mut it.allowed_auth_methods,
            "allowed_auth_methods",
            self.allowed_auth_methods,
        )?;
        put_list::<Method>(&mut it.allowed_mfa_methods, "allowed_mfa_methods", self.allowed_mfa_methods)?;
        if let Some(tenants) = self.allowed_oauth_tenants {
            let read = serde_json::from_value(tenants);
            it.allowed_oauth_tenants = read.map_err(|_| Refusal::InvalidOAuthAllowedTenantsFormat)?;
        }
        if self.sso_default_connection_id.is_some_and(|id| !id.is_empty()) {
            return Err(Refusal::InvalidSsoDefaultConnectionId); // there are no connections yet
        }
        let whole =
            |before: &mut Vec<String>, sent: Option<Vec<String>>| *before = sent.unwrap_or(before.clone());
        whole(&mut it.email_allowed_domains, self.email_allowed_domains);
        whole(&mut it.claimed_email_domains, self.claimed_email_domains);
        whole(
            &mut it.sso_jit_provisioning_allowed_connections,
            self.sso_jit_provisioning_allowed_connections,
        );
        whole(&mut it.allowed_first_party_connected_apps, self.allowed_first_party_connected_apps);
        whole(&mut it.allowed_third_party_connected_apps, self.allowed_third_party_connected_apps);
        if let Some(assignments) = self.rbac_email_implicit_role_assignments {
            it.rbac_email_implicit_role_assignments = assignments;
        }
        Ok(it)
    }

    /// The names of the fields that were sent.
    pub fn fields(&self) -> Vec<&'static str> {
        let sent = [
            ("sso_default_connection_id", self.sso_default_connection_id.is_some()),
            ("sso_jit_provisioning", self.sso_jit_provisioning.is_some()),
            (
                "sso_jit_provisioning_allowed_connections",
                self.sso_jit_provisioning_allowed_connections.is_some(),
            ),
            ("email_allowed_domains", self.email_allowed_domains.is_some()),
            ("email_jit_provisioning", self.email_jit_provisioning.is_some()),
            ("email_invites", self.email_invites.is_some()),
            ("auth_methods", self.auth_methods.is_some()),
            ("allowed_auth_methods", self.allowed_auth_methods.is_some()),
            ("mfa_policy", self.mfa_policy.is_some()),
            ("rbac_email_implicit_role_assignments", self.rbac_email_implicit_role_assignments.is_some()),
            ("mfa_methods", self.mfa_methods.is_some()),
            ("allowed_mfa_methods", self.allowed_mfa_methods.is_some()),
            ("oauth_tenant_jit_provisioning", self.oauth_tenant_jit_provisioning.is_some()),
            ("allowed_oauth_tenants", self.allowed_oauth_tenants.is_some()),
            ("claimed_email_domains", self.claimed_email_domains.is_some()),
            (
                "first_party_connected_apps_allowed_type",
                self.first_party_connected_apps_allowed_type.is_some(),
            ),
            ("allowed_first_party_connected_apps", self.allowed_first_party_connected_apps.is_some()),
            (
                "third_party_connected_apps_allowed_type",
                self.third_party_connected_apps_allowed_type.is_some(),
            ),
            ("allowed_third_party_connected_apps", self.allowed_third_party_connected_apps.is_some()),
        ];
        sent.into_iter().filter_map(|(name, sent)| sent.then_some(name)).collect()
    }

    fn sets_authentication(&self) -> bool {
        let admission = [
            "sso_jit_provisioning",
            "email_allowed_domains",
            "email_jit_provisioning",
            "auth_methods",
            "allowed_auth_methods",
            "oauth_tenant_jit_provisioning",
            "allowed_oauth_tenants",
        ];
        self.fields().iter().any(|it| admission.contains(it))
    }
}

/// Puts a word of the wire in place of a setting.
fn put<T: DeserializeOwned>(
    setting: &mut T,
    field: &'static str,
    sent: Option<String>,
) -> std::result::Result<(), Refusal> {
    if let Some(word) = sent.filter(|it| !it.is_empty()) {
        *setting = word_of(field, word)?;
    }
    Ok(())
}

fn put_list<T: DeserializeOwned>(
    setting: &mut Vec<T>,
    field: &'static str,
    sent: Option<Vec<String>>,
) -> std::result::Result<(), Refusal> {
    if let Some(words) = sent {
        *setting =
            words.into_iter().map(|word| word_of(field, word)).collect::<std::result::Result<_, _>>()?;
    }
    Ok(())
}

fn word_of<T: DeserializeOwned>(field: &'static str, word: String) -> std::result::Result<T, Refusal> {
    let read = serde_json::from_value(Value::String(word));
    read.map_err(|_| Refusal::InvalidOrganizationAuthFactorSetting(field))
}
