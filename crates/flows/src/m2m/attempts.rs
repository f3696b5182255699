//! Failed attempts with a client's secret, counted in memory.
//!
//! Advisory: each node counts for itself, forgets on restart, and remembers
//! the clients of the last failures only. It slows guessing down where a
//! secret can be guessed at all; 256 random bits need no such help.

use domain::{Timestamp, digest::Digest, id::ProjectId, send_limits::Strictness, time::Span};
use lru::LruCache;
use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

/// Failures in a row before attempts are slowed down.
const BURST: i64 = 20;
/// How long until one more attempt may fail.
const REFILL: Span = Span::seconds(3);
/// Room for test suites.
const ROOMY: i64 = 1000;
const CLIENTS: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");

/// A bucket of attempts for each client that failed lately.
pub struct Attempts {
    /// When each bucket will be full again: what is missing in it, as a time.
    full_again: Mutex<LruCache<Digest, Timestamp>>,
    burst: i64,
}

/// One client of one project, existing or not.
pub struct Counted(Digest);

impl Counted {
    pub fn new(project: &ProjectId, client_id: &str) -> Self {
        Self(Digest::of(format!("{project} {client_id}").as_bytes()))
    }
}

impl Attempts {
    pub fn new(strictness: Strictness) -> Self {
        let burst = match strictness {
            Strictness::Strict => BURST,
            Strictness::Roomy => BURST * ROOMY,
        };
        Self { full_again: Mutex::new(LruCache::new(CLIENTS)), burst }
    }

    /// Pays for an attempt in advance, so that attempts at the same time count too; `false` when none is left.
    pub fn take(&self, counted: &Counted, now: Timestamp) -> bool {
        let mut buckets = self.full_again.lock().unwrap_or_else(PoisonError::into_inner);
        let emptied = now.plus(Span::milliseconds(REFILL.as_milliseconds() * self.burst));
        // Between now and then, even after the development clock went back.
        let full_again = buckets.get(&counted.0).copied().unwrap_or(now).max(now).min(emptied);
        let after = full_again.plus(REFILL);
        if after > emptied {
            return false;
        }
        buckets.put(counted.0.clone(), after);
        true
    }

    /// Gives back what was paid for an attempt that did not fail.
    pub fn give_back(&self, counted: &Counted) {
        let mut buckets = self.full_again.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(full_again) = buckets.get_mut(&counted.0) {
            *full_again = full_again.minus(REFILL);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_milliseconds(1_700_000_000_000);

    fn counted(client: &str) -> Counted {
        let project = "project-test-00000000-0000-4000-8000-000000000001".parse().unwrap();
        Counted::new(&project, client)
    }

    #[test]
    fn a_bucket_empties_and_refills_by_itself() {
        let attempts = Attempts::new(Strictness::Strict);
        assert!((0..BURST).all(|_| attempts.take(&counted("a"), NOW)));
        assert!(!attempts.take(&counted("a"), NOW));
        assert!(attempts.take(&counted("b"), NOW), "each client has its own");
        let later = NOW.plus(REFILL);
        assert!(attempts.take(&counted("a"), later));
        assert!(!attempts.take(&counted("a"), later));
    }

    #[test]
    fn what_succeeds_costs_nothing() {
        let attempts = Attempts::new(Strictness::Strict);
        for _ in 0..10 * BURST {
            assert!(attempts.take(&counted("a"), NOW));
            attempts.give_back(&counted("a"));
        }
    }
}
