//! The text of a backup: lines that are checked as they are read.
//!
//! A header, then for each table a line that names its columns and a line a
//! row, then the counts, then a seal. Between them stand checkpoints: the
//! SHA-256 of everything before them, so that damage can be named by its place.
//! The seal is an HMAC over everything before it under a key that follows from
//! the server key, so that nobody else can make or change a backup.

mod checking;
mod sealing;

pub use checking::{Checking, Damage, Found};
pub use sealing::Sealing;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What this program writes, and the newest it reads.
pub const FORMAT: u32 = 1;
/// Rows between two checkpoints, at most.
const CHECKED_ROWS: u64 = 256;

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The format.
    pub vestibule_backup: u32,
    /// The version of the program that wrote it.
    pub product: String,
    /// The version of the schema its rows are of.
    pub schema: i64,
    /// RFC 3339.
    pub created_at: String,
    /// `serve` or `dev`.
    pub mode: String,
    /// What opens with the right server key only; as the installation holds it.
    pub key_check: String,
    /// The version of the server key that its seal is under.
    pub key_version: u32,
}

/// A table, and its columns in the order of the rows that follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableLine {
    pub table: String,
    pub columns: Vec<String>,
}

/// The SHA-256 of everything before it, in hexadecimal.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Checkpoint {
    sha256: String,
}

/// How many rows there are of each table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    pub rows: BTreeMap<String, u64>,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    key_version: u32,
    hmac_sha256: String,
}

/// A line other than the first, told apart by its fields.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Line {
    Row(Vec<Value>),
    Checkpoint(Checkpoint),
    Table(TableLine),
    Counts(Counts),
    Seal(Seal),
}

fn written(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string(value).expect("a line has a JSON form");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
