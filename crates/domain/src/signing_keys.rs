//! The life of a signing key: published, then signing, then retired, then gone.

use crate::{Timestamp, time::Span};
use std::fmt;
use thiserror::Error;

/// A key older than this is due to be replaced.
pub const DUE: Span = Span::days(182);
/// What a client that just read the key set may take to read it again.
pub const LEAST_NOTICE: Span = Span::minutes(10);
/// From publication to the first signature, unless the operator says otherwise.
pub const NOTICE: Span = Span::minutes(15);
/// Twice what the longest JWT lives.
pub const LEAST_OVERLAP: Span = Span::hours(2);
/// From a key's last signature to its end, unless the operator says otherwise.
pub const OVERLAP: Span = Span::days(30);

/// When a key does what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    pub created_at: Timestamp,
    /// Signs from here on, while no younger key does.
    pub activates_at: Timestamp,
    /// Listed and believed until here; none while nothing follows it.
    pub retires_at: Option<Timestamp>,
}

/// Where a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Listed for clients to learn; does not sign yet.
    Published,
    Signing,
    /// Listed while its last tokens live.
    Retired,
    /// Neither listed nor believed.
    Gone,
}

/// How a key is followed by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handover {
    notice: Span,
    overlap: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HandoverError {
    #[error(
        "a new key must be listed for 10 minutes before it signs, or clients with a cached key set refuse its tokens"
    )]
    Notice,
    #[error(
        "an old key must stay listed for 2 hours after its last signature, or its last tokens are refused"
    )]
    Overlap,
}

impl Life {
    /// Of a key that signs at once: the first of a project, or after an emergency.
    pub fn at_once(now: Timestamp) -> Self {
        Self { created_at: now, activates_at: now, retires_at: None }
    }

    pub fn is_listed(&self, now: Timestamp) -> bool {
        self.retires_at.is_none_or(|it| now < it)
    }

    pub fn is_due(&self, now: Timestamp) -> bool {
        self.retires_at.is_none() && self.created_at.plus(DUE) <= now
    }
}

impl Handover {
    /// # Errors
    /// When clients could not follow.
    pub fn new(notice: Span, overlap: Span) -> Result<Self, HandoverError> {
        match () {
            () if notice < LEAST_NOTICE => Err(HandoverError::Notice),
            () if overlap < LEAST_OVERLAP => Err(HandoverError::Overlap),
            () => Ok(Self { notice, overlap }),
        }
    }

    /// The life of the key that follows.
    pub fn next(&self, now: Timestamp) -> Life {
        Life { created_at: now, activates_at: now.plus(self.notice), retires_at: None }
    }

    /// The end of the keys before it.
    pub fn end_of_old(&self, now: Timestamp) -> Timestamp {
        now.plus(self.notice).plus(self.overlap)
    }
}

impl Default for Handover {
    fn default() -> Self {
        Self { notice: NOTICE, overlap: OVERLAP }
    }
}

/// Which of a project's keys signs: of those whose time has come, the one
/// whose time came last. Where a clock is behind them all, the first to come.
pub fn signing<K>(keys: &[K], life: impl Fn(&K) -> Life, now: Timestamp) -> Option<&K> {
    let listed = || keys.iter().filter(|it| life(it).is_listed(now));
    let active = listed().filter(|it| life(it).activates_at <= now);
    active.max_by_key(|it| life(it).activates_at).or_else(|| listed().min_by_key(|it| life(it).activates_at))
}

/// Where a key stands, given whether it is the one that signs.
pub fn stage(life: Life, signs: bool, now: Timestamp) -> Stage {
    match () {
        () if !life.is_listed(now) => Stage::Gone,
        () if signs => Stage::Signing,
        () if now < life.activates_at => Stage::Published,
        () => Stage::Retired,
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Published => "published",
            Self::Signing => "signing",
            Self::Retired => "retired",
            Self::Gone => "gone",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_milliseconds(1_700_000_000_000);

    #[test]
    fn a_key_is_published_then_signs_and_the_old_one_ends_after_the_overlap() {
        let plan = Handover::default();
        let new = plan.next(NOW);
        let old =
            Life { retires_at: Some(plan.end_of_old(NOW)), ..Life::at_once(NOW.minus(Span::days(200))) };
        let at = |span| {
            let now = NOW.plus(span);
            let signs = |life| signing(&[old, new], |it| *it, now) == Some(life);
            (stage(old, signs(&old), now), stage(new, signs(&new), now))
        };
        assert_eq!(at(Span::seconds(0)), (Stage::Signing, Stage::Published));
        assert_eq!(at(NOTICE), (Stage::Retired, Stage::Signing));
        assert_eq!(at(OVERLAP), (Stage::Retired, Stage::Signing));
        assert_eq!(at(Span::days(31)), (Stage::Gone, Stage::Signing));
    }

    #[test]
    fn a_clock_behind_every_key_still_finds_one_to_sign_with() {
        let (one, two) = (Life::at_once(NOW), Life::at_once(NOW.plus(Span::hours(1))));
        assert_eq!(signing(&[two, one], |it| *it, NOW.minus(Span::days(1))), Some(&one));
    }

    #[test]
    fn clients_are_given_the_time_to_follow() {
        assert_eq!(Handover::new(Span::minutes(9), OVERLAP), Err(HandoverError::Notice));
        assert_eq!(Handover::new(NOTICE, Span::minutes(119)), Err(HandoverError::Overlap));
        assert!(Handover::new(LEAST_NOTICE, LEAST_OVERLAP).is_ok());
    }

    #[test]
    fn a_key_that_nothing_follows_is_due_after_half_a_year() {
        let life = Life::at_once(NOW);
        assert!(!life.is_due(NOW.plus(Span::days(181))) && life.is_due(NOW.plus(DUE)));
        assert!(!Life { retires_at: Some(NOW.plus(Span::days(300))), ..life }.is_due(NOW.plus(DUE)));
    }
}
