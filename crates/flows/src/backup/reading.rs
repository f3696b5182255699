//! Reading a backup's lines, each checked.

use super::of_file;
use crate::{Error, Result, secrets::KEY_CHECK};
use domain::{
    backup::{Checking, Counts, Damage, Found, Header},
    server_key::ServerKey,
};
use std::io::{BufRead, Read};

/// No line of ours is near it; whatever holds a longer one is no backup.
const LONGEST_LINE: u64 = 64 << 20;

/// A backup that is being read.
pub(super) struct Reading<R> {
    input: R,
    checking: Checking,
    line: Vec<u8>,
}

impl<R: BufRead> Reading<R> {
    /// # Errors
    /// When the file is no backup, or another server key's.
    pub(super) fn begin(key: &ServerKey, mut input: R) -> Result<(Self, Header)> {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        line(&mut input, &mut first)?;
        line(&mut input, &mut second)?;
        let begun = Checking::begin(key, (&first, &second), &KEY_CHECK);
        let (checking, header) = begun.map_err(|damage| refused(&damage))?;
        Ok((Self { input, checking, line: Vec::new() }, header))
    }

    /// The next line; none after the seal, and only then was it all believable.
    ///
    /// # Errors
    /// Says what is damaged, and where.
    pub(super) fn next(&mut self) -> Result<Option<Found>> {
        line(&mut self.input, &mut self.line)?;
        if self.line.is_empty() {
            return self.checking.end().map(|()| None).map_err(|damage| refused(&damage));
        }
        self.checking.next(&self.line).map(Some).map_err(|damage| refused(&damage))
    }
}

/// Reads a backup to its end, and keeps nothing.
///
/// # Errors
/// Says what is damaged, and where.
pub fn check(key: &ServerKey, input: impl BufRead) -> Result<(Header, Counts)> {
    let (mut reading, header) = Reading::begin(key, input)?;
    let mut counts = Counts::default();
    while let Some(found) = reading.next()? {
        match found {
            Found::Sealed(sealed) => counts = sealed,
            Found::Table(_) | Found::Row(_) | Found::Nothing => {}
        }
    }
    Ok((header, counts))
}

fn line(input: &mut impl BufRead, into: &mut Vec<u8>) -> Result<()> {
    into.clear();
    let read = input.by_ref().take(LONGEST_LINE).read_until(b'\n', into);
    read.map(|_| ()).map_err(|error| of_file(&error))
}

fn refused(damage: &Damage) -> Error {
    Error::Operator(damage.to_string())
}
