//! Points in time. The clock itself belongs to the server; here time is a value.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use thiserror::Error;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// A length of time, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(i64);

impl Span {
    pub const fn milliseconds(count: i64) -> Self {
        Self(count)
    }
    pub const fn seconds(count: i64) -> Self {
        Self(count * 1000)
    }
    pub const fn minutes(count: i64) -> Self {
        Self::seconds(count * 60)
    }
    pub const fn hours(count: i64) -> Self {
        Self::minutes(count * 60)
    }
    pub const fn days(count: i64) -> Self {
        Self::hours(count * 24)
    }
    pub const fn as_milliseconds(self) -> i64 {
        self.0
    }
    /// Whole minutes, as people are told.
    pub const fn as_minutes(self) -> i64 {
        self.0 / 60_000
    }
}

impl Timestamp {
    pub const fn from_milliseconds(since_epoch: i64) -> Self {
        Self(since_epoch)
    }
    pub const fn milliseconds(self) -> i64 {
        self.0
    }
    /// Whole seconds since the epoch, as JWTs and TOTP count them.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }
    #[must_use]
    pub const fn plus(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
    #[must_use]
    pub const fn minus(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
    /// The earlier of two points.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Ord::min(self, other)
    }
}

/// The years 0 to 9999 are all that RFC 3339 writes: what lies beyond is
/// written as their first or last moment, for `Display` must not fail.
const FIRST_WRITTEN: i64 = -62_167_219_200_000;
const LAST_WRITTEN: i64 = 253_402_300_799_999;

/// RFC 3339 in UTC, with `T` and `Z`, milliseconds where they are not zero.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = self.0.clamp(FIRST_WRITTEN, LAST_WRITTEN);
        let text = OffsetDateTime::from_unix_timestamp_nanos(i128::from(written) * 1_000_000)
            .ok()
            .and_then(|at| at.format(&Rfc3339).ok())
            .ok_or(fmt::Error)?;
        f.write_str(&text)
    }
}

/// Reads what `Display` writes.
impl FromStr for Timestamp {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let at = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| NotATime)?;
        i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000_000)).map(Self).map_err(|_| NotATime)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a time as RFC 3339 writes it")]
pub struct NotATime;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_reads_as_rfc_3339() {
        assert_eq!(Timestamp::from_milliseconds(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Timestamp::from_milliseconds(1_700_000_000_250).to_string(), "2023-11-14T22:13:20.25Z");
    }

    #[test]
    fn what_lies_beyond_the_calendar_is_written_as_its_end() {
        let written = |it: i64| Timestamp::from_milliseconds(it).to_string();
        assert_eq!(written(i64::MAX), "9999-12-31T23:59:59.999Z");
        assert_eq!(written(i64::MIN), "0000-01-01T00:00:00Z");
    }

    #[test]
    fn what_was_written_is_read_again() {
        let at = Timestamp::from_milliseconds(1_700_000_000_250);
        assert_eq!(at.to_string().parse(), Ok(at));
        assert_eq!("yesterday".parse::<Timestamp>(), Err(NotATime));
    }
}
