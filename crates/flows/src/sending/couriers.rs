//! How many hand-overs go on at a time, and who wakes the outbox. Texts and
//! mails have a crew each: a mail server that hangs takes nothing from texts.

use domain::messages::Channel;
use std::sync::Arc;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Hand-overs on one node and channel at a time; what comes beyond waits in the outbox.
const MOST: u32 = 256;
/// Messages that the outbox reads at a time: few, as urgent ones may come meanwhile.
const AT_A_TIME: usize = 32;

#[derive(Clone, Default)]
pub struct Couriers {
    texts: Crew,
    mails: Crew,
}

#[derive(Clone)]
struct Crew {
    free: Arc<Semaphore>,
    work: Arc<Notify>,
}

impl Default for Crew {
    fn default() -> Self {
        Self { free: Arc::new(Semaphore::new(MOST as usize)), work: Arc::default() }
    }
}

impl Couriers {
    fn of(&self, channel: Channel) -> &Crew {
        match channel {
            Channel::Sms => &self.texts,
            Channel::Email => &self.mails,
        }
    }

    /// One for a message that is being written down.
    pub fn at_once(&self, channel: Channel) -> Option<OwnedSemaphorePermit> {
        self.of(channel).free.clone().try_acquire_owned().ok()
    }

    /// Some for messages of the outbox, as soon as there is one; none when the
    /// server is stopping. Whoever waits here goes before those who want one at once.
    pub async fn some(&self, channel: Channel) -> Vec<OwnedSemaphorePermit> {
        let free = &self.of(channel).free;
        let Ok(first) = free.clone().acquire_owned().await else { return Vec::new() };
        let more = (1..AT_A_TIME).map_while(|_| self.at_once(channel));
        std::iter::once(first).chain(more).collect()
    }

    /// There is something in the outbox.
    pub fn wake(&self, channel: Channel) {
        self.of(channel).work.notify_one();
    }

    /// Returns when there is something in the outbox.
    pub async fn woken(&self, channel: Channel) {
        self.of(channel).work.notified().await;
    }

    /// Waits until the last has come back; none leaves after that.
    pub async fn dismiss(&self) {
        for crew in [&self.texts, &self.mails] {
            drop(crew.free.acquire_many(MOST).await);
            crew.free.close();
        }
    }
}
