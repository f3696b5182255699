//! Writing a backup, line by line.

use super::{CHECKED_ROWS, Checkpoint, Counts, Header, Seal, TableLine, written};
use crate::server_key::ServerKey;
use aws_lc_rs::{digest, hmac};
use data_encoding::HEXLOWER;
use serde_json::Value;

/// What was written so far, as digests. Each call answers with whole lines, in
/// the order in which they have to be written.
pub struct Sealing {
    sha256: digest::Context,
    hmac: hmac::Context,
    key_version: u32,
    counts: Counts,
    table: Option<TableLine>,
    unchecked: u64,
}

impl Sealing {
    /// Begins with the header; the version of the key that closes it is filled in.
    pub fn begin(key: &ServerKey, mut header: Header) -> (Self, String) {
        let pepper = key.backup_key();
        header.key_version = pepper.version;
        let mut this = Self {
            sha256: digest::Context::new(&digest::SHA256),
            hmac: hmac::Context::with_key(&pepper.key),
            key_version: pepper.version,
            counts: Counts::default(),
            table: None,
            unchecked: 0,
        };
        let text = this.took(written(&header)) + &this.checkpoint();
        (this, text)
    }

    /// The version of the server key that closes it.
    pub fn key_version(&self) -> u32 {
        self.key_version
    }

    /// Ends the table before it, and begins another.
    pub fn table(&mut self, table: TableLine) -> String {
        let before = if self.unchecked > 0 { self.checkpoint() } else { String::new() };
        self.counts.rows.insert(table.table.clone(), 0);
        let text = self.took(written(&table)) + &self.checkpoint();
        self.table = Some(table);
        before + &text
    }

    /// A row of the table that was begun last, its values in the order of the columns.
    pub fn row(&mut self, values: &[Value]) -> String {
        let table = self.table.as_ref().map(|it| it.table.as_str()).unwrap_or_default();
        *self.counts.rows.entry(table.to_owned()).or_default() += 1;
        let text = self.took(written(&values));
        self.unchecked += 1;
        if self.unchecked < CHECKED_ROWS { text } else { text + &self.checkpoint() }
    }

    /// The counts and the seal.
    pub fn end(mut self) -> (String, Counts) {
        let before = if self.unchecked > 0 { self.checkpoint() } else { String::new() };
        let counts = self.counts.clone();
        let text = before + &self.took(written(&counts));
        let hmac_sha256 = HEXLOWER.encode(self.hmac.sign().as_ref());
        (text + &written(&Seal { key_version: self.key_version, hmac_sha256 }), counts)
    }

    fn checkpoint(&mut self) -> String {
        self.unchecked = 0;
        let sha256 = HEXLOWER.encode(self.sha256.clone().finish().as_ref());
        self.took(written(&Checkpoint { sha256 }))
    }

    fn took(&mut self, text: String) -> String {
        self.sha256.update(text.as_bytes());
        self.hmac.update(text.as_bytes());
        text
    }
}
