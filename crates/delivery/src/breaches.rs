//! Whether a password is known from a data breach: by a list on disk, or by a
//! range service that is told five digits of a digest and no more.

mod list;
mod range;

use crate::fault::ConfigurationFault;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use data_encoding::HEXUPPER;
use domain::passwords::Password;
use list::List;
use range::Range;
use std::path::Path;
use thiserror::Error;

/// One source of breached passwords, as the operator configured it.
#[derive(Clone, Debug)]
pub struct Breaches {
    source: Source,
    fail_open: bool,
}

#[derive(Clone, Debug)]
enum Source {
    Nowhere,
    List(List),
    Range(Range),
}

/// The source did not answer, or not intelligibly, and the operator did not
/// say that passwords may pass then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the source of breached passwords did not answer")]
pub struct Unanswered;

impl Breaches {
    /// No source: nothing is known of any password.
    pub fn nowhere() -> Self {
        Self { source: Source::Nowhere, fail_open: false }
    }

    /// A file of `SHA-1:COUNT` lines, sorted by digest; read where it is looked at, never whole.
    ///
    /// # Errors
    /// When the file cannot be opened or is not of that form.
    pub fn list(file: &Path) -> Result<Self, ConfigurationFault> {
        Ok(Self { source: Source::List(List::open(file)?), fail_open: false })
    }

    /// A service that answers `GET url + five digits` with the rest of the
    /// digests it knows. https, or http on a loopback host.
    ///
    /// # Errors
    /// What of the configuration is impossible.
    pub fn range(url: &str) -> Result<Self, ConfigurationFault> {
        Ok(Self { source: Source::Range(Range::new(url)?), fail_open: false })
    }

    /// Lets passwords pass while the source does not answer.
    #[must_use]
    pub fn failing_open(self, fail_open: bool) -> Self {
        Self { fail_open, ..self }
    }

    /// Whether there is a source to ask.
    pub fn is_on(&self) -> bool {
        match self.source {
            Source::Nowhere => false,
            Source::List(_) | Source::Range(_) => true,
        }
    }

    /// # Errors
    /// `Unanswered`, unless the operator lets passwords pass then.
    pub async fn know(&self, password: &Password) -> Result<bool, Unanswered> {
        let print = digest(&SHA1_FOR_LEGACY_USE_ONLY, password.expose().as_bytes());
        let print = HEXUPPER.encode(print.as_ref());
        let known = match &self.source {
            Source::Nowhere => return Ok(false),
            Source::List(list) => list.know(print).await,
            Source::Range(range) => range.know(&print).await,
        };
        match known {
            Err(Unanswered) if self.fail_open => {
                tracing::warn!("a password passed without a look at known breaches");
                Ok(false)
            }
            known => known,
        }
    }
}
