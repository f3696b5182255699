//! What runs beside the requests: a file for each, and one way to end them all.

pub mod audit_export;
pub mod audit_heads;
pub mod clock;
mod drift;
pub mod janitor;
pub mod key;
mod outbox;
pub mod readiness;
mod smpp;
mod stop;
pub mod tidy;
mod touched;
mod webhooks;

pub use stop::Stop;

use crate::Failure;
use api::readiness::Readiness;
use domain::{Timestamp, messages::Channel};
use flows::App;
use std::{future::Future, sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// A mail takes 4 s at most.
const LAST_MAIL: Duration = Duration::from_secs(6);
/// How long a worker may take over the piece of work it is at.
const LAST_WORK: Duration = Duration::from_secs(10);

/// Asks for the time; a development server's may be ahead.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The workers of this process.
#[derive(Default)]
pub struct Workers {
    stop: Stop,
    running: JoinSet<()>,
}

/// Starts those that every server needs.
pub fn start(app: &Arc<App>, now: &Now, readiness: &Readiness) -> Workers {
    let mut workers = Workers::default();
    workers.add(|stop| touched::write(app.clone(), stop));
    workers.add(|stop| drift::write(app.clone(), now.clone(), stop));
    workers.add(|stop| janitor::sweep(app.clone(), now.clone(), stop));
    workers.add(|stop| clock::watch(app.db.clone(), readiness.clone(), stop));
    workers.add(|stop| readiness::watch(app.clone(), readiness.clone(), stop));
    workers.add(|stop| webhooks::send(app.clone(), now.clone(), stop));
    workers.add(|stop| outbox::run(app.clone(), Channel::Sms, now.clone(), stop));
    workers.add(|stop| outbox::run(app.clone(), Channel::Email, now.clone(), stop));
    workers.add(|stop| outbox::tidy(app.clone(), now.clone(), stop));
    workers.add(|stop| outbox::learn(app.clone(), now.clone(), stop));
    workers.add(|stop| smpp::keep(app.clone(), stop));
    workers.add(|stop| smpp::take_down(app.clone(), now.clone(), stop));
    workers
}

impl Workers {
    /// Starts one more. It ends soon after it is told to stop, between two pieces of work.
    pub fn add<W: Future<Output = ()> + Send + 'static>(&mut self, worker: impl FnOnce(Stop) -> W) {
        self.running.spawn(worker(self.stop.clone()));
    }

    /// Ends them when the listener has ended, and does what is left: mails on
    /// their way, and the times of session use.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish(mut self, app: &App) -> Result<(), Failure> {
        self.stop.request();
        let ended = async { while self.running.join_next().await.is_some() {} };
        if tokio::time::timeout(LAST_WORK, ended).await.is_err() {
            tracing::warn!("a worker did not end in time; its work is left to the next start");
        }
        if tokio::time::timeout(LAST_MAIL, app.last_mail()).await.is_err() {
            tracing::warn!("a mail was still on its way");
        }
        Ok(app.touched.write(&app.db).await?)
    }
}
