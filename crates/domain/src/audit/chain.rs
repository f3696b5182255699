//! How the rows of the audit log hang together: each hashes what stands in it
//! and the hash of the row before.
//!
//! What is hashed is the text that is stored, whatever it means: a row whose
//! details are sealed, or no longer readable, is proved all the same. The hash
//! is under no key, so that whoever has the rows can check them; the keyed
//! digest over it is what somebody who can write to the database cannot make.

use crate::{audit::key::Prover, digest::Digest};
use std::fmt;

/// Whose events follow one another: an organization's, or a project's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChainId {
    pub project_id: String,
    /// None for the project's own chain.
    pub organization_id: Option<String>,
}

/// The columns of an event, as they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub audit_event_id: String,
    pub project_id: String,
    pub organization_id: Option<String>,
    pub member_id: Option<String>,
    pub action: String,
    pub actor: String,
    /// Milliseconds since the epoch.
    pub at: i64,
    pub details: String,
}

/// An event in its chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub entry: Entry,
    pub link: Link,
}

/// Where an event stands in its chain, and what proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// From 1, without a gap.
    pub sequence: i64,
    /// SHA-256 in hexadecimal.
    pub hash: String,
    /// A keyed digest of the hash.
    pub mac: String,
}

/// How far a chain goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    pub length: i64,
    /// The hash of the last row; empty before the first.
    pub head: String,
}

impl End {
    pub const EMPTY: Self = Self { length: 0, head: String::new() };
}

impl ChainId {
    /// As it stands in a key of two columns: empty for the project's own.
    pub fn organization(&self) -> &str {
        self.organization_id.as_deref().unwrap_or_default()
    }
}

impl Entry {
    pub fn chain(&self) -> ChainId {
        ChainId { project_id: self.project_id.clone(), organization_id: self.organization_id.clone() }
    }

    /// The hash of this event as number `sequence` after a row.
    pub fn hash(&self, sequence: i64, previous: &str) -> String {
        let (sequence, at) = (sequence.to_string(), self.at.to_string());
        let parts = [
            Some("vestibule audit event 1"),
            Some(&*sequence),
            Some(previous),
            Some(&self.audit_event_id),
            Some(&self.project_id),
            self.organization_id.as_deref(),
            self.member_id.as_deref(),
            Some(&self.action),
            Some(&self.actor),
            Some(&at),
            Some(&self.details),
        ];
        Digest::of(&encoded(&parts)).to_string()
    }

    /// This event as the next of a chain.
    #[must_use]
    pub fn linked(self, prover: Prover<'_>, end: &End) -> Record {
        let sequence = end.length + 1;
        let hash = self.hash(sequence, &end.head);
        let mac = prover.row_mac(&hash).to_string();
        Record { entry: self, link: Link { sequence, hash, mac } }
    }
}

impl Record {
    /// The end of the chain where this is its last row.
    pub fn end(&self) -> End {
        End { length: self.link.sequence, head: self.link.hash.clone() }
    }
}

/// A byte for "nothing" or "something", eight for the length, then the text:
/// no two lists of parts have the same encoding.
fn encoded(parts: &[Option<&str>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        match part {
            None => bytes.push(0),
            Some(text) => {
                bytes.push(1);
                bytes.extend((text.len() as u64).to_be_bytes());
                bytes.extend(text.as_bytes());
            }
        }
    }
    bytes
}

impl fmt::Display for ChainId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.organization_id {
            Some(organization) => write!(f, "{} {organization}", self.project_id),
            None => write!(f, "{} (the project's own)", self.project_id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            audit_event_id: "audit-event-1".to_owned(),
            project_id: "project-1".to_owned(),
            organization_id: Some("organization-1".to_owned()),
            member_id: None,
            action: "session.created".to_owned(),
            actor: "member".to_owned(),
            at: 7,
            details: "{}".to_owned(),
        }
    }

    #[test]
    fn every_column_and_the_place_count() {
        let hash = entry().hash(1, "");
        let organization = || Some("organization-2".to_owned());
        let changed = [
            Entry { audit_event_id: "audit-event-2".to_owned(), ..entry() },
            Entry { project_id: "project-2".to_owned(), ..entry() },
            Entry { organization_id: organization(), ..entry() },
            Entry { organization_id: None, ..entry() },
            Entry { member_id: Some(String::new()), ..entry() },
            Entry { action: "session.revoked".to_owned(), ..entry() },
            Entry { actor: "project".to_owned(), ..entry() },
            Entry { at: 8, ..entry() },
            Entry { details: "{ }".to_owned(), ..entry() },
        ];
        for other in changed {
            assert_ne!(other.hash(1, ""), hash, "{other:?}");
        }
        assert_ne!(entry().hash(2, ""), hash);
        assert_ne!(entry().hash(1, &hash), hash);
    }

    #[test]
    fn the_hash_of_a_row_is_what_the_documentation_says() {
        // So that exports of today can be checked by the releases of tomorrow.
        let documented = "9d03e88a6aa25aa930ea11a39bdd3562637592ff0ce0c200be7df02be149ecb3";
        assert_eq!(entry().hash(1, ""), documented);
    }
}
