//! The key that proves the audit log of a database.

use super::Db;
use domain::audit::key::AuditKey;
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
