//! What a database holds for its audit log: the key that proves it, and the
//! events of a transaction until its commit.

use super::{Db, Tx};
use domain::audit::{chain::Entry, key::AuditKey};
use std::sync::{Arc, PoisonError, RwLock};

/// What proves the audit log; known once the database was opened with the server key.
pub(super) type SharedAuditKey = Arc<RwLock<Option<Arc<AuditKey>>>>;

impl Db {
    /// What proves the audit log from now on. Before, no event can be written.
    pub fn prove_with(&self, key: AuditKey) {
        *self.audit_key.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(key));
    }

    /// What proves the audit log, once it is known.
    pub fn audit_key(&self) -> Option<Arc<AuditKey>> {
        self.audit_key.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Tx {
    pub(crate) fn write_at_commit(&mut self, event: Entry) {
        self.events.push(event);
    }

    pub(crate) fn audit_key(&self) -> Option<Arc<AuditKey>> {
        self.audit_key.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
