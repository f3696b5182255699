//! The server key's file: readable by its owner alone.

use crate::{Failure, clock};
use domain::server_key::{ServerKey, line_version};
use secrecy::zeroize::Zeroizing;
use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, fchown},
    path::{Path, PathBuf},
};

/// Reads the key.
///
/// # Errors
/// When it is missing, damaged, or others may read it; names the key of the configuration.
pub fn read(path: &Path) -> Result<ServerKey, Failure> {
    let text = read_private(path).map_err(|error| format!("server_key_file: {error}"))?;
    Ok(ServerKey::parse(&text).map_err(|error| format!("server_key_file: {}: {error}", path.display()))?)
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

/// Adds a version behind those there are. Only [`ServerKey::seal_with`] makes it seal.
///
/// # Errors
/// When the file cannot be read or replaced; then it is as it was.
pub fn add_version(path: &Path) -> Result<u32, Failure> {
    let newest = read(path)?.versions().last().copied().unwrap_or_default();
    let mut text = Zeroizing::new(read_private(path)?);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&ServerKey::generate_version(newest + 1, &mut clock::luck()));
    replace(path, &text)?;
    Ok(newest + 1)
}

/// Takes a version out.
///
/// # Errors
/// When it is the only one, or the file cannot be read or replaced; then it is as it was.
pub fn remove_version(path: &Path, version: u32) -> Result<(), Failure> {
    let text = Zeroizing::new(read_private(path)?);
    let others = text.lines().filter(|line| line_version(line) != Some(version));
    let mut kept = Zeroizing::new(String::new());
    for line in others {
        kept.push_str(line);
        kept.push('\n');
    }
    replace(path, &kept)
}

/// Changes when the file does: a new one is moved into its place.
pub fn identity(path: &Path) -> Option<(u64, i64, i64)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.ino(), metadata.mtime(), metadata.mtime_nsec()))
}

/// Puts a whole new file in the place of the old one, with its owner and
/// mode: whoever reads meanwhile, or after a crash, finds one or the other.
fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    ServerKey::parse(text).map_err(|error| format!("{}: {error}", path.display()))?;
    let path = fs::canonicalize(path)?;
    let old = fs::metadata(&path)?;
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let new = beside(&path);
    let in_the_way = |error| {
        format!(
            "server_key_file: {}: {error}; run this as the file's owner, where its folder can be written",
            new.display()
        )
    };
    // A leftover, or a link that somebody laid there, is not written to.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(in_the_way(error).into()),
        Ok(()) | Err(_) => {}
    }
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new).map_err(in_the_way)?;
    file.set_permissions(old.permissions())?;
    fchown(&file, Some(old.uid()), Some(old.gid()))
        .map_err(|error| format!("the key file belongs to another user, who must run this: {error}"))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, &path)?;
    Ok(File::open(folder)?.sync_all()?)
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.to_path_buf().into_os_string();
    name.push(".new");
    name.into()
}
