//! The key of the audit log: made once, sealed under the server key, put under
//! each new version of it, and so never retired with an old one.

use crate::Result;
use domain::{
    Timestamp,
    audit::key::AuditKey,
    sealing::{SealError, Sealed},
    server_key::ServerKey,
    time::Span,
};
use rand::RngCore;
use store::{
    Db,
    audit::{
        chaining,
        keys::{self, StoredKey},
    },
};
use zeroize::Zeroizing;

/// The first version; rows that name none are of it.
const FIRST: i64 = 1;
/// How long after the key was made rows without a chain are taken for ones from
/// before there were chains. Later ones were put there by somebody else, and
/// `verify` must say so.
const CHAINING_EARLIER: Span = Span::days(7);

/// Takes up the key of a database, makes one where there is none, and chains
/// what is from before.
///
/// # Errors
/// When the server key does not open it, or the database fails.
pub async fn open(db: &Db, server_key: &ServerKey, (now, rng): (Timestamp, &mut impl RngCore)) -> Result<()> {
    if keys::all(&mut db.read().await?).await?.is_empty() {
        make(db, server_key, (now, rng)).await?;
    }
    let mut roots = Vec::new();
    let mut made_at = now;
    for (at, key) in keys::all(&mut db.read().await?).await?.iter().enumerate() {
        let (root, made) = opened(key, server_key)?;
        let version = u32::try_from(key.version).map_err(|_| SealError::Damaged)?;
        roots.push((version, root));
        made_at = if at == 0 { made } else { made_at };
    }
    db.prove_with(AuditKey::of(&roots).ok_or(SealError::Damaged)?);
    if now < made_at.plus(CHAINING_EARLIER) {
        let chained = chaining::chain_earlier(db).await?;
        if chained > 0 {
            tracing::info!(chained, "audit events from before are in their chains now");
        }
    }
    Ok(())
}

/// What is sealed: the root, and when it was made, which nobody may put off.
async fn make(db: &Db, server_key: &ServerKey, (now, rng): (Timestamp, &mut impl RngCore)) -> Result<()> {
    let mut content = Zeroizing::new([0; 40]);
    rng.fill_bytes(&mut content[..32]);
    content[32..].copy_from_slice(&now.milliseconds().to_be_bytes());
    let sealed_root = Sealed::seal(server_key, &place(FIRST).each(), &*content, rng)?;
    let mut tx = db.write().await?;
    keys::add(&mut tx, &StoredKey { version: FIRST, sealed_root, created_at: now }).await?;
    Ok(tx.commit().await?)
}

fn opened(key: &StoredKey, server_key: &ServerKey) -> Result<(Zeroizing<[u8; 32]>, Timestamp)> {
    let content = key.sealed_root.open(server_key, &place(key.version).each())?;
    let (root, made) = content.split_at_checked(32).ok_or(SealError::Damaged)?;
    let root = Zeroizing::new(root.try_into().map_err(|_| SealError::Damaged)?);
    let made = i64::from_be_bytes(made.try_into().map_err(|_| SealError::Damaged)?);
    Ok((root, Timestamp::from_milliseconds(made)))
}

/// Where a version is sealed for.
pub(crate) struct Place(String);

pub(crate) fn place(version: i64) -> Place {
    Place(version.to_string())
}

impl Place {
    pub(crate) fn each(&self) -> [&str; 2] {
        ["audit_keys", &self.0]
    }
}
