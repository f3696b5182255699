//! When a delivery that failed is tried again, and when it is given up.

use crate::{Timestamp, time::Span};
use rand::{Rng, RngCore};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

/// Tries of one delivery; after the last it is dead.
pub const ATTEMPTS: i64 = 8;
/// An endpoint at which every attempt fails for so long is disabled.
pub const DISABLED_AFTER: Span = Span::days(5);
/// Failures further apart than this do not belong together: between them nothing was tried.
pub const QUIET: Span = Span::hours(36);
/// For how long a secret that was rotated signs beside the new one.
pub const OVERLAP: Span = Span::hours(24);

/// The pauses after the first attempt, the second and so on, as Svix documents them.
const PAUSES: [Span; 7] = [
    Span::seconds(5),
    Span::minutes(5),
    Span::minutes(30),
    Span::hours(2),
    Span::hours(5),
    Span::hours(10),
    Span::hours(10),
];
/// However long the other side asks us to stay away.
const LONGEST: Span = Span::hours(10);

/// When to try again after `made` attempts, up to a fifth later than the table says so that a crowd
/// does not come back at once, and not before the other side asked for; none after the last.
pub fn next_attempt(
    made: i64,
    retry_after: Option<Span>,
    (now, rng): (Timestamp, &mut impl RngCore),
) -> Option<Timestamp> {
    let pause = PAUSES.get(usize::try_from(made - 1).ok()?)?.as_milliseconds();
    let jitter = rng.random_range(0..=pause / 5);
    let asked = retry_after.map_or(0, |it| it.as_milliseconds().clamp(0, LONGEST.as_milliseconds()));
    Some(now.plus(Span::milliseconds((pause + jitter).max(asked))))
}

/// For how long an answer asks us to stay away: seconds, or a point in time.
pub fn retry_after(text: &str, now: Timestamp) -> Option<Span> {
    if let Ok(seconds) = text.trim().parse::<u32>() {
        return Some(Span::seconds(i64::from(seconds)));
    }
    let at = OffsetDateTime::parse(text.trim(), &Rfc2822).ok()?;
    Some(Span::milliseconds(at.unix_timestamp().saturating_mul(1000).saturating_sub(now.milliseconds())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    const NOW: Timestamp = Timestamp::from_milliseconds(0);

    fn next(made: i64, asked: Option<Span>) -> Option<i64> {
        let rng = &mut ChaCha20Rng::seed_from_u64(1);
        next_attempt(made, asked, (NOW, rng)).map(Timestamp::seconds)
    }

    #[test]
    fn the_pauses_are_those_of_the_table_and_a_fifth_more_at_most() {
        for (made, pause) in [(1, 5), (2, 300), (3, 1800), (4, 7200), (5, 18_000), (6, 36_000), (7, 36_000)] {
            let after = next(made, None).unwrap();
            assert!((pause..=pause + pause / 5).contains(&after), "{made}: {after}");
        }
        assert_eq!(next(ATTEMPTS, None), None);
    }

    #[test]
    fn the_other_side_may_ask_for_more_time_but_not_for_ever_and_not_for_less() {
        assert_eq!(next(1, Some(Span::minutes(2))), Some(120));
        assert_eq!(next(1, Some(Span::days(400))), Some(36_000));
        assert!(next(2, Some(Span::seconds(1))).unwrap() >= 300);
        assert!(next(1, Some(Span::seconds(-5))).unwrap() >= 5);
    }

    #[test]
    fn time_is_asked_for_in_seconds_or_by_the_calendar() {
        assert_eq!(retry_after(" 120 ", NOW), Some(Span::seconds(120)));
        assert_eq!(retry_after("Thu, 01 Jan 1970 00:01:00 GMT", NOW), Some(Span::seconds(60)));
        for odd in ["", "soon", "-5", "1e9", "99999999999"] {
            assert_eq!(retry_after(odd, NOW), None, "{odd}");
        }
    }
}
