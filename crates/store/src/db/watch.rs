//! Whether the database takes what it is given, as the last to try found out.

use super::Fault;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

/// Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Watch(Arc<Seen>);

#[derive(Debug, Default)]
struct Seen {
    blocked: AtomicBool,
    failures: AtomicU64,
}

impl Watch {
    /// Notes how a write went.
    pub fn saw<T>(&self, done: &Result<T, Fault>) {
        match done {
            Ok(_) => self.0.blocked.store(false, Ordering::SeqCst),
            Err(fault) => self.saw_fault(fault),
        }
    }

    pub fn saw_fault(&self, fault: &Fault) {
        if !fault.keeps_from_writing() {
            return;
        }
        self.0.failures.fetch_add(1, Ordering::SeqCst);
        if !self.0.blocked.swap(true, Ordering::SeqCst) {
            tracing::error!(%fault, "the database takes nothing: nothing new is acknowledged until it does");
        }
    }

    pub fn cannot_write(&self) -> bool {
        self.0.blocked.load(Ordering::SeqCst)
    }

    /// How many writes could not be made, since the start.
    pub fn failures(&self) -> u64 {
        self.0.failures.load(Ordering::SeqCst)
    }
}
