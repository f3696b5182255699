//! The server key's file: readable by its owner alone.

use crate::{Failure, clock};
use domain::server_key::ServerKey;
use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
};

/// Reads the key.
///
/// # Errors
/// When it is missing, damaged, or others may read it.
pub fn read(path: &Path) -> Result<ServerKey, Failure> {
    let text = read_private(path)?;
    Ok(ServerKey::parse(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Reads a file that only its owner may read; surrounding blanks are not part of a secret.
///
/// # Errors
/// When it is missing, or others may read it.
pub fn read_private(path: &Path) -> Result<String, Failure> {
    let metadata = fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?;
    if metadata.mode() & 0o077 != 0 {
        let path = path.display();
        return Err(format!("{path} can be read by others; run: chmod 600 {path}").into());
    }
    Ok(fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Writes a new key, unless the file is there.
///
/// # Errors
/// When it is there or cannot be written.
pub fn create(path: &Path) -> Result<(), Failure> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    file.write_all(ServerKey::generate(&mut clock::luck()).as_bytes())?;
    Ok(file.sync_all()?)
}
