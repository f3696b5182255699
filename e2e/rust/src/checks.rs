//! Counts what holds and says what does not.

use std::fmt::Debug;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

static PASSED: AtomicU32 = AtomicU32::new(0);
static FAILED: AtomicU32 = AtomicU32::new(0);

pub fn check<A: PartialEq<E> + Debug, E: Debug>(what: &str, actual: A, expected: E) {
    if actual == expected {
        PASSED.fetch_add(1, Relaxed);
        println!("ok - {what}");
    } else {
        fail(what, expected, actual);
    }
}

pub fn holds(what: &str, truth: bool) {
    check(what, truth, true);
}

/// The call must end in the client's own error, with this `error_type`
/// and, where the contract fixes it, this status.
pub fn refused<T>(what: &str, answer: stytch::Result<T>, error_type: &str, status: Option<u16>) {
    let error = match answer {
        Err(stytch::Error::Response(error)) => error,
        Err(other) => return fail(what, error_type, other),
        Ok(_) => return fail(what, error_type, "no error at all"),
    };
    let actual = (error.error_type.as_str(), status.map(|_| error.status_code.as_u16()));
    check(what, actual, (error_type, status));
}

pub fn fail(what: &str, expected: impl Debug, actual: impl Debug) {
    FAILED.fetch_add(1, Relaxed);
    println!("not ok - {what}");
    println!("#   expected {expected:?}");
    println!("#   actual   {actual:?}");
}

pub fn finish() -> ExitCode {
    let failed = FAILED.load(Relaxed);
    println!("{} passed, {failed} failed", PASSED.load(Relaxed));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
