//! The key of the audit log: sealed under the server key, put under each new
//! version of it, and so never retired with an old one; replaced on its own.

mod rotation;

pub use rotation::rotate;

use crate::{Error, Result, secrets::KEY_CHECK};
use domain::{
    Timestamp,
    audit::key::AuditKey,
    sealing::{SealError, Sealed},
    server_key::ServerKey,
};
use rand::RngCore;
use store::{
    Db, Tx,
    audit::{
        chaining,
        keys::{self, StoredKey},
    },
    installation,
};
use zeroize::Zeroizing;

/// The first version; rows that name none are of it.
const FIRST: i64 = 1;
/// What the key check of an installation holds from the day it has an audit
/// log with a key. Whoever can write to the database cannot seal it, and so
/// cannot take the key away to have everything chained anew under another.
const AUDITED: &[u8] = b"vestibule, audited";

/// A version of the key, opened.
struct Opened {
    number: u32,
    root: Zeroizing<[u8; 32]>,
    /// From when on it proves what is new.
    from: Timestamp,
}

/// Takes up the key of a database. Where there is none, makes one and chains
/// what is from before, in one transaction: what is in no chain afterwards was
/// put there by somebody else, and `verify` says so.
///
/// # Errors
/// When the server key does not open it, it was taken away, or the database fails.
pub async fn open(db: &Db, server_key: &ServerKey, (now, rng): (Timestamp, &mut impl RngCore)) -> Result<()> {
    let is_there = !keys::all(&mut db.read().await?).await?.is_empty();
    let mark = Mark::find(db, server_key).await?;
    if is_there {
        let mut tx = db.write().await?;
        mark.set(&mut tx, server_key, rng).await?;
        tx.commit().await?;
    } else if mark.is_set() {
        return Err(Error::Operator(
            "the key of the audit log is gone from the database: somebody took it away; put a backup back"
                .to_owned(),
        ));
    } else {
        make(db, server_key, &mark, (now, rng)).await?;
    }
    follow(db, server_key, now).await
}

/// Takes up what versions there are, and proves with the newest whose time has come.
///
/// # Errors
/// When the server key does not open one, or the database fails.
pub async fn follow(db: &Db, server_key: &ServerKey, now: Timestamp) -> Result<()> {
    let all = all(db, server_key).await?;
    let proving = all.iter().rev().find(|it| it.from <= now).or(all.first());
    let proving = proving.map_or(0, |it| it.number);
    let known =
        |present: &AuditKey| present.proving() == proving && all.iter().all(|it| present.knows(it.number));
    if db.audit_key().is_none_or(|it| !known(&it)) {
        db.prove_with(of(&all)?.proving_with(proving));
    }
    Ok(())
}

/// Every version, oldest first.
async fn all(db: &Db, server_key: &ServerKey) -> Result<Vec<Opened>> {
    let all = keys::all(&mut db.read().await?).await?;
    all.iter().map(|it| opened(it, server_key)).collect()
}

fn of(versions: &[Opened]) -> Result<AuditKey> {
    let roots: Vec<_> = versions.iter().map(|it| (it.number, it.root.clone())).collect();
    Ok(AuditKey::of(&roots).ok_or(SealError::Damaged)?)
}

async fn make(
    db: &Db,
    server_key: &ServerKey,
    mark: &Mark,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    let stored = sealed(server_key, (FIRST, now), (now, rng))?;
    let key = of(&[opened(&stored, server_key)?])?;
    let mut tx = db.write().await?;
    tx.be_patient().await?;
    // Where another node is at it, this waits for its commit, and leaves the rest to it.
    if !mark.set(&mut tx, server_key, rng).await? {
        return Ok(());
    }
    let chained = chaining::chain_earlier(&mut tx, &key).await?;
    if keys::add(&mut tx, &stored).await? {
        tx.commit().await?;
        if chained > 0 {
            tracing::info!(chained, "audit events from before are in their chains now");
        }
    }
    Ok(())
}

/// What is sealed: the root, and from when it proves, which nobody may put off.
fn sealed(
    server_key: &ServerKey,
    (version, from): (i64, Timestamp),
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<StoredKey> {
    let mut content = Zeroizing::new([0; 40]);
    rng.fill_bytes(&mut content[..32]);
    content[32..].copy_from_slice(&from.milliseconds().to_be_bytes());
    let sealed_root = Sealed::seal(server_key, &place(version).each(), &*content, rng)?;
    Ok(StoredKey { version, sealed_root, created_at: now })
}

fn opened(key: &StoredKey, server_key: &ServerKey) -> Result<Opened> {
    let content = key.sealed_root.open(server_key, &place(key.version).each())?;
    let (root, from) = content.split_at_checked(32).ok_or(SealError::Damaged)?;
    let root = Zeroizing::new(root.try_into().map_err(|_| SealError::Damaged)?);
    let from = i64::from_be_bytes(from.try_into().map_err(|_| SealError::Damaged)?);
    let number = u32::try_from(key.version).map_err(|_| SealError::Damaged)?;
    Ok(Opened { number, root, from: Timestamp::from_milliseconds(from) })
}

/// The installation's key check, and whether it says that there is a key of the audit log.
enum Mark {
    Set,
    Unset(Sealed),
    /// The database has no mark of any kind.
    None,
}

impl Mark {
    async fn find(db: &Db, server_key: &ServerKey) -> Result<Self> {
        let Some(found) = installation::find(&mut db.read().await?).await? else { return Ok(Self::None) };
        let content = found.key_check.open(server_key, &KEY_CHECK)?;
        Ok(if *content == *AUDITED { Self::Set } else { Self::Unset(found.key_check) })
    }

    fn is_set(&self) -> bool {
        match self {
            Self::Set => true,
            Self::Unset(_) | Self::None => false,
        }
    }

    /// `false` when another was faster.
    async fn set(&self, tx: &mut Tx, server_key: &ServerKey, rng: &mut impl RngCore) -> Result<bool> {
        let Self::Unset(before) = self else { return Ok(true) };
        let check = Sealed::seal_under(server_key, before.version(), &KEY_CHECK, AUDITED, rng)?;
        Ok(installation::change_check(tx, before, &check).await?)
    }
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
