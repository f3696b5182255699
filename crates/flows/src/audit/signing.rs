//! Signing how far the chains have come: only those that moved.

use crate::Result;
use domain::{
    Timestamp,
    audit::{
        heads::{self, Head, Heads, SignedHeads},
        key::AuditKey,
    },
};
use store::{
    Db, Fault,
    audit::{
        chains::{self, StoredChain},
        heads::{self as stored_heads, StoredHeads},
    },
};

/// Chains that are marked in one transaction: they are held until its commit.
const MARKED_AT_ONCE: usize = 20;

/// Signs the heads of the chains that moved; how many. Where another node is
/// at it, that one does.
///
/// # Errors
/// When the database fails.
pub async fn sign_moved(db: &Db, now: Timestamp) -> Result<usize> {
    let key = db.audit_key().ok_or(Fault::NoAuditKey)?;
    let limit = i64::try_from(heads::MOST).unwrap_or(i64::MAX);
    let (mut after, mut signed) = ((String::new(), String::new()), 0);
    loop {
        let moved = chains::moved_after(&mut db.read().await?, (&after.0, &after.1), limit).await?;
        let Some(last) = moved.last() else { return Ok(signed) };
        after = (last.chain.project_id.clone(), last.chain.organization().to_owned());
        let ours: Vec<StoredChain> = moved.into_iter().filter(|it| is_ours(&key, it)).collect();
        if ours.is_empty() {
            continue;
        }
        let Some(number) = sign(db, &key, &ours, now).await? else { return Ok(signed) };
        mark(db, &ours, number).await?;
        signed += ours.len();
    }
}

/// An end that somebody altered is not signed: the signature would speak for them.
fn is_ours(key: &AuditKey, stored: &StoredChain) -> bool {
    let is_ours = key.chain_mac_holds(&stored.mac, &stored.chain, &stored.end);
    if !is_ours {
        tracing::error!(chain = %stored.chain, "the end of an audit chain was altered; it is not signed");
    }
    is_ours
}

/// None where another node took the number.
async fn sign(db: &Db, key: &AuditKey, moved: &[StoredChain], now: Timestamp) -> Result<Option<i64>> {
    let chains = moved.iter().map(|it| Head::of(&it.chain, &it.end)).collect();
    let next = next(db, key, (chains, Vec::new()), now).await?;
    let mut tx = db.write().await?;
    let added = stored_heads::add(&mut tx, &next, now).await?;
    tx.commit().await?;
    Ok(added.then_some(next.number))
}

/// The document after the last one.
pub(super) async fn next(
    db: &Db,
    key: &AuditKey,
    (chains, keys): (Vec<Head>, Vec<String>),
    signed_at: Timestamp,
) -> Result<StoredHeads> {
    let last = stored_heads::last(&mut db.read().await?).await?;
    let version = last.as_ref().map_or(0, |it| it.signed.key_version);
    if version > 0 && !key.knows(version) {
        return Err(Fault::NewAuditKey.into());
    }
    let (number, previous) = last.map_or((1, String::new()), |it| (it.number + 1, it.signed.digest()));
    let heads = Heads { number, previous, signed_at, chains, keys };
    Ok(StoredHeads { number, signed: SignedHeads::sign(key.prover_after(version), &heads) })
}

/// In the order in which transactions take chains.
async fn mark(db: &Db, signed: &[StoredChain], number: i64) -> Result<()> {
    let mut ordered: Vec<&StoredChain> = signed.iter().collect();
    ordered.sort_by(|one, other| one.chain.cmp(&other.chain));
    for some in ordered.chunks(MARKED_AT_ONCE) {
        let mut tx = db.write().await?;
        for chain in some {
            chains::signed(&mut tx, chain, number).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// The signed documents after a number, in order, with their numbers.
///
/// # Errors
/// When the database fails.
pub async fn after(db: &Db, number: i64, limit: i64) -> Result<Vec<(i64, SignedHeads)>> {
    let found = stored_heads::after(&mut db.read().await?, number, limit).await?;
    Ok(found.into_iter().map(|it| (it.number, it.signed)).collect())
}

/// What checks them, as text; oldest first.
///
/// # Errors
/// When the database was not opened with the server key.
pub fn public_keys(db: &Db) -> Result<Vec<String>> {
    let key = db.audit_key().ok_or(Fault::NoAuditKey)?;
    Ok(key.public_keys().iter().map(ToString::to_string).collect())
}
