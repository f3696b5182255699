//! Directories that go when their owner goes.

use crate::Outcome;
use std::{
    env, fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

static MADE: AtomicU32 = AtomicU32::new(0);

/// Removed with all that is in it when dropped.
pub struct Temp {
    path: PathBuf,
}

impl Temp {
    pub fn new() -> Outcome<Self> {
        Self::within(&env::temp_dir())
    }

    /// In memory where the system offers it: creating a database is five times as fast.
    pub fn in_memory() -> Outcome<Self> {
        Self::within(Path::new("/dev/shm")).or_else(|_| Self::new())
    }

    /// On a disk: `/tmp` may be memory, where a durable write costs nothing.
    pub fn on_disk() -> Outcome<Self> {
        Self::within(Path::new("/var/tmp"))
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    fn within(parent: &Path) -> Outcome<Self> {
        loop {
            let name = format!("vestibule-xtask-{}-{}", process::id(), MADE.fetch_add(1, Relaxed));
            let path = parent.join(name);
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Self { path }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(format!("cannot make {}: {error}", path.display()).into()),
            }
        }
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        // What is left of it harms nobody.
        let _ = fs::remove_dir_all(&self.path);
    }
}
