//! Figures of logins, for the operator. No label names a tenant, a member or an address.

use crate::{Error, Result, login::Progress, primary::Login};
use domain::Refusal;
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use std::time::Duration;

const LOGINS: &str = "vestibule_logins_total";
const SECOND_FACTORS: &str = "vestibule_second_factors_total";
const LOCKS: &str = "vestibule_locks_total";
const HASHING: &str = "vestibule_password_hashing_duration_seconds";
const HASHING_QUEUE: &str = "vestibule_password_hashing_queue";
const HASHING_REFUSED: &str = "vestibule_password_hashing_refused_total";
const JWTS: &str = "vestibule_session_jwts_total";

/// Says what the figures of this crate mean.
pub fn describe() {
    describe_counter!(LOGINS, "Primary logins, by method and by where they led");
    describe_counter!(SECOND_FACTORS, "Second factors shown, by method and by what became of them");
    describe_counter!(
        crate::drift::OFFSETS,
        "Accepted codes of authenticator apps, by how many steps they were off"
    );
    describe_counter!(LOCKS, "Locks that failures closed, by what they lock");
    describe_histogram!(HASHING, Unit::Seconds, "A password hashed or compared, without the wait for a core");
    describe_gauge!(HASHING_QUEUE, "Passwords that wait for a core");
    describe_counter!(HASHING_REFUSED, "Passwords turned away because the queue was full");
    describe_counter!(JWTS, "Session JWTs, by whether one signed lately could be handed out again");
}

/// How a login begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beginning {
    Password,
    PasswordReset,
    MagicLink,
    EmailOtp,
    /// From an intermediate session without an organization.
    Discovery,
    /// From a session in another organization.
    Session,
}

/// What guesses closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lock {
    SecondFactors,
    Passwords,
    EmailCodes,
}

/// Counts where a login led; only what was committed gets here as inside or waiting.
pub(crate) fn login<T>(beginning: Beginning, led: Result<T>, login: impl Fn(&T) -> &Login) -> Result<T> {
    let method = match beginning {
        Beginning::Password => "password",
        Beginning::PasswordReset => "password_reset",
        Beginning::MagicLink => "magic_link",
        Beginning::EmailOtp => "email_otp",
        Beginning::Discovery => "discovery",
        Beginning::Session => "session",
    };
    let outcome = match &led {
        Ok(it) => match &login(it).progress {
            Progress::Inside(_) => "inside",
            Progress::Waiting(_) => "waiting",
        },
        Err(error) => of(error),
    };
    counter!(LOGINS, "method" => method, "outcome" => outcome).increment(1);
    led
}

/// Counts what became of a second factor.
pub(crate) fn second_factor<T>(method: &'static str, shown: Result<T>) -> Result<T> {
    let outcome = match &shown {
        Ok(_) => "accepted",
        Err(Error::Refused(Refusal::UserLockLimitReached)) => "locked",
        Err(error) => of(error),
    };
    counter!(SECOND_FACTORS, "method" => method, "outcome" => outcome).increment(1);
    shown
}

pub(crate) fn locked(lock: Lock) {
    let method = match lock {
        Lock::SecondFactors => "second_factor",
        Lock::Passwords => "password",
        Lock::EmailCodes => "email_otp",
    };
    counter!(LOCKS, "method" => method).increment(1);
}

pub(crate) fn hashed(time: Duration) {
    histogram!(HASHING).record(time);
}

pub(crate) fn waiting_to_hash(callers: usize) {
    gauge!(HASHING_QUEUE).set(u32::try_from(callers).unwrap_or(u32::MAX));
}

pub(crate) fn turned_away() {
    counter!(HASHING_REFUSED).increment(1);
}

pub(crate) fn jwt(remembered: bool) {
    counter!(JWTS, "outcome" => if remembered { "remembered" } else { "signed" }).increment(1);
}

fn of(error: &Error) -> &'static str {
    match error {
        Error::Refused(_) | Error::Setting(_) | Error::Operator(_) => "refused",
        Error::Broke(_) | Error::Sealed(_) | Error::Signing(_) => "broke",
    }
}
