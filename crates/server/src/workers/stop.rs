//! The word to end, for every worker at once.

use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Stop(CancellationToken);

impl Stop {
    /// Tells everybody; from then on nobody waits.
    pub fn request(&self) {
        self.0.cancel();
    }

    /// Returns when everybody was told.
    pub async fn requested(&self) {
        self.0.cancelled().await;
    }

    /// Waits between two pieces of work. `false` means that there is none any
    /// more: the worker returns.
    pub async fn pause(&self, time: Duration) -> bool {
        tokio::select! {
            biased;
            () = self.requested() => false,
            () = tokio::time::sleep(time) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pause_ends_when_the_server_does() {
        let stop = Stop::default();
        assert!(stop.pause(Duration::ZERO).await);
        let pausing = tokio::spawn({
            let stop = stop.clone();
            async move { stop.pause(Duration::from_hours(1)).await }
        });
        stop.request();
        assert!(!pausing.await.unwrap());
        assert!(!stop.pause(Duration::ZERO).await);
    }
}
