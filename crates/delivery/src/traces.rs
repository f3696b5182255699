//! Calls to providers as spans of traces: through which channel, by whom, and
//! what class of outcome. Never to whom, where, or with which words.

use crate::{DeliveryFault, figures};
use domain::traces::TARGET;
use tracing::{Span, field::Empty, info_span};

/// A call; one that nobody waited for to the end has the outcome `unknown`.
pub(crate) struct Call {
    span: Span,
    outcome: &'static str,
}

impl Call {
    /// `provider` is the operator's name for it.
    pub fn begin(channel: &'static str, provider: &str) -> Self {
        let span = info_span!(
            target: TARGET,
            "provider call",
            otel.kind = "client",
            otel.status_code = Empty,
            vestibule.channel = channel,
            vestibule.provider = provider,
            vestibule.outcome = Empty,
        );
        Self { span, outcome: "unknown" }
    }

    pub fn ended<T>(self, sent: &Result<T, DeliveryFault>) {
        self.with(figures::outcome(sent));
    }

    /// One of the words that figures use.
    pub fn with(mut self, outcome: &'static str) {
        self.outcome = outcome;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.span.record("vestibule.outcome", self.outcome);
        if matches!(self.outcome, "failed" | "unknown") {
            self.span.record("otel.status_code", "ERROR");
        }
    }
}
