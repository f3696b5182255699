//! The key of an organization: made before its first secret is sealed, kept
//! apart from the secrets, remembered while it is in use.

use crate::{App, Result};
use domain::{
    Timestamp,
    id::{OrganizationId, ProjectId},
    organization_key::OrganizationKey,
    sealing::{SealError, Sealed},
};
use lru::LruCache;
use rand::RngCore;
use std::{
    collections::BTreeSet,
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};
use store::{
    Conn, Db, Tx,
    organization_keys::{self as table, KeptKey, folder::Folder},
};

/// Keys remembered by a node.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");

/// Organizations looked at together.
const PAGE: i64 = 500;

/// Where keys of organizations are kept.
#[derive(Debug, Clone)]
pub enum Kept {
    /// In a table that no backup holds; for servers that share a database.
    InDatabase,
    /// In a folder beside the server key; for a server alone.
    InFolder(Folder),
}

impl Kept {
    /// The keys after one, those destroyed included. The order is the place's own.
    pub(crate) async fn after(&self, db: &Db, last: &str, limit: i64) -> Result<Vec<KeptKey>> {
        Ok(match self {
            Self::InDatabase => table::after(&mut db.read().await?, last, limit).await?,
            Self::InFolder(folder) => {
                folder.after(last.parse().ok().as_ref(), usize::try_from(limit).unwrap_or(usize::MAX))?
            }
        })
    }

    /// Every key, those destroyed included.
    ///
    /// # Errors
    /// When the database or a file fails.
    pub async fn all(&self, db: &Db) -> Result<Vec<KeptKey>> {
        self.after(db, "", i64::MAX).await
    }

    /// Keeps a key where there is none, and destroys what was destroyed
    /// elsewhere; `false` where there was one.
    pub(crate) async fn put_back(&self, tx: &mut Tx, key: &KeptKey) -> Result<bool> {
        let whose = (&key.project_id, &key.organization_id);
        match self {
            Self::InDatabase => {
                let added = table::add(tx, key).await?;
                if let (false, Some(destroyed_at)) = (added, key.destroyed_at) {
                    table::destroy(tx, whose, destroyed_at).await?;
                }
                Ok(added)
            }
            Self::InFolder(folder) => {
                let added = folder.add(key)?;
                let living = |it: &KeptKey| it.destroyed_at.is_none();
                if !added && !living(key) && folder.find(whose.1)?.as_ref().is_some_and(living) {
                    folder.replace(key)?;
                }
                Ok(added)
            }
        }
    }

    /// Organizations with authenticator apps or recovery codes that nobody can
    /// read, because their key is not kept here.
    ///
    /// # Errors
    /// When the database or a file fails.
    pub async fn lacking(&self, db: &Db) -> Result<Vec<OrganizationId>> {
        let keys = self.all(db).await?.into_iter().filter(|it| it.sealed_key.is_some());
        let kept: BTreeSet<OrganizationId> = keys.map(|it| it.organization_id).collect();
        let (mut lacking, mut last) = (Vec::new(), String::new());
        loop {
            let page = table::needed(&mut db.read().await?, &last, PAGE).await?;
            let Some(newest) = page.last() else { return Ok(lacking) };
            last = newest.to_string();
            lacking.extend(page.into_iter().filter(|it| !kept.contains(it)));
        }
    }
}

pub struct OrganizationKeys {
    pub kept: Kept,
    remembered: Mutex<LruCache<OrganizationId, Arc<OrganizationKey>>>,
}

/// An organization and its project.
pub type Whose<'a> = (&'a ProjectId, &'a OrganizationId);

impl OrganizationKeys {
    pub fn kept(kept: Kept) -> Self {
        Self { kept, remembered: Mutex::new(LruCache::new(REMEMBERED)) }
    }

    /// The key, if there is one. What opens secrets calls this before its
    /// transaction, so that within it the key is remembered.
    ///
    /// # Errors
    /// When the database or the file fails, or the server key does not open it.
    pub async fn find(
        &self,
        app: &App,
        conn: &mut Conn,
        whose: Whose<'_>,
    ) -> Result<Option<Arc<OrganizationKey>>> {
        if let Some(key) = self.remembered().get(whose.1).cloned() {
            return Ok(Some(key));
        }
        let found = match &self.kept {
            Kept::InDatabase => table::find(conn, whose).await?,
            Kept::InFolder(folder) => folder.find(whose.1)?,
        };
        let Some(sealed) = found.and_then(|it| it.sealed_key) else { return Ok(None) };
        let key = Arc::new(OrganizationKey::open(&sealed, &app.server_key, whose)?);
        self.remembered().put(whose.1.clone(), key.clone());
        Ok(Some(key))
    }

    /// The key, made and kept where there was none. Not within a transaction.
    ///
    /// # Errors
    /// As of [`Self::find`]; `NoOrganizationKey` where it was destroyed.
    pub async fn ensure(
        &self,
        app: &App,
        whose: Whose<'_>,
        (now, rng): (Timestamp, &mut impl RngCore),
    ) -> Result<Arc<OrganizationKey>> {
        if let Some(key) = self.find(app, &mut app.db.read().await?, whose).await? {
            return Ok(key);
        }
        let sealed = OrganizationKey::random(rng).sealed(&app.server_key, whose, rng)?;
        let (project_id, organization_id) = (whose.0.clone(), whose.1.clone());
        let new = KeptKey {
            organization_id,
            project_id,
            sealed_key: Some(sealed),
            created_at: now,
            destroyed_at: None,
        };
        match &self.kept {
            Kept::InDatabase => {
                let mut tx = app.db.write().await?;
                table::add(&mut tx, &new).await?;
                tx.commit().await?;
            }
            Kept::InFolder(folder) => drop(folder.add(&new)?),
        }
        // Another may have been faster, or it was destroyed: what is kept holds.
        let found = self.find(app, &mut app.db.read().await?, whose).await?;
        Ok(found.ok_or(SealError::NoOrganizationKey)?)
    }

    /// Destroys the key: what is under it cannot be read any more, in no copy.
    ///
    /// # Errors
    /// When the database or the file fails.
    pub async fn destroy(&self, app: &App, whose: Whose<'_>, now: Timestamp) -> Result<()> {
        match &self.kept {
            Kept::InDatabase => {
                let mut tx = app.db.write().await?;
                if !table::destroy(&mut tx, whose, now).await? {
                    table::add(&mut tx, &destroyed(whose, now, now)).await?;
                }
                tx.commit().await?;
            }
            Kept::InFolder(folder) => {
                let created = folder.find(whose.1)?.map_or(now, |it| it.created_at);
                folder.replace(&destroyed(whose, created, now))?;
            }
        }
        self.remembered().pop(whose.1);
        Ok(())
    }

    /// The keys after one, to be sealed anew.
    pub(crate) async fn after(&self, app: &App, last: &str, limit: i64) -> Result<Vec<KeptKey>> {
        self.kept.after(&app.db, last, limit).await
    }

    /// Puts a key under another version of the server key; `false` when somebody was faster.
    pub(crate) async fn renew(&self, app: &App, before: &KeptKey, sealed: Sealed) -> Result<bool> {
        match &self.kept {
            Kept::InDatabase => {
                let mut tx = app.db.write().await?;
                let renewed = table::renew(&mut tx, before, &sealed).await?;
                tx.commit().await?;
                Ok(renewed)
            }
            Kept::InFolder(folder) => {
                // One command at a time rotates; an erasure meanwhile must stand.
                let present = folder.find(&before.organization_id)?.and_then(|it| it.sealed_key);
                if present != before.sealed_key {
                    return Ok(false);
                }
                folder.replace(&KeptKey { sealed_key: Some(sealed), ..before.clone() })?;
                Ok(true)
            }
        }
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, LruCache<OrganizationId, Arc<OrganizationKey>>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn destroyed((project, organization): Whose<'_>, created_at: Timestamp, now: Timestamp) -> KeptKey {
    KeptKey {
        organization_id: organization.clone(),
        project_id: project.clone(),
        sealed_key: None,
        created_at,
        destroyed_at: Some(now),
    }
}
