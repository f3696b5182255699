//! What spans are called that leave the house, in traces.

/// The target of every span that is made for traces, in every crate. What has
/// another target, and every event, stays in the log.
pub const TARGET: &str = "vestibule_traces";
