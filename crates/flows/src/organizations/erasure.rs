//! Erasing an organization: its rows, and its key, so that backups forget too.

use crate::{
    App, Error, Result,
    organization_keys::Whose,
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
use store::{Tx, erasure, tenant};

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
/// Keys of organizations that are looked at together.
const PAGE: i64 = 500;
const STATEMENT: &str = "The rows of this organization were deleted or blanked, and the key that its sealed \
                         secrets are under was destroyed. The audit log keeps its events, and the bill of texts sums without \
                         persons.";

/// Erases an organization, one that was deleted before included. Interrupted,
/// it is run again; of one that is erased, it certifies that. `confirm` is its
/// slug, said once more.
///
/// # Errors
/// `OrganizationNotFound`; `InvalidArgument` where the slug is another.
pub async fn erase(
    app: &App,
    (project, organization, confirm): (&ProjectId, &str, &str),
    by: Administrator,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Certificate> {
    let id = find(app, project, organization).await?;
    let whose = (project, &id);
    let found = erasure::find(&mut app.db.read().await?, whose).await?;
    let (slug, before) = found.ok_or(Refusal::OrganizationNotFound)?;
    if before.is_none() && slug != confirm {
        let reason = "the slug of the organization that is to be erased, once more";
        return Err(Refusal::InvalidArgument { field: "confirm", reason }.into());
    }
    let erased_at = before.unwrap_or(now);
    let rows = if before.is_none() {
        let mut tx = app.db.write().await?;
        tx.be_patient().await?;
        let rows = rows(&mut tx, (whose, erased_at), (by, false), (now, rng)).await?;
        tx.commit().await?;
        rows
    } else {
        BTreeMap::new()
    };
    app.organization_keys.destroy(app, whose, erased_at).await?;
    let (project_id, organization_id) = (project.clone(), id);
    certify(
        app,
        &Erasure {
            statement: STATEMENT,
            project_id,
            organization_id,
            erased_at: erased_at.to_string(),
            rows,
        },
    )
}

/// Erases again what came back with a backup from before its erasure: where the
/// key of an organization was destroyed, its rows go too. Which those were.
///
/// # Errors
/// When the database or a key's file fails; it is run again then.
pub async fn again(app: &App, (now, rng): (Timestamp, &mut impl RngCore)) -> Result<Vec<OrganizationId>> {
    let revived = revived(app).await?;
    for (project, organization, destroyed_at) in &revived {
        let mut tx = app.db.write().await?;
        tx.be_patient().await?;
        let as_of = ((project, organization), *destroyed_at);
        rows(&mut tx, as_of, (Administrator::Operator, true), (now, &mut *rng)).await?;
        tx.commit().await?;
    }
    Ok(revived.into_iter().map(|(_, organization, _)| organization).collect())
}

/// Organizations that are there although their keys were destroyed, and when those were.
///
/// # Errors
/// When the database or a key's file fails.
pub async fn revived(app: &App) -> Result<Vec<(ProjectId, OrganizationId, Timestamp)>> {
    let (mut found, mut last) = (Vec::new(), String::new());
    loop {
        let page = app.organization_keys.after(app, &last, PAGE).await?;
        let Some(newest) = page.last() else { return Ok(found) };
        last = newest.organization_id.to_string();
        for key in page {
            let Some(destroyed_at) = key.destroyed_at else { continue };
            let whose = (&key.project_id, &key.organization_id);
            if let Some((_, None)) = erasure::find(&mut app.db.read().await?, whose).await? {
                found.push((key.project_id, key.organization_id, destroyed_at));
            }
        }
    }
}

/// Deletes or blanks the rows, and puts that on the record of the project.
async fn rows(
    tx: &mut Tx,
    (whose, erased_at): (Whose<'_>, Timestamp),
    (by, again): (Administrator, bool),
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<BTreeMap<&'static str, u64>> {
    let rows = erasure::erase(tx, whose, erased_at).await?;
    let mut event = event(whose.0, Action::OrganizationErased, now, rng);
    event.details.0.insert("organization_id".to_owned(), json!(whose.1));
    if again {
        event.details.0.insert("after_restore".to_owned(), json!(true));
    }
    by.sign(&mut event);
    store::audit::append(tx, &event).await?;
    Ok(rows)
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
    let signature = key.prover_after(0).sign(&format!("{SIGNED_AS}{document}"));
    Ok(Certificate { document, key_version: signature.key_version, signature: signature.text })
}
