//! Spans on their way: a bounded queue, and one task that empties it. Whoever
//! ends a span never waits; what finds no room is dropped and counted.

use super::{collector::LIMIT, traces::allowed};
use crate::workers::Stop;
use metrics::counter;
use opentelemetry::Context;
use opentelemetry_sdk::{
    error::OTelSdkResult,
    trace::{Span, SpanData, SpanExporter, SpanProcessor},
};
use std::time::{Duration, Instant};
use tokio::{
    sync::mpsc::{self, Receiver, Sender},
    task::JoinHandle,
};

pub(super) const SENT: &str = "vestibule_trace_spans_sent_total";
pub(super) const LOST: &str = "vestibule_trace_spans_dropped_total";

/// Spans that wait: some megabytes.
const ROOM: usize = 8192;
/// Spans that the collector gets at a time.
const BATCH: usize = 512;
/// How often the queue is emptied.
const EVERY: Duration = Duration::from_millis(500);
/// How long the last spans may take when the server ends.
const LAST_SPANS: Duration = Duration::from_secs(3);
/// How often the log complains at most.
const COMPLAIN: Duration = Duration::from_mins(1);

/// Where spans end.
#[derive(Debug)]
pub(super) struct Queue(Sender<SpanData>);

/// The task that sends.
pub(super) struct Sending {
    stop: Stop,
    task: JoinHandle<()>,
}

impl Queue {
    pub fn to<E: SpanExporter + 'static>(exporter: E) -> (Self, Sending) {
        let (sender, waiting) = mpsc::channel(ROOM);
        let stop = Stop::default();
        let task = tokio::spawn(Task { exporter, waiting, complained: None, lost: 0 }.run(stop.clone()));
        (Self(sender), Sending { stop, task })
    }
}

impl SpanProcessor for Queue {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() && self.0.try_send(allowed(span)).is_err() {
            counter!(LOST, "reason" => "queue_full").increment(1);
        }
    }

    /// [`Sending`] does that.
    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl Sending {
    /// Sends what waits, if the collector takes it in time.
    pub async fn finish(mut self) {
        self.stop.request();
        if tokio::time::timeout(LAST_SPANS, &mut self.task).await.is_err() {
            self.task.abort();
            tracing::warn!("the last spans were not taken by the collector in time");
        }
    }
}

struct Task<E> {
    exporter: E,
    waiting: Receiver<SpanData>,
    complained: Option<Instant>,
    /// Since the last complaint.
    lost: usize,
}

impl<E: SpanExporter> Task<E> {
    async fn run(mut self, stop: Stop) {
        while stop.pause(EVERY).await {
            self.empty().await;
        }
        self.waiting.close();
        self.empty().await;
    }

    async fn empty(&mut self) {
        loop {
            let waiting = std::iter::from_fn(|| self.waiting.try_recv().ok());
            let batch: Vec<SpanData> = waiting.take(BATCH).collect();
            if batch.is_empty() {
                return;
            }
            self.send(batch).await;
        }
    }

    async fn send(&mut self, batch: Vec<SpanData>) {
        let spans = batch.len();
        if let Ok(Ok(())) = tokio::time::timeout(LIMIT, self.exporter.export(batch)).await {
            counter!(SENT).increment(spans as u64);
        } else {
            counter!(LOST, "reason" => "not_taken").increment(spans as u64);
            self.complain(spans);
        }
    }

    /// Without the reason, which may quote the collector; `doctor` finds it.
    fn complain(&mut self, spans: usize) {
        self.lost += spans;
        if self.complained.is_none_or(|at| at.elapsed() >= COMPLAIN) {
            tracing::warn!(spans = self.lost, "the collector of traces took nothing; the spans are dropped");
            (self.complained, self.lost) = (Some(Instant::now()), 0);
        }
    }
}
