//! What a driver's error means: its code, words without values, and whether
//! the database or the statement is to blame.

use rusqlite::ErrorCode as Code;
use std::error::Error;

/// What the database cannot do at the moment, whatever the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Take anything: the disk is full, broken or read-only.
    Write,
    /// Answer, or answer now; the same call may go well in a moment.
    Answer,
}

type Cause = dyn Error + Send + Sync + 'static;

/// The database's own code: a SQLSTATE, or SQLite's extended result code.
pub(super) fn code(cause: &Cause) -> Option<String> {
    if let Some(error) = cause.downcast_ref::<tokio_postgres::Error>() {
        return error.code().map(|it| it.code().to_owned());
    }
    let error = cause.downcast_ref::<rusqlite::Error>()?;
    error.sqlite_error().map(|it| format!("SQLITE_{}", it.extended_code))
}

/// In words for the log. PostgreSQL's details quote values of the row, and its
/// messages about data the value itself: both are left out.
pub(super) fn told(cause: &Cause) -> String {
    let code = code(cause).map(|it| format!(" ({it})")).unwrap_or_default();
    let postgres = cause.downcast_ref::<tokio_postgres::Error>().and_then(tokio_postgres::Error::as_db_error);
    match postgres {
        Some(error) if quotes_data(error.code().code()) => format!("{code}: the data was refused"),
        Some(error) => format!("{code}: {}", error.message()),
        None => format!("{code}: {cause}"),
    }
}

/// Class 22 is about values, 23 about rows.
fn quotes_data(state: &str) -> bool {
    state.starts_with("22") || state.starts_with("23")
}

/// Whether a unique key or another constraint said no, which callers provoke at will.
pub(super) fn is_of_the_data(cause: &Cause) -> bool {
    let postgres = cause.downcast_ref::<tokio_postgres::Error>().and_then(tokio_postgres::Error::code);
    let sqlite = cause.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code);
    postgres.is_some_and(|it| quotes_data(it.code())) || sqlite == Some(Code::ConstraintViolation)
}

pub(super) fn of(cause: &Cause) -> Option<Trouble> {
    if let Some(error) = cause.downcast_ref::<tokio_postgres::Error>() {
        return of_postgres(error);
    }
    if cause.is::<std::io::Error>() {
        return Some(Trouble::Answer);
    }
    match cause.downcast_ref::<rusqlite::Error>()?.sqlite_error_code()? {
        Code::DiskFull | Code::SystemIoFailure | Code::ReadOnly | Code::CannotOpen => Some(Trouble::Write),
        Code::DatabaseBusy | Code::DatabaseLocked => Some(Trouble::Answer),
        _ => None, // a list of SQLite's makers
    }
}

/// By class of SQLSTATE (PostgreSQL's appendix A).
fn of_postgres(error: &tokio_postgres::Error) -> Option<Trouble> {
    let Some(state) = error.code() else {
        let broken =
            error.is_closed() || error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
        return broken.then_some(Trouble::Answer);
    };
    of_state(state.code())
}

fn of_state(state: &str) -> Option<Trouble> {
    match (state, state.get(..2)) {
        ("53100" | "25006", _) | (_, Some("58")) => Some(Trouble::Write),
        // Lock and statement time-outs, deadlocks, serialization; then connections, resources, shutdowns.
        ("55P03" | "57014" | "40001" | "40P01", _) | (_, Some("08" | "53" | "57")) => Some(Trouble::Answer),
        _ => None, // the statement is to blame
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_to_blame_for_its_own_troubles_only() {
        for (state, expected) in [
            ("53100", Some(Trouble::Write)),
            ("58030", Some(Trouble::Write)),
            ("25006", Some(Trouble::Write)),
            ("53300", Some(Trouble::Answer)),
            ("57P01", Some(Trouble::Answer)),
            ("08006", Some(Trouble::Answer)),
            ("40P01", Some(Trouble::Answer)),
            ("23505", None),
            ("42601", None),
            ("22P02", None),
        ] {
            assert_eq!(of_state(state), expected, "{state}");
        }
    }
}
