//! The worker's part: works out whom to tell, and tells them.
//!
//! Several nodes do so at once. Of a cause, the one that takes it out of the
//! outbox queues its events; of a delivery, the one whose guarded UPDATE claims
//! it tries it. Each endpoint has a lane of its own with a few calls at a time,
//! and only one while it is failing: one that hangs delays nobody else.

use super::{Objects, attempt::attempt, telling};
use crate::{App, Result};
use domain::{
    Timestamp,
    id::WebhookEndpointId,
    webhooks::{Delivery, Endpoint},
};
use rand_chacha::ChaCha20Rng;
use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use store::webhooks::{self, deliveries, outbox};
use tokio::{sync::Semaphore, task::JoinSet};

/// Calls at a time over all endpoints, and to one of them.
const AT_ONCE: usize = 64;
const AT_ONE: usize = 4;
/// Rows that are read at a time; none holds what is sent.
const BATCH: i64 = 50;

/// Clones share it.
#[derive(Clone)]
pub struct Dispatcher(Arc<Shared>);

struct Shared {
    app: Arc<App>,
    objects: Objects,
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    luck: Arc<dyn Fn() -> ChaCha20Rng + Send + Sync>,
    calls: Semaphore,
    /// Endpoints that something is being sent to.
    lanes: Mutex<HashSet<WebhookEndpointId>>,
    closing: AtomicBool,
}

impl Dispatcher {
    pub fn new(
        app: Arc<App>,
        objects: Objects,
        now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
        luck: Arc<dyn Fn() -> ChaCha20Rng + Send + Sync>,
    ) -> Self {
        Self(Arc::new(Shared {
            app,
            objects,
            now,
            luck,
            calls: Semaphore::new(AT_ONCE),
            lanes: Mutex::default(),
            closing: AtomicBool::new(false),
        }))
    }

    /// Nothing new is sent from here on; what is being sent is ended.
    pub fn close(&self) {
        self.0.closing.store(true, Ordering::SeqCst);
    }

    /// Queues everything that happened for whom it concerns; returns how much there was. What
    /// cannot be told is logged and left, and stands in nothing else's way.
    ///
    /// # Errors
    /// When the outbox cannot be read.
    pub async fn tell(&self) -> Result<u64> {
        let (mut told, mut rng) = (0, (self.0.luck)());
        let mut after = (Timestamp::from_milliseconds(i64::MIN), String::new());
        while !self.0.closing.load(Ordering::SeqCst) {
            let causes = outbox::after(&mut self.0.app.db.read().await?, (after.0, &after.1), BATCH).await?;
            let Some(last) = causes.last() else { break };
            after = (last.occurred_at, last.cause_id.to_string());
            for cause in &causes {
                let luck = ((self.0.now)(), &mut rng);
                match telling::tell(&self.0.app, (self.0.objects, cause), luck).await {
                    Ok(mine) => told += u64::from(mine),
                    Err(error) => {
                        tracing::error!(cause_id = %cause.cause_id, %error, "an event could not be queued");
                    }
                }
            }
        }
        Ok(told)
    }

    /// Opens a lane for every endpoint that something is due for and that has none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_lanes(&self, running: &mut JoinSet<()>) -> Result<()> {
        let mut after = String::new();
        loop {
            let now = (self.0.now)();
            let due = webhooks::due(&mut self.0.app.db.read().await?, &after, (now, BATCH)).await?;
            let Some(last) = due.last() else { return Ok(()) };
            after = last.endpoint_id.to_string();
            for endpoint in due {
                if let Some(lane) = Lane::open(self, endpoint) {
                    running.spawn(lane.run());
                }
            }
        }
    }

    /// Tells and sends everything that is due now, and returns when it is done.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run_once(&self) -> Result<()> {
        self.tell().await?;
        let mut running = JoinSet::new();
        self.open_lanes(&mut running).await?;
        while running.join_next().await.is_some() {}
        Ok(())
    }
}

/// What is being sent to one endpoint.
struct Lane {
    shared: Arc<Shared>,
    endpoint: Endpoint,
}

impl Lane {
    /// None while there is one.
    fn open(dispatcher: &Dispatcher, endpoint: Endpoint) -> Option<Self> {
        let mut lanes = dispatcher.0.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = lanes.insert(endpoint.endpoint_id.clone());
        is_new.then(|| Self { shared: dispatcher.0.clone(), endpoint })
    }

    /// Runs until nothing is due any more, or a whole batch was somebody else's.
    async fn run(mut self) {
        loop {
            match self.batch().await {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(endpoint_id = %self.endpoint.endpoint_id, %error, "webhooks could not be sent");
                    return;
                }
            }
        }
    }

    /// Tries the next ones; returns how many.
    async fn batch(&mut self) -> Result<u64> {
        let shared = &self.shared;
        let (project, id) = (&self.endpoint.project_id, &self.endpoint.endpoint_id);
        let due = {
            let mut conn = shared.app.db.read().await?;
            deliveries::due(&mut conn, (project, id), ((shared.now)(), BATCH)).await?
        };
        let (mut tried, mut running) = (0, JoinSet::new());
        for delivery in due {
            let room = if self.endpoint.failing_since.is_some() { 1 } else { AT_ONE };
            while running.len() >= room {
                tried += ended(running.join_next().await)?;
            }
            // Read again: it may have been changed, disabled or deleted while others were sent.
            let found = webhooks::find(&mut shared.app.db.read().await?, project, id).await?;
            match found.filter(|it| it.disabled_at.is_none()) {
                Some(found) if !shared.closing.load(Ordering::SeqCst) => {
                    running.spawn(send(shared.clone(), found, delivery));
                }
                Some(_) | None => break,
            }
        }
        while !running.is_empty() {
            tried += ended(running.join_next().await)?;
        }
        let found = webhooks::find(&mut shared.app.db.read().await?, project, id).await?;
        match found.filter(|it| it.disabled_at.is_none()) {
            Some(found) => self.endpoint = found,
            None => return Ok(0),
        }
        Ok(tried)
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let mut lanes = self.shared.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.remove(&self.endpoint.endpoint_id);
    }
}

async fn send(shared: Arc<Shared>, endpoint: Endpoint, delivery: Delivery) -> Result<u64> {
    let Ok(_permit) = shared.calls.acquire().await else { return Ok(0) };
    let mut rng = (shared.luck)();
    let tried = attempt(&shared.app, (&endpoint, delivery), (&*shared.now, &mut rng)).await?;
    Ok(u64::from(tried.is_some()))
}

type Ended = Option<std::result::Result<Result<u64>, tokio::task::JoinError>>;

fn ended(done: Ended) -> Result<u64> {
    match done {
        Some(Ok(tried)) => tried,
        Some(Err(error)) => {
            tracing::error!(%error, "sending a webhook was interrupted");
            Ok(0)
        }
        None => Ok(0),
    }
}
