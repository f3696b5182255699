//! Figures of what left the house, for the operator.

use crate::DeliveryFault;
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use std::time::Duration;

const DELIVERIES: &str = "vestibule_deliveries_total";
const DURATION: &str = "vestibule_delivery_duration_seconds";

/// Says what the figures of this crate mean.
pub fn describe() {
    describe_counter!(DELIVERIES, "Messages handed to a provider, by channel, provider and outcome");
    describe_histogram!(DURATION, Unit::Seconds, "How long a provider took over a message");
}

/// Begins the counts of a provider at 0, so that an alert sees the first failure rise.
pub fn begin(channel: &'static str, provider: &str) {
    for outcome in ["accepted", "refused", "unknown", "failed"] {
        counter!(DELIVERIES, "channel" => channel, "provider" => provider.to_owned(), "outcome" => outcome)
            .increment(0);
    }
}

/// Counts what became of one attempt to hand a message over.
pub(crate) fn attempted<T>(
    channel: &'static str,
    provider: &str,
    sent: &Result<T, DeliveryFault>,
    time: Duration,
) {
    delivered(channel, provider, outcome(sent), time);
}

/// The class of what became of an attempt.
pub(crate) fn outcome<T>(sent: &Result<T, DeliveryFault>) -> &'static str {
    match sent {
        Ok(_) => "accepted",
        Err(fault) if fault.is_final() => "refused",
        Err(fault) if fault.is_ambiguous() => "unknown",
        Err(_) => "failed",
    }
}

/// Counts one attempt to hand a message over. Channel and outcome come from
/// short lists in the source, the provider's name from the configuration;
/// nothing from a message or an answer.
pub fn delivered(channel: &'static str, provider: &str, outcome: &'static str, time: Duration) {
    let provider = provider.to_owned();
    counter!(DELIVERIES, "channel" => channel, "provider" => provider.clone(), "outcome" => outcome)
        .increment(1);
    histogram!(DURATION, "channel" => channel, "provider" => provider).record(time);
}
