//! Backups: made while the server works, proved by being put back, and put
//! back so that nothing that works once works again.
//!
//! A backup is of rows, not of a database's files: the same for SQLite and
//! PostgreSQL, and so also the way from one to the other. Its text is
//! [`domain::backup`].

mod keys;
mod loading;
mod reading;
mod voiding;
mod writing;

pub use keys::{carried, load_keys, put_back, write_keys};
pub use loading::{Loaded, finish, load, make_room};
pub use reading::check;
pub use voiding::{Revived, Voided, revived, void};
pub use writing::{Written, write};

use crate::Error;
use std::io;

/// Reading or writing the file failed.
fn of_file(error: &io::Error) -> Error {
    Error::Operator(format!("the backup's file: {error}"))
}
