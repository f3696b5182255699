//! How fast this node lets somebody call: by project, and by address for
//! whoever shows no right credentials.
//!
//! Advisory: each node counts for itself and forgets on restart. What protects
//! members is counted in the database.

use super::peer::Peer;
use crate::error::{Error, Result};
use domain::id::ProjectId;
use lru::LruCache;
use metrics::counter;
use std::{
    hash::Hash,
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Its name; counts the calls refused, by what they were counted by.
pub(super) const LIMITED: &str = "vestibule_rate_limited_total";
/// What calls are counted by.
pub(super) const BY: [&str; 3] = ["project", "address", "failures"];
/// Keys that each kind of bucket remembers; the longest unused is forgotten.
const KEYS: NonZeroUsize = NonZeroUsize::new(20_000).expect("not zero");
/// A bucket holds what flows into it in this time.
const DEPTH_SECONDS: u32 = 2;

/// Calls a second; 0 for as many as come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    pub calls_of_a_project: u32,
    /// Calls that need no credentials, from one address.
    pub visits: u32,
    /// Calls with wrong credentials or none, from one address.
    pub failures: u32,
    /// Proxies in front that append to `X-Forwarded-For`.
    pub trusted_hops: usize,
}

/// What the callers of this node have left.
pub struct Limits {
    projects: Buckets<ProjectId>,
    visits: Buckets<Peer>,
    failures: Buckets<Peer>,
    trusted_hops: usize,
}

impl Limits {
    pub fn new(rates: Rates) -> Self {
        Self {
            projects: Buckets::new(rates.calls_of_a_project),
            visits: Buckets::new(rates.visits),
            failures: Buckets::new(rates.failures),
            trusted_hops: rates.trusted_hops,
        }
    }

    /// As many calls as come: for development, and for tests.
    pub fn none() -> Self {
        Self::new(Rates { calls_of_a_project: 0, visits: 0, failures: 0, trusted_hops: 0 })
    }

    pub(super) fn trusted_hops(&self) -> usize {
        self.trusted_hops
    }

    /// Counts a call of whoever showed the project's secret.
    pub(super) fn call(&self, project: &ProjectId) -> Result<()> {
        self.projects.take(project, Instant::now()).map_err(|wait| too_fast(BY[0], wait))
    }

    /// Counts a call that needs no credentials.
    pub(super) fn visit(&self, peer: Peer) -> Result<()> {
        self.visits.take(&peer, Instant::now()).map_err(|wait| too_fast(BY[1], wait))
    }

    /// Counts a question that a failure would answer, too.
    pub(super) fn probe(&self, peer: Peer) -> Result<()> {
        self.failures.take(&peer, Instant::now()).map_err(|wait| too_fast("failures", wait))
    }

    /// Counts a failure; what to answer.
    pub(super) fn failed(&self, peer: Peer, error: Error) -> Error {
        match self.failures.take(&peer, Instant::now()) {
            Ok(()) => error,
            Err(wait) => too_fast(BY[2], wait),
        }
    }
}

fn too_fast(by: &'static str, wait: Duration) -> Error {
    counter!(LIMITED, "by" => by).increment(1);
    Error::TooFast(wait.as_secs() + 1)
}

struct Buckets<K: Hash + Eq> {
    /// When each bucket will be full again: what is missing in it, as a time.
    full_again: Mutex<LruCache<K, Instant>>,
    /// Between two calls at the full rate; none for no limit.
    refill: Option<Duration>,
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    fn new(a_second: u32) -> Self {
        let refill = Duration::from_secs(1).checked_div(a_second);
        Self { full_again: Mutex::new(LruCache::new(KEYS)), refill }
    }

    /// Takes one out; how long until there is one, if there is none.
    fn take(&self, key: &K, now: Instant) -> std::result::Result<(), Duration> {
        let Some(refill) = self.refill else { return Ok(()) };
        let emptied = now + Duration::from_secs(DEPTH_SECONDS.into());
        let mut buckets = self.full_again.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(full_again) = buckets.get_mut(key) {
            let after = (*full_again).max(now) + refill;
            if after > emptied {
                return Err(after - emptied);
            }
            *full_again = after;
        } else {
            buckets.put(key.clone(), now + refill);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_refills_at_its_rate() {
        let (buckets, now) = (Buckets::new(10), Instant::now());
        assert!((0..20).all(|_| buckets.take(&"a", now).is_ok()), "two seconds' worth at once");
        let wait = buckets.take(&"a", now).unwrap_err();
        assert!(wait <= Duration::from_millis(100), "{wait:?}");
        assert!(buckets.take(&"b", now).is_ok(), "each has its own");
        assert!(buckets.take(&"a", now + Duration::from_millis(100)).is_ok());
        assert!(buckets.take(&"a", now + Duration::from_millis(100)).is_err());
    }

    #[test]
    fn no_rate_is_no_limit_and_memory_is_bounded() {
        let now = Instant::now();
        assert!((0..1000).all(|_| Buckets::new(0).take(&"a", now).is_ok()));
        let buckets = Buckets::new(1);
        for number in 0..KEYS.get() * 2 {
            buckets.take(&number, now).unwrap();
        }
        assert_eq!(buckets.full_again.lock().unwrap().len(), KEYS.get());
    }
}
