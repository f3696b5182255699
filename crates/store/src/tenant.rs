//! The resolved tenant: every store function's first argument.

use crate::db::{Conn, Fault, Table, statement::sql};
use domain::{
    id::{OrganizationId, ProjectId},
    organizations::Organization,
};

/// An organization of a project, found once and proved to be in it. Only
/// [`resolve`] and its sisters build one, so a function that takes a tenant
/// cannot be handed another project's organization.
#[derive(Debug, Clone, PartialEq)]
pub struct Tenant {
    organization: Organization,
}

impl Tenant {
    pub fn project_id(&self) -> &ProjectId {
        &self.organization.project_id
    }
    pub fn organization_id(&self) -> &OrganizationId {
        &self.organization.organization_id
    }
    /// The organization as it was when the tenant was resolved.
    pub fn organization(&self) -> &Organization {
        &self.organization
    }

    /// For rows that were read together with their organization.
    pub(crate) fn of(organization: Organization) -> Self {
        Self { organization }
    }
}

/// Finds an organization by its id, its slug or its external id, in this
/// order. A slug or external id never looks like an id.
///
/// # Errors
/// When the database fails.
pub async fn resolve(conn: &mut Conn, project: &ProjectId, reference: &str) -> Result<Option<Tenant>, Fault> {
    if let Ok(id) = reference.parse::<OrganizationId>() {
        return by_id(conn, project, &id).await;
    }
    let by_slug = conn
        .sql(sql!(
            "SELECT ",
            Organization::COLUMNS,
            " FROM organizations WHERE project_id = $1 AND slug_canonical = $2 AND deleted_at IS NULL"
        ))
        .bind(project)
        .bind(&reference.to_ascii_lowercase())
        .optional()
        .await?;
    let found = match by_slug {
        Some(organization) => Some(organization),
        None => by_external_id(conn, project, reference).await?,
    };
    Ok(found.map(Tenant::of))
}

/// Finds an organization by its id alone; also to read it afresh in a transaction.
///
/// # Errors
/// When the database fails.
pub async fn by_id(
    conn: &mut Conn,
    project: &ProjectId,
    id: &OrganizationId,
) -> Result<Option<Tenant>, Fault> {
    let found = conn
        .sql(sql!(
            "SELECT ",
            Organization::COLUMNS,
            " FROM organizations WHERE project_id = $1 AND organization_id = $2 AND deleted_at IS NULL"
        ))
        .bind(project)
        .bind(id)
        .optional()
        .await?;
    Ok(found.map(Tenant::of))
}

async fn by_external_id(
    conn: &mut Conn,
    project: &ProjectId,
    reference: &str,
) -> Result<Option<Organization>, Fault> {
    conn.sql(sql!(
        "SELECT ",
        Organization::COLUMNS,
        " FROM organizations WHERE project_id = $1 AND external_id = $2 AND deleted_at IS NULL"
    ))
    .bind(project)
    .bind(&reference.to_owned())
    .optional()
    .await
}
