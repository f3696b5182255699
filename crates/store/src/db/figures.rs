//! Figures of the database: how long it took, and whom it kept waiting.

use super::traces;
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use std::time::{Duration, Instant};
use tracing::Span;

const TRANSACTION: &str = "vestibule_transaction_duration_seconds";
const WAIT: &str = "vestibule_database_wait_seconds";
const BATCH: &str = "vestibule_commit_batch_size";
const COMMIT: &str = "vestibule_commit_duration_seconds";
const FAULTS: &str = "vestibule_database_faults_total";

/// Says what the figures of this crate mean.
pub fn describe() {
    describe_histogram!(TRANSACTION, Unit::Seconds, "From the begin of a transaction to its end");
    describe_histogram!(WAIT, Unit::Seconds, "How long a caller waited for a connection");
    describe_histogram!(BATCH, "Transactions that shared one durable commit (SQLite)");
    describe_histogram!(COMMIT, Unit::Seconds, "How long a shared commit took to reach the disk (SQLite)");
    describe_counter!(FAULTS, "Failures of the database, by its own code for them");
}

/// What a connection is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Read,
    Survey,
    Write,
}

/// A transaction being timed; one that is dropped before it is committed was undone.
pub(super) struct Transaction {
    pub since: Instant,
    outcome: &'static str,
    span: Span,
}

impl Transaction {
    pub fn begin(span: Span) -> Self {
        Self { since: Instant::now(), outcome: "rolled_back", span }
    }

    pub fn committed(mut self) {
        self.outcome = "committed";
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        traces::ended(&self.span, self.outcome);
        histogram!(TRANSACTION, "outcome" => self.outcome).record(self.since.elapsed());
    }
}

pub(super) fn waited(operation: Operation, time: Duration) {
    let operation = match operation {
        Operation::Read => "read",
        Operation::Survey => "survey",
        Operation::Write => "write",
    };
    histogram!(WAIT, "operation" => operation).record(time);
}

/// A commit that many shared reached the disk, or did not.
pub(super) fn committed(batch: usize, time: Duration) {
    histogram!(BATCH).record(u32::try_from(batch).unwrap_or(u32::MAX));
    histogram!(COMMIT).record(time);
}

/// The code is the database's own, from a list that its makers keep.
pub(super) fn fault(code: String) {
    counter!(FAULTS, "code" => code).increment(1);
}
