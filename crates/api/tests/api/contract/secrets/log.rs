//! Everything that is logged and counted while something runs.

use metrics_exporter_prometheus::PrometheusBuilder;
use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};
use tokio::runtime::Builder;
use tracing::Dispatch;
use tracing_subscriber::{filter::LevelFilter, fmt::MakeWriter, util::SubscriberInitExt};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

/// Runs it on threads of its own, every one of which logs and counts
/// here, at the most talkative level, libraries included.
pub fn logged<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> (T, String, String) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_ansi(false);
    let dispatch = Dispatch::new(subscriber.with_writer(log.clone()).finish());
    let recorder = PrometheusBuilder::new().build_recorder();
    let figures = recorder.handle();
    let recorder: &'static _ = Box::leak(Box::new(recorder)); // threads hold it for as long as they live
    let listen = move || {
        std::mem::forget(dispatch.clone().set_default());
        std::mem::forget(metrics::set_default_local_recorder(recorder));
    };
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().on_thread_start(listen).build();
    let runtime = runtime.expect("a runtime");
    let done = runtime.block_on(runtime.spawn(work)).expect("no panic");
    drop(runtime);
    let bytes = log.0.lock().expect("the log").clone();
    (done, String::from_utf8_lossy(&bytes).into_owned(), figures.render())
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("the log").write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        self.clone()
    }
}
