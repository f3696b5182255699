//! Slow hashing, on a bounded pool, so that a flood of passwords slows nothing else.

use crate::{Error, Result, figures};
use domain::{Refusal, traces::TARGET};
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread::available_parallelism,
    time::Instant,
};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Callers that may wait; one more is told to come back.
const QUEUE: usize = 32;

pub struct Hashing {
    permits: Semaphore,
    waiting: AtomicUsize,
}

impl Default for Hashing {
    fn default() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self { permits: Semaphore::new(cores), waiting: AtomicUsize::new(0) }
    }
}

/// A core to hash on, once.
pub struct Turn<'a>(SemaphorePermit<'a>);

impl Hashing {
    /// Waits for a core.
    ///
    /// # Errors
    /// `TooManyRequests` when the queue is full.
    pub async fn turn(&self) -> Result<Turn<'_>> {
        let _place = Place::in_line(&self.waiting)?;
        Ok(Turn(self.permits.acquire().await.map_err(|_| Refusal::ServerUnavailable)?))
    }

    /// Runs slow work off the async threads, as many at a time as there are cores.
    ///
    /// # Errors
    /// `TooManyRequests` when the queue is full.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        self.turn().await?.run(work).await
    }
}

impl Turn<'_> {
    /// Runs slow work off the async threads.
    ///
    /// # Errors
    /// When it panics.
    pub async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let since = Instant::now();
        let _span = tracing::info_span!(target: TARGET, "hash password");
        let done = tokio::task::spawn_blocking(work).await;
        figures::hashed(since.elapsed());
        drop(self.0);
        done.map_err(|_| Error::Signing("hashing was interrupted".to_owned()))
    }
}

/// A place in the queue; left when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn in_line(waiting: &'a AtomicUsize) -> Result<Self> {
        let before = waiting.fetch_add(1, Ordering::SeqCst);
        let place = Self(waiting);
        if before < QUEUE {
            figures::waiting_to_hash(before + 1);
            return Ok(place);
        }
        figures::turned_away();
        Err(Refusal::TooManyRequests.into())
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        figures::waiting_to_hash(self.0.fetch_sub(1, Ordering::SeqCst).saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_flood_is_turned_away_beyond_the_queue() {
        let hashing = std::sync::Arc::new(Hashing::default());
        let mut flood = tokio::task::JoinSet::new();
        for _ in 0..100 {
            let hashing = hashing.clone();
            flood.spawn(async move {
                hashing.run(|| std::thread::sleep(std::time::Duration::from_millis(5))).await
            });
        }
        let done = flood.join_all().await;
        let refused =
            done.iter().filter(|it| matches!(it, Err(Error::Refused(Refusal::TooManyRequests)))).count();
        assert!(refused > 0 && done.iter().any(Result::is_ok));
        assert!(hashing.run(|| ()).await.is_ok(), "the queue empties");
    }
}
