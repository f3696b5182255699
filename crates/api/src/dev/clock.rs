//! `/dev/clock`: the server's clock, moved for tests.

use super::{
    Dev,
    guard::{Read, refused},
};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{Timestamp, time::Span};
use serde::{Deserialize, Serialize};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// How far the development clock is ahead of the machine's. Clones share it.
#[derive(Clone, Default)]
pub struct DevClock(Arc<AtomicI64>);

impl DevClock {
    /// Ahead by so many milliseconds.
    pub fn ahead(milliseconds: i64) -> Self {
        Self(Arc::new(AtomicI64::new(milliseconds)))
    }

    /// The machine's time, moved.
    pub fn moved(&self, machine: Timestamp) -> Timestamp {
        machine.plus(Span::milliseconds(self.offset()))
    }

    /// So many milliseconds ahead.
    pub(super) fn offset(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

#[derive(Serialize)]
struct Shown {
    now: String,
    offset_seconds: i64,
}

#[derive(Deserialize)]
pub struct Advance {
    advance: String,
}

pub async fn show(State(dev): State<Dev>) -> Response {
    let now = (dev.api.clock)().to_string();
    Json(Shown { now, offset_seconds: dev.clock.offset() / 1000 }).into_response()
}

/// Moves the clock forward; the move is kept with the data.
pub async fn advance(State(dev): State<Dev>, Read(request): Read<Advance>) -> Response {
    let Some(span) = span(&request.advance) else {
        return refused(StatusCode::BAD_REQUEST, "Write a span such as 31s, 11m, 2h, 1d or 1h30m.");
    };
    let offset = dev.clock.0.fetch_add(span.as_milliseconds(), Ordering::SeqCst) + span.as_milliseconds();
    match keep(&dev, offset).await {
        Ok(()) => show(State(dev)).await,
        Err(fault) => {
            tracing::error!(%fault, "the moved clock was not kept");
            refused(StatusCode::INTERNAL_SERVER_ERROR, "The clock moved, but the move was not kept.")
        }
    }
}

async fn keep(dev: &Dev, offset: i64) -> Result<(), store::Fault> {
    let mut tx = dev.api.app.db.write().await?;
    store::installation::set_clock_offset(&mut tx, offset).await?;
    tx.commit().await
}

/// Reads `1h30m`: numbers with s, m, h or d behind each; at most ten years.
fn span(text: &str) -> Option<Span> {
    const MOST_SECONDS: i64 = 3650 * 24 * 60 * 60;
    let (mut seconds, mut digits) = (0_i64, String::new());
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let unit = match c {
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            'd' => 24 * 60 * 60,
            _ => return None,
        };
        let count: i64 = std::mem::take(&mut digits).parse().ok()?;
        seconds = seconds.checked_add(count.checked_mul(unit)?)?;
    }
    (digits.is_empty() && !text.is_empty() && seconds <= MOST_SECONDS).then(|| Span::seconds(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_reads_as_people_write_it() {
        let seconds = |text| span(text).map(|it| it.as_milliseconds() / 1000);
        assert_eq!(seconds("31s"), Some(31));
        assert_eq!(seconds("11m"), Some(660));
        assert_eq!(seconds("1h30m"), Some(5400));
        assert_eq!(
            [seconds(""), seconds("5"), seconds("-1m"), seconds("m"), seconds("99999999d")],
            [None; 5]
        );
    }
}
