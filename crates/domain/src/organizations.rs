//! Organizations: the customers of a project, each with its own rules.

pub mod settings;

use crate::{
    Timestamp,
    external_id::ExternalId,
    id::{OrganizationId, ProjectId},
    login_policy::Accepted,
    members::Member,
    metadata::Metadata,
    mfa::Policy,
    rbac::CustomRoles,
    slug::Slug,
};
use settings::{MethodRule, MfaPolicy, Settings};

#[derive(Debug, Clone, PartialEq)]
pub struct Organization {
    pub organization_id: OrganizationId,
    pub project_id: ProjectId,
    pub name: String,
    pub slug: Slug,
    pub external_id: Option<ExternalId>,
    pub logo_url: String,
    pub settings: Settings,
    pub trusted_metadata: Metadata,
    /// Beside the roles of the project.
    pub custom_roles: CustomRoles,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Organization {
    /// Whether it is the organization's id, slug or external id.
    pub fn is_called(&self, reference: &str) -> bool {
        self.organization_id.as_str() == reference
            || self.slug.canonical() == reference.to_ascii_lowercase()
            || self.external_id.as_ref().is_some_and(|it| it.as_str() == reference)
    }

    /// The MFA policy in force.
    pub fn mfa_policy(&self) -> Policy {
        Policy {
            required_for_all: self.settings.mfa_policy == MfaPolicy::RequiredForAll,
            allowed: self.settings.allowed_second_factors(),
        }
    }

    /// The primary methods accepted of this member (MFA rule 4).
    pub fn accepted_of(&self, member: &Member) -> Accepted {
        match self.settings.auth_methods {
            MethodRule::Restricted if !member.is_breakglass => {
                Accepted::Only(self.settings.allowed_auth_methods.clone())
            }
            MethodRule::Restricted | MethodRule::AllAllowed => Accepted::Every,
        }
    }
}
