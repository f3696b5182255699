//! Everything of one organization: exported, or erased.

use super::id;
use crate::{
    endpoint::{Administration, Routes, Tagged},
    error::Result,
};
use flows::{
    organizations::{erasure, export},
    projects::document::Administrator,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Routes {
    Routes::new()
        .admin_get("/admin/v1/projects/{project_id}/organizations/{organization_id}/export", read)
        .admin_post("/admin/v1/projects/{project_id}/organizations/{organization_id}/erase", erase)
}

/// Exports everything of an organization, without secrets. That it was is on the record of the project. What is larger
/// than 16 MiB is refused: the command line writes it to a file.
#[derive(Deserialize, JsonSchema)]
struct ExportRequest {
    project_id: String,
    /// Id, slug or external id.
    organization_id: String,
}

#[derive(Serialize, JsonSchema)]
struct ExportResponse {
    /// JSON lines, as `vestibule organization export` writes them: what it is, each row with the name of its table, and
    /// how many there were.
    export: String,
}

async fn read(mut call: Administration, request: ExportRequest) -> Result<Tagged<ExportResponse>> {
    let (project, by) = (id(&request.project_id)?, Administrator::Token(call.token.id));
    let luck = (call.now, &mut call.rng);
    let export = export::text(&call.app, (&project, &request.organization_id), by, luck).await?;
    Ok(Tagged::plain(ExportResponse { export }))
}

/// Deletes everything of an organization but its audit log, and destroys its key, so that backups forget its secrets
/// too. There is no way back. Of one that is erased, it is certified again.
#[derive(Deserialize, JsonSchema)]
struct EraseRequest {
    project_id: String,
    /// Id, slug or external id; of a deleted organization the id.
    organization_id: String,
    /// The slug of the organization, once more.
    confirm: String,
}

#[derive(Serialize, JsonSchema)]
struct EraseResponse {
    certificate: Certificate,
}

/// What was erased and when, signed.
#[derive(Serialize, JsonSchema)]
struct Certificate {
    /// A JSON object as text, for the signature is over its bytes.
    document: String,
    /// Which key of the audit log signed; `vestibule audit key` prints them.
    key_version: u32,
    /// Ed25519, over the line `vestibule organization erasure` and the document.
    signature: String,
}

async fn erase(mut call: Administration, request: EraseRequest) -> Result<Tagged<EraseResponse>> {
    let (project, by) = (id(&request.project_id)?, Administrator::Token(call.token.id));
    let wanted = (&project, request.organization_id.as_str(), request.confirm.as_str());
    let erased = erasure::erase(&call.app, wanted, by, (call.now, &mut call.rng)).await?;
    let erasure::Certificate { document, key_version, signature } = erased;
    Ok(Tagged::plain(EraseResponse { certificate: Certificate { document, key_version, signature } }))
}
