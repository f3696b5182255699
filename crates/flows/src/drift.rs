//! How far the clocks of authenticator apps are from ours, counted over
//! everybody: a member's may be wrong, but if many are off by the same, ours is.

use domain::{Timestamp, factors::totp};
use metrics::counter;
use std::sync::atomic::{AtomicI64, Ordering};
use store::{Db, Fault, totp_offsets};

pub(crate) const OFFSETS: &str = "vestibule_totp_step_offsets_total";
const DAY_MS: i64 = 86_400_000;
/// Days that the operator is told about.
const DAYS: i64 = 7;
/// Fewer codes than this say nothing.
const FEWEST: i64 = 50;

/// Accepted codes that were not written yet, by offset: -1, 0, 1.
#[derive(Debug, Default)]
pub struct Drift([AtomicI64; 3]);

/// What the last days say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Too few codes.
    Unknown,
    Right,
    /// Most codes were of an earlier step than ours: our clock is ahead, or logins are slow.
    Ahead,
    Behind,
}

impl Drift {
    /// Notes the step that a code was accepted for.
    pub(crate) fn note(&self, step: i64, now: Timestamp) {
        let offset = (step - totp::step_at(now)).clamp(-1, 1);
        let (place, name) = match offset {
            -1 => (0, "-1"),
            0 => (1, "0"),
            _ => (2, "1"),
        };
        self.0[place].fetch_add(1, Ordering::Relaxed);
        counter!(OFFSETS, "offset" => name).increment(1);
    }

    /// Writes what was counted. A hint: what cannot be written is forgotten.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn write(&self, db: &Db, now: Timestamp) -> Result<(), Fault> {
        for (offset, counted) in (-1..=1).zip(&self.0) {
            let accepted = counted.swap(0, Ordering::Relaxed);
            if accepted > 0 {
                let mut tx = db.write().await?;
                totp_offsets::add(&mut tx, now.milliseconds() / DAY_MS, offset, accepted).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }
}

/// What the codes of the last week say of this server's clock.
///
/// # Errors
/// When the database fails.
pub async fn of_the_week(db: &Db, now: Timestamp) -> Result<Clock, Fault> {
    let since = now.milliseconds() / DAY_MS - DAYS;
    Ok(judge(&totp_offsets::since(&mut db.read().await?, since).await?))
}

/// Codes are typed a few seconds after they are shown, so a part of them is
/// one step old under a right clock; half of them is not.
fn judge(counts: &[(i64, i64)]) -> Clock {
    let of = |wanted: i64| counts.iter().find(|(offset, _)| *offset == wanted).map_or(0, |it| it.1);
    let all = of(-1) + of(0) + of(1);
    if all < FEWEST {
        Clock::Unknown
    } else if of(-1) * 2 > all {
        Clock::Ahead
    } else if of(1) * 4 > all {
        Clock::Behind
    } else {
        Clock::Right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_on_one_side_speak_against_our_clock() {
        for (counts, expected) in [
            (&[][..], Clock::Unknown),
            (&[(-1, 40)], Clock::Unknown),
            (&[(-1, 20), (0, 70), (1, 10)], Clock::Right),
            (&[(-1, 60), (0, 40)], Clock::Ahead),
            (&[(0, 60), (1, 40)], Clock::Behind),
        ] {
            assert_eq!(judge(counts), expected, "{counts:?}");
        }
    }
}
