//! What goes wrong on our side.

use super::{
    figures,
    trouble::{self, Trouble},
};
use std::sync::Arc;
use thiserror::Error;

/// The database failed, or holds what it must not. Never the caller's doing.
#[derive(Debug, Clone, Error)]
pub enum Fault {
    #[error("database{}", trouble::told(&**.0))]
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
    #[error("the audit log is proved with a newer key, which this node takes up within seconds")]
    NewAuditKey,
    #[error("{0}")]
    Installation(String),
}

/// A unique key was taken by another row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict;

impl Fault {
    pub(super) fn database(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        let error = Arc::new(error);
        if !trouble::is_of_the_data(&*error) {
            figures::fault(trouble::code(&*error).unwrap_or_else(|| "none".to_owned()));
        }
        Self::Database(error)
    }

    /// Whether the database is the trouble, and not what it was asked: the
    /// same call may go well later. Nothing of it was kept.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Database(error) => trouble::of(&**error).is_some(),
            Self::Busy | Self::SharedCommit(_) | Self::NewAuditKey => true,
            Self::Spoiled
            | Self::NoAuditKey
            | Self::IdTaken(_)
            | Self::Unreadable(_)
            | Self::SqliteTooOld { .. }
            | Self::Installation(_) => false,
        }
    }

    /// Whether nothing can be written at the moment.
    pub(super) fn keeps_from_writing(&self) -> bool {
        match self {
            Self::Database(error) => trouble::of(&**error) == Some(Trouble::Write),
            Self::SharedCommit(_) => true,
            Self::Busy
            | Self::Spoiled
            | Self::NoAuditKey
            | Self::NewAuditKey
            | Self::IdTaken(_)
            | Self::Unreadable(_)
            | Self::SqliteTooOld { .. }
            | Self::Installation(_) => false,
        }
    }
}
