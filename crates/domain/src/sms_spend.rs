//! What texts cost, summed.

use crate::{Timestamp, money::Micros, send_limits::Window, time::Span};

/// The longest time that a report tells of: a year, and one day of a leap year.
pub const LONGEST: Span = Span::days(366);

/// What some texts cost together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// With at least one attempt that is charged; each is counted with the last of them.
    pub messages: i64,
    /// That are charged: taken by a provider, or perhaps.
    pub attempts: i64,
    /// Messages whose code was entered.
    pub verified: i64,
    pub spent: Micros,
}

impl Sums {
    /// What a code that was entered cost, whole millionths; none without one.
    pub fn per_verified(self) -> Option<Micros> {
        (self.verified > 0).then(|| Micros::new((self.spent.get() + self.verified / 2) / self.verified))
    }
}

/// The number of the first day since 1970, in UTC, that begins at a time or later.
pub fn first_day(at: Timestamp) -> i64 {
    let day = Window::DAY.length().as_milliseconds();
    at.milliseconds().div_euclid(day) + i64::from(at.milliseconds().rem_euclid(day) > 0)
}

/// When that day begins.
pub fn beginning_of(day: i64) -> Timestamp {
    Timestamp::from_milliseconds(day.saturating_mul(Window::DAY.length().as_milliseconds()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_price_of_a_code_that_was_entered_is_rounded_to_the_millionth() {
        let of = |spent, verified| {
            Sums { verified, spent: Micros::new(spent), ..Sums::default() }.per_verified().map(Micros::get)
        };
        assert_eq!((of(11_300, 2), of(10, 3), of(11, 3), of(5, 0)), (Some(5_650), Some(3), Some(4), None));
    }

    #[test]
    fn a_day_belongs_to_the_time_in_which_it_begins() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let midnight = at("2026-03-01T00:00:00Z");
        assert_eq!(beginning_of(first_day(midnight)), midnight);
        assert_eq!(first_day(at("2026-02-28T00:00:00.001Z")), first_day(midnight));
    }
}
