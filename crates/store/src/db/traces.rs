//! Transactions as spans of traces: which part of the program began them, and
//! what became of them. Never a statement's values.

use domain::traces::TARGET;
use std::panic::Location;
use tracing::{Span, field::Empty, info_span};

/// A transaction, from the wait for a connection to its end.
pub(super) fn transaction(system: &'static str, begun: &Location<'_>) -> Span {
    info_span!(
        target: TARGET,
        "transaction",
        otel.kind = "client",
        otel.status_code = Empty,
        db.system.name = system,
        vestibule.flow = place(begun.file()),
        vestibule.outcome = Empty,
    )
}

pub(super) fn ended(span: &Span, outcome: &'static str) {
    span.record("vestibule.outcome", outcome);
}

/// No connection could be had.
pub(super) fn not_begun(span: &Span) {
    span.record("vestibule.outcome", "not_begun");
    span.record("otel.status_code", "ERROR");
}

/// `crates/flows/src/login.rs` is `flows/login`.
fn place(file: &str) -> String {
    let (_, within) = file.rsplit_once("crates/").unwrap_or(("", file));
    within.trim_end_matches(".rs").replacen("/src/", "/", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_crate_and_a_module() {
        assert_eq!(place("crates/flows/src/primary/passwords.rs"), "flows/primary/passwords");
        assert_eq!(place("/build/crates/store/src/janitor.rs"), "store/janitor");
        assert_eq!(place("elsewhere.rs"), "elsewhere");
    }
}
