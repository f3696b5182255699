//! How many hand-overs go on at a time, and who wakes the outbox.

use std::sync::Arc;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Hand-overs on one node at a time; what comes beyond waits in the outbox.
const MOST: u32 = 512;

#[derive(Clone)]
pub struct Couriers {
    free: Arc<Semaphore>,
    work: Arc<Notify>,
}

impl Default for Couriers {
    fn default() -> Self {
        Self { free: Arc::new(Semaphore::new(MOST as usize)), work: Arc::default() }
    }
}

impl Couriers {
    /// One for a message that is being written down.
    pub fn at_once(&self) -> Option<OwnedSemaphorePermit> {
        self.free.clone().try_acquire_owned().ok()
    }

    /// One for a message of the outbox; none when the server is stopping.
    pub async fn next(&self) -> Option<OwnedSemaphorePermit> {
        self.free.clone().acquire_owned().await.ok()
    }

    /// There is something in the outbox.
    pub fn wake(&self) {
        self.work.notify_one();
    }

    /// Returns when there is something in the outbox.
    pub async fn woken(&self) {
        self.work.notified().await;
    }

    /// Waits until the last has come back; none leaves after that.
    pub async fn dismiss(&self) {
        drop(self.free.acquire_many(MOST).await);
        self.free.close();
    }
}
