//! When a provider is left alone for a while: the circuit breaker, a pure state
//! machine. It moves providers of texts in the order they are tried in, and lets
//! mail wait while its only server hangs. It refuses nothing.

use domain::{Timestamp, time::Span};

/// Failures in a row that open the circuit.
const IN_A_ROW: u32 = 3;
/// Or this share of the last [`REMEMBERED`] outcomes, once there are [`ENOUGH`].
const REMEMBERED: u32 = 20;
const ENOUGH: u32 = 10;
const BAD_PERCENT: u32 = 50;
/// How long the circuit stays open where another provider takes over.
const RELIEVED: Rest = Rest { first: Span::seconds(30), longest: Span::minutes(5) };
/// And where none does: what waits may carry codes, which live for minutes.
const ALONE: Rest = Rest { first: Span::seconds(2), longest: Span::seconds(15) };
/// A probe whose outcome nobody told within this time is forgotten.
const PROBE_LIMIT: Span = Span::seconds(10);

/// One provider's circuit, on this node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaker {
    rest: Rest,
    circuit: Circuit,
    outcomes: Outcomes,
}

/// Of an open circuit: twice as long after each probe that fails, up to the longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rest {
    first: Span,
    longest: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Circuit {
    Closed,
    Open { until: Timestamp, cool_down: Span },
    HalfOpen { probed_at: Timestamp, cool_down: Span },
}

/// The last outcomes, the newest in the lowest bit; 1 is a failure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Outcomes {
    bits: u32,
    count: u32,
}

impl Default for Breaker {
    fn default() -> Self {
        Self::resting(RELIEVED)
    }
}

impl Breaker {
    /// Of a provider that has no other beside it.
    pub fn alone() -> Self {
        Self::resting(ALONE)
    }

    fn resting(rest: Rest) -> Self {
        Self { rest, circuit: Circuit::Closed, outcomes: Outcomes::default() }
    }

    /// Whether a message may go now; the probe is this one then.
    pub fn admit(&mut self, now: Timestamp) -> bool {
        let admits = self.admits(now);
        if admits {
            self.begin(now);
        }
        admits
    }

    /// Whether the provider keeps its place in the order: its circuit is closed,
    /// or the next message may be the probe.
    pub fn admits(&self, now: Timestamp) -> bool {
        match self.circuit {
            Circuit::Closed => true,
            Circuit::Open { until, cool_down: _ } => now >= until,
            Circuit::HalfOpen { probed_at, cool_down: _ } => now >= probed_at.plus(PROBE_LIMIT),
        }
    }

    /// A message goes to the provider. The first one after the cool-down is the probe.
    pub fn begin(&mut self, now: Timestamp) {
        let (Circuit::Open { cool_down, .. } | Circuit::HalfOpen { cool_down, .. }) = self.circuit else {
            return;
        };
        if self.admits(now) {
            self.circuit = Circuit::HalfOpen { probed_at: now, cool_down };
        }
    }

    /// The provider did its part. Closes the circuit, whatever it was.
    pub fn succeed(&mut self) {
        if self.circuit != Circuit::Closed {
            *self = Self::resting(self.rest);
        }
        self.outcomes.note(false);
    }

    /// The provider did not do its part.
    pub fn fail(&mut self, now: Timestamp) {
        self.outcomes.note(true);
        match self.circuit {
            Circuit::Closed if self.outcomes.are_bad() => self.open(now, self.rest.first),
            Circuit::HalfOpen { cool_down, .. } => self.open(now, twice(cool_down).min(self.rest.longest)),
            // A message sent for want of anything better changes nothing.
            Circuit::Closed | Circuit::Open { .. } => {}
        }
    }

    fn open(&mut self, now: Timestamp, cool_down: Span) {
        self.circuit = Circuit::Open { until: now.plus(cool_down), cool_down };
        self.outcomes = Outcomes::default();
    }
}

impl Outcomes {
    fn note(&mut self, failed: bool) {
        self.bits = (self.bits << 1 | u32::from(failed)) & ((1 << REMEMBERED) - 1);
        self.count = (self.count + 1).min(REMEMBERED);
    }

    fn are_bad(self) -> bool {
        let failures = self.bits.count_ones();
        self.bits.trailing_ones() >= IN_A_ROW
            || (self.count >= ENOUGH && failures * 100 >= self.count * BAD_PERCENT)
    }
}

fn twice(cool_down: Span) -> Span {
    Span::milliseconds(cool_down.as_milliseconds().saturating_mul(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `+` a success, `-` a failure, `b` a message that begins, `0` to `9` that
    /// many times ten seconds pass.
    fn after(story: &str) -> (Breaker, Timestamp) {
        let (mut breaker, mut now) = (Breaker::default(), Timestamp::from_milliseconds(0));
        for event in story.chars() {
            match event {
                '+' => breaker.succeed(),
                '-' => breaker.fail(now),
                'b' => breaker.begin(now),
                digit => {
                    now = now.plus(Span::seconds(10 * i64::from(digit.to_digit(10).expect("a digit"))));
                }
            }
        }
        (breaker, now)
    }

    #[test]
    fn a_provider_keeps_its_place_or_not() {
        for (story, keeps) in [
            ("", true),
            ("--", true),
            ("---", false),
            ("--+--+--", true),
            ("+-+-+-+-+-", false),
            ("+-+-+-+-+", true),
            ("++-++-++-++-++-++-++-", true),
            ("---2", false),
            ("---3", true),
            ("---3b", false), // one probe at a time
            ("---3b1", true), // whose outcome was never told
            ("---3b+", true),
            ("---3b+--", true), // and its past is forgotten
            ("---3b-", false),
            ("---3b-5", false), // the cool-down doubles
            ("---3b-6", true),
            ("---3b-6b-999", true),
            ("---b", false), // sent for want of anything better
            ("---b-2", false),
            ("---b-3", true),
            ("---b+", true),
        ] {
            let (breaker, now) = after(story);
            assert_eq!(breaker.admits(now), keeps, "{story}");
        }
    }

    #[test]
    fn one_that_is_alone_is_probed_by_one_message_every_fifteen_seconds_at_least() {
        let (mut breaker, mut now) = (Breaker::alone(), Timestamp::from_milliseconds(0));
        (0..3).for_each(|_| breaker.fail(now));
        for seconds in [2, 4, 8, 15, 15] {
            assert!(!breaker.admit(now.plus(Span::milliseconds(seconds * 1000 - 1))), "{seconds}");
            now = now.plus(Span::seconds(seconds));
            assert_eq!([breaker.admit(now), breaker.admit(now)], [true, false], "{seconds}");
            breaker.fail(now);
        }
    }

    #[test]
    fn the_cool_down_ends_at_five_minutes() {
        let (breaker, now) = after("---3b-6b-99b-99b-99b-");
        assert!(!breaker.admits(now.plus(Span::seconds(299))));
        assert!(breaker.admits(now.plus(Span::minutes(5))));
    }
}
