//! When sessions were last used, written behind.
//!
//! A check of a session changes nothing durable; its time is collected here
//! and written within seconds. It is never a security decision by itself.

use domain::{Timestamp, digest::Digest, id::ProjectId};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use store::{Db, Fault};
use tokio::task::JoinSet;

#[derive(Default)]
pub struct Touched(Mutex<HashMap<Digest, (ProjectId, Timestamp)>>);

/// More than this between two writes are forgotten: a hint must not fill the memory.
const MOST: usize = 100_000;
/// Written side by side, so that they share durable commits and leave connections to others.
const AT_ONCE: usize = 8;

impl Touched {
    pub fn note(&self, project: &ProjectId, token: &Digest, at: Timestamp) {
        let mut touched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if touched.len() < MOST || touched.contains_key(token) {
            touched.insert(token.clone(), (project.clone(), at));
        }
    }

    /// Writes what was collected. The server calls it every few seconds and before it stops.
    ///
    /// # Errors
    /// When the database fails; what was not written is forgotten.
    pub async fn write(&self, db: &Db) -> Result<(), Fault> {
        let collected = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let collected: Vec<_> = collected.into_iter().collect();
        for some in collected.chunks(AT_ONCE) {
            let mut writing = JoinSet::new();
            for (token, (project, at)) in some.iter().cloned() {
                writing.spawn(write_one(db.clone(), project, token, at));
            }
            writing.join_all().await.into_iter().collect::<Result<(), Fault>>()?;
        }
        Ok(())
    }
}

/// A transaction each: one that holds several rows could deadlock with whoever ends those sessions.
async fn write_one(db: Db, project: ProjectId, token: Digest, at: Timestamp) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    store::sessions::touch(&mut tx, &project, &token, at).await?;
    tx.commit().await
}
