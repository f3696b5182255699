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

/// Says what the figures of this crate mean, and begins those at 0 whose labels
/// are known: what appears with its first event has no rise that an alert sees.
pub fn describe() {
    begin();
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

fn begin() {
    for method in BEGINNINGS.map(Beginning::word) {
        for outcome in ["inside", "waiting", "refused", "broke"] {
            counter!(LOGINS, "method" => method, "outcome" => outcome).increment(0);
        }
    }
    for method in ["sms_otp", "totp", "recovery_code"] {
        for outcome in ["accepted", "locked", "refused", "broke"] {
            counter!(SECOND_FACTORS, "method" => method, "outcome" => outcome).increment(0);
        }
    }
    for lock in [Lock::SecondFactors, Lock::Passwords, Lock::EmailCodes] {
        counter!(LOCKS, "method" => lock.word()).increment(0);
    }
    for offset in ["-1", "0", "1"] {
        counter!(crate::drift::OFFSETS, "offset" => offset).increment(0);
    }
    for outcome in ["remembered", "signed"] {
        counter!(JWTS, "outcome" => outcome).increment(0);
    }
    counter!(HASHING_REFUSED).increment(0);
    gauge!(HASHING_QUEUE).set(0);
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

const BEGINNINGS: [Beginning; 6] = [
    Beginning::Password,
    Beginning::PasswordReset,
    Beginning::MagicLink,
    Beginning::EmailOtp,
    Beginning::Discovery,
    Beginning::Session,
];

impl Beginning {
    fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::PasswordReset => "password_reset",
            Self::MagicLink => "magic_link",
            Self::EmailOtp => "email_otp",
            Self::Discovery => "discovery",
            Self::Session => "session",
        }
    }
}

/// What guesses closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lock {
    SecondFactors,
    Passwords,
    EmailCodes,
}

impl Lock {
    fn word(self) -> &'static str {
        match self {
            Self::SecondFactors => "second_factor",
            Self::Passwords => "password",
            Self::EmailCodes => "email_otp",
        }
    }
}

/// Counts where a login led; only what was committed gets here as inside or waiting.
pub(crate) fn login<T>(beginning: Beginning, led: Result<T>, login: impl Fn(&T) -> &Login) -> Result<T> {
    let method = beginning.word();
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
    counter!(LOCKS, "method" => lock.word()).increment(1);
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
