//! Replacing the server key while everybody works.
//!
//! The key file holds versions; the installation's row says which one seals,
//! and every node follows it. So a version is first in every node's file, then
//! it seals, then what hangs on older ones is put under it, row by row, and
//! only then is an old one taken out of the file. Whatever is killed at any
//! point, every row is under a version that the file holds.

mod opening;
mod retirement;
mod rows;

pub use opening::{Opened, open_all};
pub use retirement::retire;

use self::rows::{Cursor, New, Row};
use crate::{App, Error, Result, projects::note};
use domain::{
    Timestamp,
    audit::Action,
    sealing::{SealError, Sealed},
};
use rand::RngCore;
use serde_json::json;
use std::{collections::BTreeMap, fmt};
use store::{installation, projects};
use tokio::task::JoinSet;

/// What the key check is sealed for.
pub const KEY_CHECK: [&str; 2] = ["installation", "key_check"];
/// Rows that are read at a time.
pub const BATCH: i64 = 200;
/// Rows that are written at a time, each in a transaction of its own: a
/// transaction that holds one row only cannot stand in the way of another.
const AT_ONCE: usize = 8;

/// What hangs on the server key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    AuditKeys,
    /// Before what is under them.
    OrganizationKeys,
    SigningKeys,
    AuthenticatorApps,
    RecoveryCodes,
    Sessions,
    ClientSecrets,
    WebhookSecrets,
    Messages,
}

impl Kind {
    const ALL: [Self; 9] = [
        Self::AuditKeys,
        Self::OrganizationKeys,
        Self::SigningKeys,
        Self::AuthenticatorApps,
        Self::RecoveryCodes,
        Self::Sessions,
        Self::ClientSecrets,
        Self::WebhookSecrets,
        Self::Messages,
    ];
}

/// A step of a rotation that is done; what comes after may never happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Activated,
    Renewed(Kind),
}

/// How many rows of a kind need a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    pub kind: Kind,
    pub version: u32,
    /// `false` for recovery codes and clients' secrets of which only the digest is kept.
    pub renewable: bool,
    pub rows: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// What the key file holds.
    pub versions: Vec<u32>,
    /// What seals everything new, and since when.
    pub sealing: u32,
    pub since: Timestamp,
    pub uses: Vec<Use>,
}

impl Status {
    /// Rows that could be under the present version and are not yet.
    pub fn to_renew(&self) -> u64 {
        let old = |it: &&Use| it.renewable && it.version != self.sealing;
        self.uses.iter().filter(old).map(|it| it.rows).sum()
    }

    /// What would die with a version, for nobody can make it anew, in words.
    fn digests_alone(&self, version: u32) -> Vec<String> {
        let held = self.uses.iter().filter(|it| it.version == version && !it.renewable && it.rows > 0);
        let words = held.map(|it| match it.kind {
            Kind::ClientSecrets => format!(
                "{} secrets of machine-to-machine clients that have got no token since the key was changed; \
                 rotate those secrets, or wait until the clients call",
                it.rows
            ),
            Kind::AuditKeys
            | Kind::RecoveryCodes
            | Kind::OrganizationKeys
            | Kind::SigningKeys
            | Kind::AuthenticatorApps
            | Kind::Sessions
            | Kind::WebhookSecrets
            | Kind::Messages => format!(
                "{} {} of which only the digest is kept; their members need new ones",
                it.rows, it.kind
            ),
        });
        words.collect()
    }
}

/// Follows the database: seals with the version it names from now on.
///
/// # Errors
/// `MissingVersion` when the key file, as it was read, does not hold it.
pub async fn follow(app: &App) -> Result<u32> {
    let found = installation::find(&mut app.db.read().await?).await?.ok_or_else(unmarked)?;
    let version = found.key_check.version();
    if app.server_key.sealing() != version {
        app.server_key.seal_with(version)?;
    }
    Ok(version)
}

/// Lets the newest version of the key file seal everything new, on every node.
///
/// # Errors
/// When the present version does not open this database, or another command was faster.
pub async fn activate(
    app: &App,
    (now, rng): (Timestamp, &mut impl RngCore),
    step: &mut impl FnMut(Step) -> Result<()>,
) -> Result<u32> {
    let found = installation::find(&mut app.db.read().await?).await?.ok_or_else(unmarked)?;
    let key = &app.server_key;
    let content = found.key_check.open(key, &KEY_CHECK)?;
    let newest = key.versions().last().copied().unwrap_or_default();
    if newest == found.key_check.version() {
        key.seal_with(newest)?;
        return Ok(newest);
    }
    let check = Sealed::seal_under(key, newest, &KEY_CHECK, &content, rng)?;
    let mut tx = app.db.write().await?;
    if !installation::change_key(&mut tx, &found.key_check, &check, now).await? {
        return Err(Error::Operator(
            "another command has just changed the key; look at the status".to_owned(),
        ));
    }
    record(&mut tx, Action::ServerKeyRotated, newest, (now, rng)).await?;
    tx.commit().await?;
    key.seal_with(newest)?;
    step(Step::Activated)?;
    Ok(newest)
}

/// Puts everything that hangs on another version under the one that seals.
/// Begins anew each time, and passes by what is done already.
///
/// # Errors
/// When the database fails. A row that cannot be opened is left and logged.
pub async fn renew(
    app: &App,
    (now, batch): (Timestamp, i64),
    rng: &mut impl RngCore,
    step: &mut impl FnMut(Step) -> Result<()>,
) -> Result<u64> {
    let mut renewed = 0;
    for kind in Kind::ALL {
        let mut after = Cursor::default();
        loop {
            let rows = rows::after(app, kind, &after, (now, batch)).await?;
            let Some(last) = rows.last() else { break };
            after = last.cursor();
            renewed += renew_batch(app, rows, (now, rng)).await?;
            step(Step::Renewed(kind))?;
        }
    }
    Ok(renewed)
}

async fn renew_batch(app: &App, rows: Vec<Row>, (now, rng): (Timestamp, &mut impl RngCore)) -> Result<u64> {
    let sealing = app.server_key.sealing();
    let old = |it: &Row| it.is_old(sealing) && it.is_renewable();
    let mut renewed = 0;
    let mut writing = JoinSet::new();
    for row in rows.into_iter().filter(old) {
        let key = match row.whose() {
            Some(whose) => app.organization_keys.ensure(app, whose, (now, rng)).await.map(Some),
            None => Ok(None),
        };
        let new = key.and_then(|key| Ok(row.under_present((&app.server_key, key.as_deref()), rng)?));
        let new = match new {
            Ok(new) => new,
            Err(error) => {
                tracing::error!(kind = %row.kind(), %error, "a row cannot be opened, and stays as it is");
                continue;
            }
        };
        if let (Row::OrganizationKey(before), New::Sealed(sealed)) = (&row, &new) {
            renewed += u64::from(app.organization_keys.renew(app, before, sealed.clone()).await?);
            continue;
        }
        if writing.len() == AT_ONCE {
            renewed += written(writing.join_next().await)?;
        }
        let db = app.db.clone();
        writing.spawn(async move {
            let mut tx = db.write().await?;
            let done = row.replace(&mut tx, &new).await?;
            tx.commit().await.map(|()| done)
        });
    }
    while let Some(done) = writing.join_next().await {
        renewed += written(Some(done))?;
    }
    Ok(renewed)
}

type Written = std::result::Result<std::result::Result<bool, store::Fault>, tokio::task::JoinError>;

fn written(done: Option<Written>) -> Result<u64> {
    let interrupted = |_| Error::Operator("a write was interrupted".to_owned());
    Ok(done.map(|it| it.map_err(interrupted)).transpose()?.transpose()?.map_or(0, u64::from))
}

/// Which version how many rows need. Reads everything that hangs on the key.
///
/// # Errors
/// When the database fails.
pub async fn status(app: &App, now: Timestamp) -> Result<Status> {
    let found = installation::find(&mut app.db.read().await?).await?.ok_or_else(unmarked)?;
    let mut counts: BTreeMap<(Kind, u32, bool), u64> = BTreeMap::new();
    for kind in Kind::ALL {
        let mut after = Cursor::default();
        loop {
            let rows = rows::after(app, kind, &after, (now, BATCH)).await?;
            let Some(last) = rows.last() else { break };
            after = last.cursor();
            for (version, renewable) in rows.iter().filter_map(|it| Some((it.version()?, it.is_renewable())))
            {
                *counts.entry((kind, version, renewable)).or_default() += 1;
            }
        }
    }
    let counted = |((kind, version, renewable), rows)| Use { kind, version, renewable, rows };
    Ok(Status {
        versions: app.server_key.versions(),
        sealing: found.key_check.version(),
        since: found.sealing_since,
        uses: counts.into_iter().map(counted).collect(),
    })
}

/// On the record of every project: the key is everybody's.
async fn record(
    tx: &mut store::Tx,
    action: Action,
    version: u32,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Result<()> {
    for project in projects::all(tx).await? {
        note(tx, &project.project_id, action, (now, rng), &[("version", json!(version))]).await?;
    }
    Ok(())
}

fn unmarked() -> Error {
    Error::Sealed(SealError::Damaged)
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AuditKeys => "keys of the audit log",
            Self::OrganizationKeys => "organization keys",
            Self::SigningKeys => "signing keys",
            Self::AuthenticatorApps => "authenticator apps",
            Self::RecoveryCodes => "recovery codes",
            Self::Sessions => "sessions",
            Self::ClientSecrets => "client secrets",
            Self::WebhookSecrets => "webhook secrets",
            Self::Messages => "waiting messages",
        })
    }
}
