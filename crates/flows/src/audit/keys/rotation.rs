//! Replacing the key of the audit log while everybody works.
//!
//! A version is in the database first, then in every node, which look every
//! few seconds, and only then it proves. What older versions proved holds on.

use super::{all, follow, of, opened, sealed};
use crate::{Error, Result, audit::signing, projects::note};
use domain::{Timestamp, audit::Action, server_key::ServerKey, time::Span};
use rand::RngCore;
use serde_json::json;
use store::{
    Db,
    audit::{heads, keys},
    projects,
};

/// Every node has looked twice by then.
const SHORTEST_NOTICE: Span = Span::seconds(15);
/// Tries beside nodes that sign meanwhile.
const ATTEMPTS: usize = 5;

/// Adds a version that proves what is new after a notice, and introduces its
/// public key in a document signed by the present one: whoever trusts the first
/// key can follow. The number of the version.
///
/// # Errors
/// When the notice is too short for every node to hear, another version still waits for its turn, or the database
/// fails.
pub async fn rotate(
    db: &Db,
    server_key: &ServerKey,
    notice: Span,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<u32> {
    if notice < SHORTEST_NOTICE {
        return Err(Error::Operator("running servers need 15 s to take a new key up".to_owned()));
    }
    for _ in 0..ATTEMPTS {
        if let Some(version) = attempt(db, server_key, notice, (now, rng)).await? {
            follow(db, server_key, now).await?;
            return Ok(version);
        }
    }
    Err(Error::Operator("running servers sign all the time; try again".to_owned()))
}

/// None when something was signed in between.
async fn attempt(
    db: &Db,
    server_key: &ServerKey,
    notice: Span,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<Option<u32>> {
    follow(db, server_key, now).await?;
    let mut versions = all(db, server_key).await?;
    let present = versions.last().ok_or(store::Fault::NoAuditKey)?;
    if present.from > now {
        return Err(Error::Operator(format!(
            "version {} waits for its turn until {}",
            present.number, present.from
        )));
    }
    let stored = sealed(server_key, (i64::from(present.number) + 1, now.plus(notice)), (now, rng))?;
    let new = opened(&stored, server_key)?;
    let (number, present) = (new.number, of(&versions)?);
    versions.push(new);
    let public = of(&versions)?.public_keys().last().map(ToString::to_string);
    let introduction = signing::next(db, &present, (Vec::new(), Vec::from_iter(public)), now).await?;
    let mut tx = db.write().await?;
    if !keys::add(&mut tx, &stored).await? {
        return Err(Error::Operator("another command has just added a version".to_owned()));
    }
    if !heads::add(&mut tx, &introduction, now).await? {
        return Ok(None);
    }
    for project in projects::all(&mut tx).await? {
        let details = [("version", json!(number))];
        note(&mut tx, &project.project_id, Action::AuditKeyRotated, (now, rng), &details).await?;
    }
    tx.commit().await?;
    Ok(Some(number))
}
