//! What was seen of many calls of one kind.

use serde_json::{Value, json};
use std::time::Duration;

#[derive(Default)]
pub struct Sample {
    /// Of the calls that succeeded.
    latencies: Vec<Duration>,
    failures: u64,
    first_failure: Option<String>,
    pub elapsed: Duration,
}

impl Sample {
    pub fn succeeded(&mut self, latency: Duration) {
        self.latencies.push(latency);
    }

    pub fn failed(&mut self, why: impl FnOnce() -> String) {
        self.failures += 1;
        self.first_failure.get_or_insert_with(why);
    }

    pub fn has_failures(&self) -> bool {
        self.failures > 0
    }

    /// Of calls at the same time: the time does not add up.
    pub fn beside(&mut self, other: Self) {
        let longer = self.elapsed.max(other.elapsed);
        self.after(other);
        self.elapsed = longer;
    }

    /// Of calls at another time.
    pub fn after(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.failures += other.failures;
        self.first_failure = self.first_failure.take().or(other.first_failure);
        self.elapsed += other.elapsed;
    }

    pub fn complain(&self) {
        if let Some(first) = &self.first_failure {
            eprintln!("{} calls FAILED; the first: {first}", self.failures);
        }
    }

    pub fn figures(mut self) -> Value {
        self.latencies.sort_unstable();
        json!({
            "per_second": self.per_second(),
            "p50_ms": self.percentile(50),
            "p99_ms": self.percentile(99),
            "calls": self.latencies.len(),
            "failures": self.failures,
        })
    }

    fn per_second(&self) -> f64 {
        let calls = u32::try_from(self.latencies.len()).unwrap_or(u32::MAX);
        if self.elapsed.is_zero() { 0.0 } else { f64::from(calls) / self.elapsed.as_secs_f64() }
    }

    /// In milliseconds: the least that so many of a hundred calls do not exceed. The latencies are sorted.
    fn percentile(&self, of_a_hundred: usize) -> f64 {
        let rank = (self.latencies.len() * of_a_hundred).div_ceil(100);
        let latency = self.latencies.get(rank.saturating_sub(1)).copied().unwrap_or_default();
        latency.as_secs_f64() * 1e3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(milliseconds: impl Iterator<Item = u64>) -> Sample {
        let mut sample = Sample { elapsed: Duration::from_secs(2), ..Sample::default() };
        milliseconds.for_each(|it| sample.succeeded(Duration::from_millis(it)));
        sample
    }

    #[test]
    fn half_of_the_calls_are_within_the_median() {
        let figures = sample((1..=100).rev()).figures();
        assert_eq!((&figures["p50_ms"], &figures["p99_ms"]), (&json!(50.0), &json!(99.0)));
        assert_eq!(figures["per_second"], json!(50.0));
    }

    #[test]
    fn nothing_seen_is_no_failure() {
        assert_eq!(Sample::default().figures()["per_second"], json!(0.0));
    }

    #[test]
    fn of_calls_side_by_side_the_longer_time_counts() {
        let mut both = sample(1..=10);
        both.beside(sample(1..=10));
        assert_eq!(both.figures()["per_second"], json!(10.0));
    }
}
