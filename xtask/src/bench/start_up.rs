//! How long it takes from the birth of the process to its first answer.

use crate::{Outcome, server::Server};
use serde_json::{Value, json};
use std::time::Duration;

const STARTS: usize = 5;

/// The first start, which creates everything, and further ones on data that are there.
pub fn measured(first: Duration, start: impl Fn() -> Outcome<(Server, Duration)>) -> Outcome<Value> {
    let mut later = Vec::new();
    for _ in 0..STARTS {
        let (server, took) = start()?;
        later.push(milliseconds(took));
        server.stop()?;
    }
    later.sort_by(f64::total_cmp);
    Ok(json!({ "first_ms": milliseconds(first), "min_ms": later[0], "median_ms": later[STARTS / 2] }))
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
