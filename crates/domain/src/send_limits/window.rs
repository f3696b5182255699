//! The time in which something is counted.

use crate::{Timestamp, time::Span};
use std::fmt;
use time::OffsetDateTime;

/// Windows are fixed and aligned to the clock, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Window {
    Of(Span),
    /// From the first of a month to the next.
    Month,
}

/// How the month is told from a window of that many days: nothing else is counted so long.
const MONTH: Span = Span::days(31);

impl Window {
    pub const HOUR: Self = Self::Of(Span::hours(1));
    pub const DAY: Self = Self::Of(Span::days(1));

    /// When the window that holds `now` began.
    pub fn start(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Of(span) => {
                let length = span.as_milliseconds();
                Timestamp::from_milliseconds(now.milliseconds().div_euclid(length) * length)
            }
            Self::Month => {
                let day = Self::DAY.start(now);
                let date = OffsetDateTime::from_unix_timestamp(day.seconds()).map_or(1, OffsetDateTime::day);
                day.minus(Span::days(i64::from(date) - 1))
            }
        }
    }

    /// When the next one begins.
    pub fn end(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Of(span) => self.start(now).plus(span),
            // The longest month is over then, and the one after it is not.
            Self::Month => self.start(self.start(now).plus(MONTH)),
        }
    }

    /// As events and reports name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::HOUR => "hour",
            Self::DAY => "day",
            Self::Month => "month",
            Self::Of(_) => "pause",
        }
    }

    /// No window is longer; 31 days for every month.
    pub fn length(self) -> Span {
        match self {
            Self::Of(span) => span,
            Self::Month => MONTH,
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::HOUR => f.write_str("this hour"),
            Self::DAY => f.write_str("today (UTC)"),
            Self::Month => f.write_str("this month (UTC)"),
            Self::Of(span) => write!(f, "{} seconds", span.as_milliseconds() / 1000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn windows_are_aligned_to_the_clock() {
        let now = at("2026-02-28T23:59:59.5Z");
        assert_eq!(Window::HOUR.start(now), at("2026-02-28T23:00:00Z"));
        assert_eq!(Window::DAY.start(now), at("2026-02-28T00:00:00Z"));
        assert_eq!(Window::Month.start(now), at("2026-02-01T00:00:00Z"));
        assert_eq!(Window::Month.start(at("2026-03-01T00:00:00Z")), at("2026-03-01T00:00:00Z"));
        assert_eq!(Window::DAY.end(now), at("2026-03-01T00:00:00Z"));
        for (within, next) in [
            ("2026-02-28T23:59:59Z", "2026-03-01"),
            ("2026-03-01T00:00:00Z", "2026-04-01"),
            ("2026-12-31T00:00:00Z", "2027-01-01"),
        ] {
            assert_eq!(Window::Month.end(at(within)), at(&format!("{next}T00:00:00Z")));
        }
    }
}
