//! A file that is there whole or not at all, and its owner's alone.

use crate::Failure;
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// Until it is kept, it is a file beside its place that goes away by itself;
/// what a crash leaves begins with `.vestibule-` and ends in `.partial`.
pub struct NewFile {
    partial: BufWriter<NamedTempFile>,
    place: PathBuf,
}

/// # Errors
/// When something is there, or the folder cannot be written.
pub fn new_file(place: &Path) -> Result<NewFile, Failure> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", place.display());
    if place.exists() {
        return Err(named(&"it is there already").into());
    }
    let partial =
        tempfile::Builder::new().prefix(".vestibule-").suffix(".partial").tempfile_in(folder(place));
    let partial = BufWriter::new(partial.map_err(|error| named(&error))?);
    Ok(NewFile { partial, place: place.to_owned() })
}

impl NewFile {
    /// Gives it its name, when everything is on the disk.
    ///
    /// # Errors
    /// When it cannot be written, or something is there meanwhile.
    pub fn keep(self) -> Result<(), Failure> {
        let named = |error: &dyn std::fmt::Display| format!("{}: {error}", self.place.display());
        let partial = self.partial.into_inner().map_err(|error| named(&error))?;
        partial.as_file().sync_all()?;
        partial.persist_noclobber(&self.place).map_err(|failed| named(&failed.error))?;
        Ok(File::open(folder(&self.place))?.sync_all()?)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.partial.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.partial.flush()
    }
}

fn folder(place: &Path) -> &Path {
    place.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
