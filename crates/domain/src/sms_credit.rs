//! The credit of unverified codes: each code sent to a country takes one, each
//! code entered gives more than one back, and time gives a little.
//!
//! People enter most of their codes, so that their organization never runs
//! out. Bots that pump texts into numbers nobody reads enter none.

use crate::{Timestamp, send_limits::Strictness, time::Span};
use serde::{Deserialize, Serialize};

/// Thousandths of a code.
const ONE: i64 = 1000;

/// The figures of a credit. The defaults were chosen by `tests/credit_simulation.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CreditRules {
    /// What an organization begins with in a country, in codes; 0 turns the credit off.
    pub start: u32,
}

impl Default for CreditRules {
    fn default() -> Self {
        Self { start: 30 }
    }
}

impl CreditRules {
    /// What can be earned by codes that are entered, as a multiple of the start.
    const MOST: i64 = 5;
    /// What a code that is entered gives back: itself, and half of one on top. So
    /// a third of all codes may get lost for ever.
    const GIVEN_BACK: i64 = ONE + ONE / 2;
    /// What is used up fills to the start again within so many times this.
    const ONE_EVERY: Span = Span::hours(1);

    pub fn is_on(self) -> bool {
        self.start > 0
    }

    /// Room for test suites, as with every other limit.
    #[must_use]
    pub fn in_force(self, strictness: Strictness) -> Self {
        match strictness {
            Strictness::Strict => self,
            Strictness::Roomy => Self { start: self.start.saturating_mul(1000) },
        }
    }

    fn start(self) -> i64 {
        i64::from(self.start) * ONE
    }
}

/// What is left, at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credit {
    /// Thousandths of a code.
    pub left: i64,
    pub at: Timestamp,
}

impl Credit {
    /// Of an organization that never sent to the country.
    pub fn new(rules: CreditRules, now: Timestamp) -> Self {
        Self { left: rules.start(), at: now }
    }

    /// What is left when a code is sent; none when it must not be.
    pub fn sent(self, rules: CreditRules, now: Timestamp) -> Option<Self> {
        let now = self.refilled(rules, now);
        (now.left >= ONE).then_some(Self { left: now.left - ONE, ..now })
    }

    /// What is left when nothing was sent after all.
    #[must_use]
    pub fn not_sent(self) -> Self {
        Self { left: self.left + ONE, ..self }
    }

    /// What is left when a code is entered.
    #[must_use]
    pub fn verified(self, rules: CreditRules, now: Timestamp) -> Self {
        let now = self.refilled(rules, now);
        let most = rules.start() * CreditRules::MOST;
        Self { left: (now.left + CreditRules::GIVEN_BACK).min(most.max(now.left)), ..now }
    }

    /// Time fills up to the start, and takes nothing that was earned. A clock that goes back does nothing.
    fn refilled(self, rules: CreditRules, now: Timestamp) -> Self {
        let every = CreditRules::ONE_EVERY.as_milliseconds() / ONE;
        let passed = (now.milliseconds() - self.at.milliseconds()).max(0);
        let earned = passed / every;
        let left =
            if self.left >= rules.start() { self.left } else { (self.left + earned).min(rules.start()) };
        // What is left of the last thousandth is not lost.
        Self { left, at: Timestamp::from_milliseconds(self.at.milliseconds() + earned * every) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_milliseconds(1_700_049_600_000);
    const THREE: CreditRules = CreditRules { start: 3 };

    #[test]
    fn what_nobody_enters_runs_out() {
        let two_left = Credit::new(THREE, NOON).sent(THREE, NOON).unwrap();
        let none_left = two_left.sent(THREE, NOON).unwrap().sent(THREE, NOON).unwrap();
        assert_eq!(none_left.sent(THREE, NOON), None);
        assert!(none_left.sent(THREE, NOON.plus(Span::minutes(59))).is_none());
        assert!(none_left.sent(THREE, NOON.plus(Span::hours(1))).is_some(), "time gives one back");
    }

    #[test]
    fn one_lost_code_in_four_is_borne_for_ever() {
        let mut credit = Credit::new(THREE, NOON);
        for round in 0..1000 {
            for code in 0..4 {
                let sent = credit.sent(THREE, NOON).unwrap_or_else(|| panic!("round {round}"));
                credit = if code == 0 { sent } else { sent.verified(THREE, NOON) };
            }
        }
    }

    #[test]
    fn waiting_earns_no_more_than_the_start() {
        let used = Credit::new(THREE, NOON).sent(THREE, NOON).unwrap();
        let later = used.verified(THREE, NOON.plus(Span::days(365)));
        assert_eq!(later.left, 3 * ONE + CreditRules::GIVEN_BACK);
        assert_eq!(used.sent(THREE, NOON.minus(Span::days(1))).unwrap().left, ONE, "a clock that went back");
    }
}
