//! Whether what the configuration names can be written, before anybody needs it to be.

use crate::{Failure, config::Config, heads_file};
use flows::organization_keys::Kept;
use std::{fs, io, os::unix::fs::MetadataExt, path::Path};
use store::db::DatabaseUrl;

/// Looks at every place, as the user who runs this; nothing is left behind.
///
/// # Errors
/// Names the key of the first that cannot be written.
pub fn check(config: &Config) -> Result<(), Failure> {
    if let DatabaseUrl::Sqlite(path) = &config.database {
        let folder = path.parent().unwrap_or(Path::new("."));
        writable(folder).map_err(|error| {
            format!(
                "database: {} cannot be written here ({error}); name a file in a folder of the server's own user",
                path.display()
            )
        })?;
    }
    organization_keys(config)?;
    match &config.heads_file {
        Some(path) => heads_file::probe(path),
        None => Ok(()),
    }
}

/// # Errors
/// When the folder for the keys of organizations cannot be written: nobody could enrol.
pub fn organization_keys(config: &Config) -> Result<(), Failure> {
    let Kept::InFolder(folder) = &config.organization_keys else { return Ok(()) };
    Ok(writable_or_makeable(folder.path()).map_err(|error| {
        format!(
            "organization_keys_dir: {} cannot be written here ({error}), so nobody could enrol; name a folder of \
             the server's own user",
            folder.path().display()
        )
    })?)
}

/// Who runs this, where it is not the owner of the key file: what they can
/// write is not what the server can, and what they make is not the server's.
pub fn stranger(config: &Config) -> Option<String> {
    let owner = fs::metadata(&config.server_key_file).ok()?.uid();
    let me = fs::metadata("/proc/self").ok()?.uid();
    (me != owner).then(|| {
        format!(
            "run by user {me}, but {} belongs to user {owner}: run commands as that user \
             (runuser -u vestibule -- vestibule …)",
            config.server_key_file.display()
        )
    })
}

/// A file without a name, which goes away by itself.
fn writable(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    tempfile::tempfile_in(folder).map(drop)
}

/// Of a folder that is made when it is needed: what is there of its path.
fn writable_or_makeable(folder: &Path) -> io::Result<()> {
    writable(folder.ancestors().find(|it| it.exists()).unwrap_or(Path::new(".")))
}
