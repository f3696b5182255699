//! Guess counters and the locks they close.
//!
//! The counting itself is a guarded statement of the store; here is what the
//! counted figures mean. See decision 13 to 15.

use crate::{Timestamp, time::Span};
use serde::{Deserialize, Serialize};

/// Consecutive second-factor failures that disable second factors until an administrator resets them.
pub const DISABLED_AT: i64 = 100;

/// Wrong guesses that burn one passcode.
pub const GUESSES_PER_PASSCODE: i64 = 5;

/// When a member is locked and for how long; per project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockPolicy {
    /// Consecutive failures that lock, 1 to 100.
    pub threshold: u32,
    /// Minutes until the lock expires, 5 to 10080.
    pub minutes: u32,
}

impl Default for LockPolicy {
    fn default() -> Self {
        Self { threshold: 10, minutes: 60 }
    }
}

impl LockPolicy {
    pub fn span(self) -> Span {
        Span::minutes(i64::from(self.minutes))
    }
}

/// One of a member's counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lock {
    pub locked_at: Option<Timestamp>,
    /// None beside a `locked_at`: until an administrator lifts it.
    pub locked_until: Option<Timestamp>,
}

impl Lock {
    pub fn holds(self, now: Timestamp) -> bool {
        self.locked_at.is_some() && self.locked_until.is_none_or(|until| now < until)
    }

    /// The one that holds longer, of those that hold.
    #[must_use]
    pub fn longer(self, other: Self, now: Timestamp) -> Self {
        match (self.holds(now), other.holds(now)) {
            (false, false) => Self::default(),
            (true, false) => self,
            (false, true) => other,
            (true, true) => {
                let endless_or_later =
                    |lock: Self| lock.locked_until.map_or(i64::MAX, Timestamp::milliseconds);
                if endless_or_later(self) >= endless_or_later(other) { self } else { other }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(until: Option<i64>) -> Lock {
        Lock {
            locked_at: Some(Timestamp::from_milliseconds(0)),
            locked_until: until.map(Timestamp::from_milliseconds),
        }
    }

    #[test]
    fn a_lock_holds_until_its_end_and_an_endless_one_for_good() {
        assert!(lock(Some(10)).holds(Timestamp::from_milliseconds(9)));
        assert!(!lock(Some(10)).holds(Timestamp::from_milliseconds(10)));
        assert!(lock(None).holds(Timestamp::from_milliseconds(i64::MAX)));
    }

    #[test]
    fn of_two_locks_the_longer_is_told() {
        let now = Timestamp::from_milliseconds(1);
        assert_eq!(lock(Some(10)).longer(lock(Some(20)), now), lock(Some(20)));
        assert_eq!(lock(None).longer(lock(Some(20)), now), lock(None));
        assert_eq!(lock(Some(1)).longer(Lock::default(), now), Lock::default());
    }
}
