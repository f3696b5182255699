//! The organization object.

use domain::{
    Timestamp,
    external_id::ExternalId,
    id::OrganizationId,
    jwt_claims::rfc_3339,
    metadata::Metadata,
    organizations::{self, settings::Settings},
    rbac::Role,
    slug::Slug,
};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
pub struct Organization {
    organization_id: OrganizationId,
    organization_name: String,
    organization_logo_url: String,
    organization_slug: Slug,
    organization_external_id: Option<ExternalId>,
    trusted_metadata: Metadata,
    #[serde(serialize_with = "rfc_3339")]
    created_at: Timestamp,
    #[serde(serialize_with = "rfc_3339")]
    updated_at: Timestamp,
    sso_active_connections: [(); 0],
    scim_active_connection: Option<()>,
    custom_roles: Vec<Role>,
    /// Named as on the wire already.
    #[serde(flatten)]
    settings: Settings,
}

impl From<&organizations::Organization> for Organization {
    fn from(organization: &organizations::Organization) -> Self {
        let organizations::Organization {
            organization_id,
            project_id: _,
            name,
            slug,
            external_id,
            logo_url,
            settings,
            trusted_metadata,
            custom_roles,
            created_at,
            updated_at,
        } = organization;
        Self {
            organization_id: organization_id.clone(),
            organization_name: name.clone(),
            organization_logo_url: logo_url.clone(),
            organization_slug: slug.clone(),
            organization_external_id: external_id.clone(),
            trusted_metadata: trusted_metadata.clone(),
            created_at: *created_at,
            updated_at: *updated_at,
            sso_active_connections: [],
            scim_active_connection: None,
            custom_roles: custom_roles.0.clone(),
            settings: settings.clone(),
        }
    }
}
