//! What goes wrong on our side.

use std::sync::Arc;
use thiserror::Error;

/// The database failed, or holds what it must not. Never the caller's doing.
#[derive(Debug, Clone, Error)]
pub enum Fault {
    #[error("database: {0}")]
    Database(Arc<dyn std::error::Error + Send + Sync>),
    #[error("no database connection within the time allowed")]
    Busy,
    #[error("the commit shared with other transactions failed: {0}")]
    SharedCommit(String),
    #[error("a statement of the transaction failed; nothing of it can be kept")]
    Spoiled,
    #[error("the id of a new {0} is taken")]
    IdTaken(&'static str),
    #[error("a stored value cannot be read: {0}")]
    Unreadable(String),
    #[error("SQLite {found} is too old; {wanted} or newer is needed")]
    SqliteTooOld { found: &'static str, wanted: &'static str },
    #[error("the audit log has no key yet: the database was not opened with the server key")]
    NoAuditKey,
    #[error("{0}")]
    Installation(String),
}

/// A unique key was taken by another row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict;

impl Fault {
    pub(super) fn database(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Database(Arc::new(error))
    }
}
