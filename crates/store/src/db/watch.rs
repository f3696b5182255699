//! Whether the database takes what it is given, as the last to try found out.

use super::Fault;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Watch(Arc<AtomicBool>);

impl Watch {
    /// Notes how a write went.
    pub fn saw<T>(&self, done: &Result<T, Fault>) {
        match done {
            Ok(_) => self.0.store(false, Ordering::SeqCst),
            Err(fault) => self.saw_fault(fault),
        }
    }

    pub fn saw_fault(&self, fault: &Fault) {
        if fault.keeps_from_writing() && !self.0.swap(true, Ordering::SeqCst) {
            tracing::error!(%fault, "the database takes nothing: nothing new is acknowledged until it does");
        }
    }

    pub fn cannot_write(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
