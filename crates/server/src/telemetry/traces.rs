//! Spans of ours as spans of OpenTelemetry.
//!
//! Twice an allow-list: the layer sees spans of one target only, and no event
//! at all; and of their attributes only those leave that are known here.

use super::{
    Listener, collector,
    queue::{Queue, Sending},
};
use crate::{Failure, config::TraceSettings};
use domain::traces::TARGET;
use opentelemetry::{
    KeyValue,
    trace::{Status, TracerProvider},
};
use opentelemetry_sdk::{
    Resource,
    trace::{Sampler, SdkTracerProvider, SpanData, SpanEvents},
};
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, filter_fn},
};

/// What may be said of anything.
const ATTRIBUTES: [&str; 11] = [
    "http.request.method",
    "http.route",
    "http.response.status_code",
    "url.scheme",
    "error.type",
    api::endpoint::traces::REQUEST_ID,
    "db.system.name",
    "vestibule.flow",
    "vestibule.channel",
    "vestibule.provider",
    "vestibule.outcome",
];

/// Traces being made. Dropped without [`Traces::finish`], it loses the last of them.
pub struct Traces {
    provider: SdkTracerProvider,
    sending: Sending,
}

impl Traces {
    /// Begins sending to the collector, and says what is to listen to spans.
    ///
    /// # Errors
    /// When the collector cannot be spoken to as it is configured.
    pub fn begin(settings: &TraceSettings) -> Result<(Self, Listener), Failure> {
        let resource = Resource::builder()
            .with_service_name(settings.service_name.clone())
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let (queue, sending) = Queue::to(collector::exporter(settings, &resource)?);
        let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(settings.ratio)));
        let provider = SdkTracerProvider::builder()
            .with_sampler(sampler)
            .with_resource(resource)
            .with_span_processor(queue)
            .build();
        let listener = listener(&provider);
        Ok((Self { provider, sending }, listener))
    }

    /// Hands over what is waiting, for a few seconds at most.
    pub async fn finish(self) {
        self.sending.finish().await;
        drop(self.provider);
    }
}

fn listener(provider: &SdkTracerProvider) -> Listener {
    let layer = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("vestibule"))
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_level(false)
        .with_tracked_inactivity(false)
        .with_error_events_to_status(false)
        .with_error_events_to_exceptions(false)
        .with_error_records_to_exceptions(false);
    let ours = filter_fn(|it| it.is_span() && it.target() == TARGET);
    Box::new(layer.with_filter(ours.with_max_level_hint(LevelFilter::INFO)))
}

/// Without what nobody decided to tell.
pub(super) fn allowed(mut span: SpanData) -> SpanData {
    span.attributes.retain(|it| ATTRIBUTES.contains(&it.key.as_str()));
    span.events = SpanEvents::default();
    if let Status::Error { .. } = span.status {
        span.status = Status::error("");
    }
    span
}
