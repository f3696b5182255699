//! The file of signed heads: JSON lines, appended and synced, never rewritten.
//! On another machine, or append-only (`chattr +a`), it shows what somebody
//! with the database took away.

use crate::Failure;
use domain::audit::heads::{Heads, SignedHeads};
use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
};
use store::{Db, audit::heads};

/// Documents written and synced at a time.
const AT_ONCE: i64 = 100;

pub struct HeadsFile {
    path: PathBuf,
    /// The number of the last document in it; unknown until it was read.
    last: Option<i64>,
}

impl HeadsFile {
    pub fn at(path: PathBuf) -> Self {
        Self { path, last: None }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends what was signed since, by this node or another.
    ///
    /// # Errors
    /// When the file cannot be written or the database fails; the next call goes on from there.
    pub async fn catch_up(&mut self, db: &Db) -> Result<(), Failure> {
        loop {
            let last = match self.last {
                Some(last) => last,
                None => self.begin()?,
            };
            let in_database = heads::last(&mut db.read().await?).await?.map_or(0, |it| it.number);
            if in_database < last {
                return Err(format!(
                    "the database was rolled back: it has {in_database} signed documents, the file {last}"
                )
                .into());
            }
            let new = heads::after(&mut db.read().await?, last, AT_ONCE).await?;
            let Some(newest) = new.last().map(|it| it.number) else { return Ok(()) };
            let path = self.path.clone();
            self.last = None; // read again, should the write be cut short
            tokio::task::spawn_blocking(move || append(&path, new.iter().map(|it| &it.signed))).await??;
            self.last = Some(newest);
        }
    }

    fn begin(&mut self) -> Result<i64, Failure> {
        let mut last = 0;
        if self.path.exists() {
            for signed in read(&self.path)? {
                let heads: Heads = serde_json::from_str(&signed?.document)?;
                last = heads.number;
            }
        }
        self.last = Some(last);
        Ok(last)
    }
}

/// The documents of a file, line by line. A line that a crash cut short is
/// passed by: its document follows once more, or is missed by its number.
///
/// # Errors
/// When the file cannot be opened.
pub fn read(path: &Path) -> Result<impl Iterator<Item = Result<SignedHeads, String>> + use<>, Failure> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let documents = BufReader::new(file).lines().filter_map(|line| match line {
        Ok(line) => serde_json::from_str(&line).ok().map(Ok),
        Err(error) => Some(Err(error.to_string())),
    });
    Ok(documents)
}

fn append<'a>(path: &Path, documents: impl Iterator<Item = &'a SignedHeads>) -> Result<(), Failure> {
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let mut text = String::new();
    if file.metadata()?.len() > 0 {
        text.push('\n'); // whatever a crash left unfinished is a line of its own
    }
    for document in documents {
        text.push_str(&serde_json::to_string(document)?);
        text.push('\n');
    }
    file.write_all(text.as_bytes())?;
    Ok(file.sync_data()?)
}
