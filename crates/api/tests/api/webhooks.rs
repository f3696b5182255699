//! Webhooks: what backends are told, and how it gets there.

mod events;
mod signatures;

use testkit::Received;

/// The types of what came, sorted.
fn types(received: &[Received]) -> Vec<String> {
    let mut types: Vec<String> = received.iter().map(Received::event_type).collect();
    types.sort_unstable();
    types
}

/// The one event of a type.
#[track_caller]
fn only<'a>(received: &'a [Received], event_type: &str) -> &'a Received {
    let found: Vec<&Received> = received.iter().filter(|it| it.event_type() == event_type).collect();
    assert_eq!(found.len(), 1, "{event_type} in {:?}", types(received));
    found[0]
}
