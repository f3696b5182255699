//! Figures of requests, for the operator: by route template, never by path, caller or address.

use axum::{http::Method, response::Response};
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use std::time::{Duration, Instant};

const REQUESTS: &str = "vestibule_requests_total";
const DURATION: &str = "vestibule_request_duration_seconds";
const IN_FLIGHT: &str = "vestibule_requests_in_flight";

/// Says what the figures of this crate mean.
pub fn describe() {
    describe_counter!(
        REQUESTS,
        "Requests answered, by route, status and error_type (empty when it went well)"
    );
    describe_histogram!(DURATION, Unit::Seconds, "From the head of a request to its answer");
    describe_counter!(
        super::limits::LIMITED,
        "Calls refused for coming too fast, by what they are counted by"
    );
    describe_gauge!(IN_FLIGHT, "Requests being answered");
    gauge!(IN_FLIGHT).increment(0);
    for by in super::limits::BY {
        counter!(super::limits::LIMITED, "by" => by).increment(0);
    }
}

/// Which refusal an answer tells: an extension of the answer.
#[derive(Debug, Clone, Copy)]
pub struct Told(pub &'static str);

/// One request being timed.
pub(super) struct Request {
    since: Instant,
    method: Method,
    route: &'static str,
}

impl Request {
    pub fn begin(method: &Method, route: &'static str) -> Self {
        gauge!(IN_FLIGHT).increment(1);
        Self { since: Instant::now(), method: method.clone(), route }
    }

    /// Counts the answer; how long it took.
    pub fn answered(self, response: &Response) -> Duration {
        let time = self.since.elapsed();
        let error_type = response.extensions().get::<Told>().map_or("", |it| it.0);
        // `Method` knows the names of the standard ones, and routes have no others.
        let (method, status) = (self.method.to_string(), response.status().as_u16().to_string());
        histogram!(DURATION, "method" => method.clone(), "route" => self.route, "status" => status.clone())
            .record(time);
        counter!(REQUESTS, "method" => method, "route" => self.route, "status" => status,
                 "error_type" => error_type)
        .increment(1);
        time
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        gauge!(IN_FLIGHT).decrement(1);
    }
}
