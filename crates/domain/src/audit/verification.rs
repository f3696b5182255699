//! Reading a chain from its first row, and saying which row is the first bad one.

use crate::audit::{
    chain::{ChainId, End, Record},
    key::{AuditKey, named_in},
};
use std::fmt;

/// Follows one chain, row by row; holds nothing but the end so far.
#[derive(Debug, Clone)]
pub struct Follower<'k> {
    /// None for whoever has no key: then hashes are followed, and macs are not looked at.
    key: Option<&'k AuditKey>,
    end: End,
    /// The newest version of the key that proved a row so far.
    version: u32,
}

/// The first row of a chain that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad {
    pub chain: ChainId,
    /// The number the row has, or should have.
    pub sequence: i64,
    /// None where the row is not there.
    pub audit_event_id: Option<String>,
    pub wrong: Wrong,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// The content is not what was hashed.
    Edited,
    /// The row that belongs here stands at another place.
    Moved { to: i64 },
    /// The row is not there, and later ones are.
    Missing,
    /// There is more than one row of this number.
    Inserted,
    /// Written by somebody who does not have the audit key.
    NotOurs,
    /// Proved with a version of the audit key that another had replaced before.
    OldKey { version: u32 },
    /// The chain ends before its recorded end.
    Truncated { length: i64 },
    /// Rows beyond the recorded end.
    BeyondTheEnd { length: i64 },
    /// The record of where the chain ends was altered.
    EndAltered,
    /// There are rows, and no record of where they end.
    EndMissing,
    /// The row is in no chain.
    Unchained,
    /// A signed head names more rows than there are.
    RolledBack { number: i64, length: i64 },
    /// A signed head names another row here.
    NotAsSigned { number: i64 },
}

impl<'k> Follower<'k> {
    pub fn new(key: Option<&'k AuditKey>) -> Self {
        Self { key, end: End::EMPTY, version: 0 }
    }

    pub fn end(&self) -> &End {
        &self.end
    }

    /// Takes the next row in the order of the numbers.
    ///
    /// # Errors
    /// The row, where it is the first bad one.
    pub fn follow(&mut self, record: &Record) -> Result<(), Bad> {
        let expected = self.end.length + 1;
        let bad = |sequence, wrong| {
            let id = Some(record.entry.audit_event_id.clone());
            Err(Bad { chain: record.entry.chain(), sequence, audit_event_id: id, wrong })
        };
        let sequence = record.link.sequence;
        if sequence < expected {
            return bad(sequence, Wrong::Inserted);
        }
        if sequence > expected {
            let missing = Bad {
                chain: record.entry.chain(),
                sequence: expected,
                audit_event_id: None,
                wrong: Wrong::Missing,
            };
            return Err(missing);
        }
        if record.entry.hash(sequence, &self.end.head) != record.link.hash {
            return bad(sequence, Wrong::Edited);
        }
        if self.key.is_some_and(|key| !key.row_mac_holds(&record.link.mac, &record.link.hash)) {
            return bad(sequence, Wrong::NotOurs);
        }
        let version = named_in(&record.link.mac);
        if self.key.is_some() && version < self.version {
            return bad(sequence, Wrong::OldKey { version });
        }
        self.version = version;
        self.end = record.end();
        Ok(())
    }

    /// Whether a row further on is the one that belongs next: then it was moved.
    pub fn is_next(&self, record: &Record) -> bool {
        record.entry.hash(self.end.length + 1, &self.end.head) == record.link.hash
    }
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = self.audit_event_id.as_ref().map_or_else(String::new, |id| format!(" ({id})"));
        write!(f, "{}: row {}{row}: {}", self.chain, self.sequence, self.wrong)
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edited => f.write_str("its content was edited"),
            Self::Moved { to } => {
                write!(f, "the order was changed: the row that belongs here is number {to} now")
            }
            Self::Missing => f.write_str("it is missing"),
            Self::Inserted => f.write_str("it was inserted: there is a row of this number already"),
            Self::NotOurs => f.write_str("it was written without the audit key"),
            Self::OldKey { version } => {
                write!(
                    f,
                    "it was written with version {version} of the audit key, after a newer one had taken over"
                )
            }
            Self::Truncated { length } => write!(f, "the chain was truncated: it had {length} rows"),
            Self::BeyondTheEnd { length } => {
                write!(
                    f,
                    "it was inserted, or the record of the end was rolled back: the chain ends at {length}"
                )
            }
            Self::EndAltered => f.write_str("the record of where the chain ends was altered"),
            Self::EndMissing => f.write_str("the record of where the chain ends is missing"),
            Self::Unchained => f.write_str("it is in no chain: it was inserted"),
            Self::RolledBack { number, length } => {
                write!(f, "the chain was rolled back: signed heads number {number} names {length} rows")
            }
            Self::NotAsSigned { number } => {
                write!(f, "the chain was written anew: signed heads number {number} names another row here")
            }
        }
    }
}
