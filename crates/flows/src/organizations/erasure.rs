//! Erasing an organization: its rows, and its key, so that backups forget too.

use crate::{
    App, Error, Result,
    projects::{document::Administrator, event},
};
use domain::{
    Refusal, Timestamp,
    audit::Action,
    id::{OrganizationId, ProjectId},
};
use rand::RngCore;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use store::{erasure, tenant};

/// What is signed: that an organization was erased.
#[derive(Debug, Clone, Serialize)]
pub struct Erasure {
    pub statement: &'static str,
    pub project_id: ProjectId,
    pub organization_id: OrganizationId,
    /// RFC 3339.
    pub erased_at: String,
    /// Rows that were deleted or blanked, by table.
    pub rows: BTreeMap<&'static str, u64>,
}

/// The certificate: the document, and the signature of the audit log's key over
/// [`SIGNED_AS`] and its text.
#[derive(Debug)]
pub struct Certificate {
    pub document: String,
    pub key_version: u32,
    pub signature: String,
}

/// In front of the document where it is signed, so that the signature holds for nothing else.
pub const SIGNED_AS: &str = "vestibule organization erasure\n";
const STATEMENT: &str = "The rows of this organization were deleted or blanked, and the key that its sealed \
                         secrets are under was destroyed. The audit log keeps its events.";

/// Erases an organization, one that was deleted before included. Interrupted,
/// it is run again. `confirm` is its slug, said once more.
///
/// # Errors
/// `OrganizationNotFound`; [`Error::Operator`] where the slug is another.
pub async fn erase(
    app: &App,
    (project, organization, confirm): (&ProjectId, &str, &str),
    by: Administrator,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Certificate> {
    let id = find(app, project, organization).await?;
    let whose = (project, &id);
    let slug = erasure::slug(&mut app.db.read().await?, whose).await?.ok_or(Refusal::OrganizationNotFound)?;
    if slug != confirm {
        return Err(Error::Operator(format!("to erase {id}, confirm with its slug, which is not {confirm}")));
    }
    let mut tx = app.db.write().await?;
    tx.be_patient().await?;
    let rows = erasure::erase(&mut tx, whose, now).await?;
    let mut event = event(project, Action::OrganizationErased, now, rng);
    event.details.0.insert("organization_id".to_owned(), json!(id));
    by.sign(&mut event);
    store::audit::append(&mut tx, &event).await?;
    tx.commit().await?;
    app.organization_keys.destroy(app, whose, now).await?;
    certify(
        app,
        &Erasure {
            statement: STATEMENT,
            project_id: project.clone(),
            organization_id: id,
            erased_at: now.to_string(),
            rows,
        },
    )
}

/// By id also those that were deleted; by slug or external id those that are there.
async fn find(app: &App, project: &ProjectId, organization: &str) -> Result<OrganizationId> {
    if let Ok(id) = organization.parse() {
        return Ok(id);
    }
    let found = tenant::resolve(&mut app.db.read().await?, project, organization).await?;
    Ok(found.ok_or(Refusal::OrganizationNotFound)?.organization_id().clone())
}

fn certify(app: &App, erasure: &Erasure) -> Result<Certificate> {
    let document = serde_json::to_string(erasure).map_err(|error| Error::Signing(error.to_string()))?;
    let key = app.db.audit_key().ok_or_else(|| Error::Signing("the audit log has no key".to_owned()))?;
    let signature = key.sign(&format!("{SIGNED_AS}{document}"));
    Ok(Certificate { document, key_version: signature.key_version, signature: signature.text })
}
