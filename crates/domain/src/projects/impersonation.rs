//! Whether anybody may act in a member's name, and what the member hears of it.

use super::ProjectSettings;
use crate::id::OrganizationId;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImpersonationRules {
    pub allowed: bool,
    /// Where it is not, whatever holds for the project.
    pub forbidden_organizations: Vec<OrganizationId>,
    /// Whether the member is told by mail when it happens.
    pub notice: bool,
}

impl Default for ImpersonationRules {
    fn default() -> Self {
        Self { allowed: true, forbidden_organizations: Vec::new(), notice: true }
    }
}

impl ProjectSettings {
    /// Whether members of the organization may be impersonated.
    pub fn may_impersonate_in(&self, organization: &OrganizationId) -> bool {
        let rules = &self.impersonation;
        rules.allowed && !rules.forbidden_organizations.contains(organization)
    }
}
