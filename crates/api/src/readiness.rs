//! Whether this node should be sent calls, and why not.
//!
//! Asked at every call and at every probe, so it is one number in memory; the
//! server's workers find out and set it.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

/// Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Readiness(Arc<AtomicU8>);

/// What keeps a node from being ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Obstacle {
    /// The database did not answer within a second.
    DatabaseSilent = 1,
    /// It answers, but takes nothing: the disk is full, or it is a standby.
    DatabaseReadOnly = 2,
    /// This machine's clock is too far from the database's.
    Clock = 4,
    /// The server key does not open what the database holds.
    ServerKey = 8,
    /// The server is about to stop; calls are still answered.
    Stopping = 16,
}

impl Obstacle {
    pub const ALL: [Self; 5] =
        [Self::DatabaseSilent, Self::DatabaseReadOnly, Self::Clock, Self::ServerKey, Self::Stopping];

    /// Whether a call must be refused: it would decide by a wrong clock.
    fn forbids(self) -> bool {
        match self {
            Self::Clock => true,
            // A call finds out by itself, or is no trouble.
            Self::DatabaseSilent | Self::DatabaseReadOnly | Self::ServerKey | Self::Stopping => false,
        }
    }
}

impl Readiness {
    /// Sets or clears an obstacle; whether that is news.
    pub fn set(&self, obstacle: Obstacle, is_there: bool) -> bool {
        let bit = obstacle as u8;
        let before = if is_there {
            self.0.fetch_or(bit, Ordering::SeqCst)
        } else {
            self.0.fetch_and(!bit, Ordering::SeqCst)
        };
        (before & bit != 0) != is_there
    }

    /// What is in the way; nothing for a node that is ready.
    pub fn obstacles(&self) -> Vec<Obstacle> {
        let bits = self.0.load(Ordering::SeqCst);
        Obstacle::ALL.into_iter().filter(|it| bits & *it as u8 != 0).collect()
    }

    pub fn is_ready(&self) -> bool {
        self.0.load(Ordering::SeqCst) == 0
    }

    /// Whether calls may be answered at all.
    pub fn may_serve(&self) -> bool {
        !self.obstacles().into_iter().any(Obstacle::forbids)
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DatabaseSilent => "the database does not answer",
            Self::DatabaseReadOnly => "the database cannot be written to",
            Self::Clock => "this machine's clock is not the database's",
            Self::ServerKey => "the server key does not open the database",
            Self::Stopping => "the server is about to stop",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn obstacles_come_and_go_one_by_one() {
        let readiness = Readiness::default();
        assert!(readiness.is_ready() && readiness.may_serve());
        assert!(readiness.set(Obstacle::Stopping, true) && !readiness.set(Obstacle::Stopping, true));
        assert!(!readiness.is_ready() && readiness.may_serve(), "calls under way are answered");
        assert!(readiness.set(Obstacle::Clock, true));
        assert!(!readiness.may_serve());
        assert_eq!(readiness.obstacles(), [Obstacle::Clock, Obstacle::Stopping]);
        assert!(readiness.set(Obstacle::Clock, false) && readiness.may_serve());
    }
}
