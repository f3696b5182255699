//! Reading a backup, line by line; nothing is believed that was not written so.

use super::{CHECKED_ROWS, Checkpoint, Counts, FORMAT, Header, Line, Seal, TableLine, written};
use crate::{
    sealing::{SealError, Sealed},
    server_key::ServerKey,
};
use aws_lc_rs::{constant_time::verify_slices_are_equal, digest, hmac};
use data_encoding::HEXLOWER;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

/// What was read so far. A backup is whole once [`Found::Sealed`] was answered
/// and nothing follows; whatever was answered before must wait for that.
pub struct Checking {
    sha256: digest::Context,
    hmac: hmac::Context,
    key_version: u32,
    counts: Counts,
    table: Option<TableLine>,
    /// Lines that were read, and how far they are known to be as they were written.
    line: u64,
    checked: u64,
    unchecked_rows: u64,
    stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The next line must be a checkpoint: what stands before it is not used until then.
    Due,
    Open,
    Counted,
    Sealed,
}

/// What a line holds.
#[derive(Debug, PartialEq)]
pub enum Found {
    Table(TableLine),
    Row(Vec<Value>),
    /// Of interest to the check alone.
    Nothing,
    /// The end: everything was as it was written, by a holder of the server key.
    Sealed(Counts),
}

/// Why a backup is refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Damage {
    #[error("this is not a backup of Vestibule, or its first line is damaged")]
    NoBackup,
    #[error("the backup is of format {0}, which is newer than this program; use the version that wrote it")]
    NewerFormat(u32),
    #[error("the server key does not open this backup: it was made under another key file ({0})")]
    OtherKey(SealError),
    #[error("line {0} is damaged: it cannot be read")]
    Unreadable(u64),
    #[error(
        "the backup is damaged between line {} and line {to} ({}): the checksum on line {to} does not hold",
        from + 1, table.as_deref().map_or_else(|| "the beginning".to_owned(), |it| format!("table {it}"))
    )]
    Between { from: u64, to: u64, table: Option<String> },
    #[error("line {0} is damaged: it is not what must stand there")]
    OutOfPlace(u64),
    #[error("the backup ends after line {0}, before its seal: it was cut off")]
    CutOff(u64),
    #[error("line {0} is damaged: rows are counted wrongly")]
    Miscounted(u64),
    #[error("the seal on line {0} does not hold: the backup was altered, or the seal is damaged")]
    Broken(u64),
    #[error("something follows the seal, from line {0} on")]
    Trailing(u64),
}

impl Checking {
    /// Begins with the first two lines, each with its line end: the header is
    /// believed when the checkpoint behind it holds and the server key is the right one.
    ///
    /// # Errors
    /// Says why it is refused.
    pub fn begin(
        key: &ServerKey,
        (first, second): (&[u8], &[u8]),
        key_check_place: &[&str],
    ) -> Result<(Self, Header), Damage> {
        let format: Format = serde_json::from_slice(first).map_err(|_| Damage::NoBackup)?;
        let mut sha256 = digest::Context::new(&digest::SHA256);
        sha256.update(first);
        if second != checkpoint(&sha256).as_bytes() {
            return Err(Damage::Between { from: 0, to: 2, table: None });
        }
        if format.vestibule_backup > FORMAT {
            return Err(Damage::NewerFormat(format.vestibule_backup));
        }
        let header: Header = serde_json::from_slice(first).map_err(|_| Damage::NoBackup)?;
        let check: Sealed = header.key_check.parse().map_err(Damage::OtherKey)?;
        check.open(key, key_check_place).map_err(Damage::OtherKey)?;
        let pepper = key.backup_key_of(header.key_version).map_err(Damage::OtherKey)?;
        sha256.update(second);
        let mut hmac = hmac::Context::with_key(&pepper.key);
        hmac.update(first);
        hmac.update(second);
        let this = Self {
            sha256,
            hmac,
            key_version: header.key_version,
            counts: Counts::default(),
            table: None,
            line: 2,
            checked: 2,
            unchecked_rows: 0,
            stage: Stage::Open,
        };
        Ok((this, header))
    }

    /// The next line, with its line end.
    ///
    /// # Errors
    /// Says what is damaged, and where.
    pub fn next(&mut self, line: &[u8]) -> Result<Found, Damage> {
        self.line += 1;
        if self.stage == Stage::Sealed {
            return Err(Damage::Trailing(self.line));
        }
        let read = line.strip_suffix(b"\n").and_then(|it| serde_json::from_slice(it).ok());
        let found = match read.ok_or(Damage::Unreadable(self.line))? {
            Line::Checkpoint(it) => self.checkpoint(&it, line)?,
            Line::Row(values) => self.row(values)?,
            Line::Table(it) => self.table(it)?,
            Line::Counts(it) => self.counts(&it)?,
            Line::Seal(it) => return self.seal(&it, line),
        };
        self.sha256.update(line);
        self.hmac.update(line);
        Ok(found)
    }

    /// After the last line.
    ///
    /// # Errors
    /// When the seal was not among them.
    pub fn end(&self) -> Result<(), Damage> {
        if self.stage == Stage::Sealed { Ok(()) } else { Err(Damage::CutOff(self.line)) }
    }

    fn checkpoint(&mut self, _: &Checkpoint, line: &[u8]) -> Result<Found, Damage> {
        if line != checkpoint(&self.sha256).as_bytes() {
            let table = self.table.as_ref().map(|it| it.table.clone());
            return Err(Damage::Between { from: self.checked, to: self.line, table });
        }
        if self.stage == Stage::Counted {
            return Err(Damage::OutOfPlace(self.line));
        }
        (self.checked, self.unchecked_rows, self.stage) = (self.line, 0, Stage::Open);
        Ok(Found::Nothing)
    }

    fn row(&mut self, values: Vec<Value>) -> Result<Found, Damage> {
        let table = self.table.as_ref().ok_or(Damage::OutOfPlace(self.line))?;
        let is_due = self.stage != Stage::Open || self.unchecked_rows == CHECKED_ROWS;
        if is_due || values.len() != table.columns.len() {
            return Err(Damage::OutOfPlace(self.line));
        }
        self.unchecked_rows += 1;
        *self.counts.rows.entry(table.table.clone()).or_default() += 1;
        Ok(Found::Row(values))
    }

    fn table(&mut self, table: TableLine) -> Result<Found, Damage> {
        let is_known = self.counts.rows.contains_key(&table.table);
        if self.stage != Stage::Open || self.unchecked_rows > 0 || is_known {
            return Err(Damage::OutOfPlace(self.line));
        }
        self.counts.rows.insert(table.table.clone(), 0);
        self.table = Some(table.clone());
        self.stage = Stage::Due;
        Ok(Found::Table(table))
    }

    fn counts(&mut self, counts: &Counts) -> Result<Found, Damage> {
        if self.stage != Stage::Open || self.unchecked_rows > 0 {
            return Err(Damage::OutOfPlace(self.line));
        }
        if *counts != self.counts {
            return Err(Damage::Miscounted(self.line));
        }
        self.stage = Stage::Counted;
        Ok(Found::Nothing)
    }

    fn seal(&mut self, _: &Seal, line: &[u8]) -> Result<Found, Damage> {
        if self.stage != Stage::Counted {
            return Err(Damage::OutOfPlace(self.line));
        }
        let hmac_sha256 = HEXLOWER.encode(self.hmac.clone().sign().as_ref());
        let due = written(&Seal { key_version: self.key_version, hmac_sha256 });
        verify_slices_are_equal(due.as_bytes(), line).map_err(|_| Damage::Broken(self.line))?;
        self.stage = Stage::Sealed;
        Ok(Found::Sealed(self.counts.clone()))
    }
}

/// What every header begins with, whatever else newer ones may say.
#[derive(Deserialize)]
struct Format {
    vestibule_backup: u32,
}

fn checkpoint(sha256: &digest::Context) -> String {
    written(&Checkpoint { sha256: HEXLOWER.encode(sha256.clone().finish().as_ref()) })
}
