//! The machine's clock and luck: the only place that asks for either.

use domain::Timestamp;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now, by this machine.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn machine() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_milliseconds(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A generator seeded by the operating system.
#[expect(clippy::disallowed_methods, reason = "the one place that asks the operating system for luck")]
pub fn luck() -> ChaCha20Rng {
    ChaCha20Rng::from_os_rng()
}
