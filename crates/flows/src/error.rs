//! The two kinds of failure: the caller's business, and ours.

use domain::{Refusal, projects::setting::SettingError, sealing::SealError};
use store::Fault;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum Error {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Broke(#[from] Fault),
    #[error(transparent)]
    Sealed(#[from] SealError),
    #[error("signing or reading a key failed: {0}")]
    Signing(String),
    /// A project setting that cannot be taken; tells what could.
    #[error(transparent)]
    Setting(SettingError),
    /// At the command line only: what was asked cannot be, and why.
    #[error("{0}")]
    Operator(String),
}

pub type Result<T> = std::result::Result<T, Error>;

/// A refusal that stands in the database: a guess was counted, so the
/// transaction is committed before the refusal is told. Every other refusal
/// comes before anything was compared, and rolls back.
pub type Counted<T> = std::result::Result<T, Refusal>;
