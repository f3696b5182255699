//! A sorted file of digests, searched by halves where it lies.

use super::Unanswered;
use crate::fault::ConfigurationFault;
use std::{cmp::Ordering, fs::File, io, os::unix::fs::FileExt, path::Path, sync::Arc};

/// The longest line: a digest, a colon, a count, and the end of the line.
const LINE: usize = 64;
const DIGITS: usize = 40;

#[derive(Clone, Debug)]
pub(super) struct List {
    file: Arc<File>,
    length: u64,
}

impl List {
    pub(super) fn open(path: &Path) -> Result<Self, ConfigurationFault> {
        let file = File::open(path).map_err(|_| ConfigurationFault::BreachList)?;
        let length = file.metadata().map_err(|_| ConfigurationFault::BreachList)?.len();
        let this = Self { file: Arc::new(file), length };
        this.find(&"0".repeat(DIGITS)).map_err(|_| ConfigurationFault::BreachList)?;
        Ok(this)
    }

    pub(super) async fn know(&self, print: String) -> Result<bool, Unanswered> {
        let this = self.clone();
        let found = tokio::task::spawn_blocking(move || this.find(&print)).await;
        found.map_err(|_| Unanswered)?.map_err(|error| {
            tracing::warn!(%error, "the list of breached passwords cannot be read");
            Unanswered
        })
    }

    /// `low` is always the beginning of a line, and so is `high`, or it is the end.
    fn find(&self, print: &str) -> io::Result<bool> {
        let (mut low, mut high) = (0, self.length);
        while low < high {
            let middle = low + (high - low) / 2;
            let start = self.line_at_or_before(middle, low)?;
            let (digest, next) = self.line(start)?;
            match digest.as_str().cmp(print) {
                Ordering::Equal => return Ok(true),
                Ordering::Less => low = next,
                Ordering::Greater => high = start,
            }
        }
        Ok(false)
    }

    /// Where the line begins that holds this byte.
    fn line_at_or_before(&self, at: u64, low: u64) -> io::Result<u64> {
        let from = at.saturating_sub(LINE as u64).max(low);
        let mut before = vec![0; usize::try_from(at - from).unwrap_or(LINE)];
        self.file.read_exact_at(&mut before, from)?;
        match before.iter().rposition(|it| *it == b'\n') {
            Some(end) => Ok(from + end as u64 + 1),
            None if from == low => Ok(low),
            None => Err(malformed()),
        }
    }

    /// The digest of the line that begins there, and where the next begins.
    fn line(&self, start: u64) -> io::Result<(String, u64)> {
        let mut bytes = [0; LINE];
        let mut filled = 0;
        while filled < LINE {
            match self.file.read_at(&mut bytes[filled..], start + filled as u64)? {
                0 => break,
                more => filled += more,
            }
        }
        let end = bytes[..filled].iter().position(|it| *it == b'\n');
        let end = match end {
            Some(end) => end + 1,
            None if filled < LINE => filled,
            None => return Err(malformed()),
        };
        let text = std::str::from_utf8(&bytes[..end]).map_err(|_| malformed())?;
        let (digest, count) = text.trim_end().split_at_checked(DIGITS).ok_or_else(malformed)?;
        let is_digest = digest.bytes().all(|it| it.is_ascii_hexdigit());
        let is_count = count.is_empty() || count.starts_with(':');
        if is_digest && is_count {
            Ok((digest.to_ascii_uppercase(), start + end as u64))
        } else {
            Err(malformed())
        }
    }
}

fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not a sorted list of SHA-1 digests")
}
