//! The end of a transaction: its events are chained, and everything is made durable.

use super::{Conn, Fault, Link, Tx};
use domain::audit::{chain::Entry, key::AuditKey};
use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, PoisonError},
    time::Duration,
};

/// A transaction that is open longer than this holds everybody up.
const LONG: Duration = Duration::from_millis(50);

impl Tx {
    /// Returns when everything is durable.
    ///
    /// # Errors
    /// When it could not be made durable; then nothing of it holds.
    pub async fn commit(mut self) -> Result<(), Fault> {
        let events = std::mem::take(&mut self.events);
        if !events.is_empty() {
            crate::audit::chaining::write(&mut self, events).await?;
        }
        let Self { conn, timed, afterwards, .. } = self;
        if timed.since.elapsed() > LONG {
            tracing::warn!(ms = timed.since.elapsed().as_millis(), "a transaction was open for long");
        }
        if conn.spoiled {
            return Err(Fault::Spoiled);
        }
        let done = match conn.link {
            Link::SqliteWrite(writer) => writer.commit().await,
            Link::PostgresWrite(writer) => writer.commit().await,
            Link::SqliteRead(_) | Link::PostgresRead(_) => Ok(()),
        };
        conn.watch.saw(&done);
        done?;
        timed.committed();
        for then in afterwards {
            then();
        }
        Ok(())
    }

    /// Has something done once everything is durable, and never if it is not.
    pub fn after_commit(&mut self, then: impl FnOnce() + Send + 'static) {
        self.afterwards.push(Box::new(then));
    }

    pub(crate) fn write_at_commit(&mut self, event: Entry) {
        self.events.push(event);
    }

    pub(crate) fn audit_key(&self) -> Option<Arc<AuditKey>> {
        self.audit_key.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
