//! The file of a database.

use crate::db::Fault;
use std::{fs::OpenOptions, io::ErrorKind, os::unix::fs::OpenOptionsExt, path::Path};

/// A new database is its owner's alone; SQLite gives its companions the same rights.
pub(super) fn create_private(path: &Path) -> Result<(), Fault> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Fault::database(error)),
    }
}
