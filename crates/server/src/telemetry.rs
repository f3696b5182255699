//! What the process says of itself: a line in the log for each request, and
//! traces where the operator wants them. No secret in either.

mod collector;
mod queue;
mod requests;
mod traces;

pub use collector::{describe, described, try_collector};
pub use requests::{Requests, trace};
pub use traces::Traces;

use domain::traces::TARGET;
use std::io::{IsTerminal, stderr};
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::{FilterExt, filter_fn},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// Whether lines are for people or for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// What listens to spans besides the log.
type Listener = Box<dyn Layer<Registry> + Send + Sync>;

/// Begins logging to standard error; `RUST_LOG` overrides the default level.
pub fn start(default: &str, format: LogFormat) {
    start_with(None, default, format);
}

/// As [`start`]; spans for traces go to the listener. Without one nobody wants
/// them, and they are never made.
pub fn start_with(listener: Option<Listener>, default: &str, format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let filter = filter.and(filter_fn(|it| it.target() != TARGET));
    let lines = fmt::layer().with_writer(stderr).with_target(false).with_ansi(stderr().is_terminal());
    let everything = tracing_subscriber::registry().with(listener);
    let started = match format {
        LogFormat::Text => everything.with(lines.with_filter(filter)).try_init(),
        LogFormat::Json => everything.with(lines.json().with_filter(filter)).try_init(),
    };
    if started.is_err() {
        eprintln!("vestibule: logging was set up before");
    }
}
