//! The figures as they are told. What needs the database is asked when
//! somebody looks, one indexed statement each, and not again within seconds.

mod backlogs;

use crate::{
    Failure,
    workers::{Now, janitor},
};
use api::readiness::Readiness;
use delivery::Mailer;
use domain::Timestamp;
use flows::App;
use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use store::operations;
use tokio::sync::Mutex;

/// How long an answer of the database is good for.
const FRESH: Duration = Duration::from_secs(10);
/// How long the database may take over all of them; the rest is told without.
const PATIENCE: Duration = Duration::from_secs(2);

/// Seconds: from a cached answer to a provider that has given up.
const TIMES: &[f64] = &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
const SIZES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

const READY: &str = "vestibule_ready";
const BUILD: &str = "vestibule_build_info";
const SERVER_KEY_AGE: &str = "vestibule_server_key_age_seconds";
const SIGNING_KEY_AGE: &str = "vestibule_signing_key_age_seconds";
const UNKNOWN: &str = "vestibule_figures_failed_total";

/// Everything that is counted in this process.
pub struct Figures {
    handle: PrometheusHandle,
    process: Collector,
    app: Arc<App>,
    now: Now,
    readiness: Readiness,
    asked: Mutex<Option<Instant>>,
}

/// Says what the figures mean, for whoever looks at them.
fn describe() {
    api::endpoint::figures::describe();
    flows::figures::describe();
    delivery::figures::describe();
    store::db::figures::describe();
    describe_gauge!(READY, "1 while the node is ready, 0 while it is not; /ready says why");
    describe_gauge!(BUILD, "1; the labels say what runs");
    describe_gauge!(SERVER_KEY_AGE, Unit::Seconds, "Age of the version of the server key that seals");
    describe_gauge!(SIGNING_KEY_AGE, Unit::Seconds, "Age of the oldest key that signs JWTs of a project");
    crate::telemetry::describe();
    backlogs::describe();
    describe_counter!(janitor::SWEPT, "Expired rows removed, by table");
    describe_counter!(UNKNOWN, "Times the database did not answer for the figures");
}

/// At 0, where the labels are known before anything happens.
fn begin(app: &App) {
    counter!(UNKNOWN).increment(0);
    for kind in store::janitor::kinds() {
        counter!(janitor::SWEPT, "table" => kind.table).increment(0);
    }
    app.texts.all().for_each(|it| delivery::figures::begin("sms", it.name()));
    if !matches!(app.mailer, Mailer::Nowhere) {
        delivery::figures::begin("email", app.mailer.name());
    }
}

impl Figures {
    /// Begins recording, for the whole process.
    ///
    /// # Errors
    /// When something records already.
    pub fn record(app: Arc<App>, now: Now, readiness: Readiness) -> Result<Self, Failure> {
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), TIMES)?
            .set_buckets_for_metric(Matcher::Suffix("_batch_size".to_owned()), SIZES)?
            .install_recorder()?;
        describe();
        let process = Collector::default();
        process.describe();
        gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1);
        begin(&app);
        Ok(Self { handle, process, app, now, readiness, asked: Mutex::default() })
    }

    /// Sorts what was recorded into its buckets. Without this, memory would
    /// grow while nobody looks.
    pub fn tidy(&self) {
        self.handle.run_upkeep();
    }

    /// All of them, as Prometheus reads them.
    pub async fn now(&self) -> String {
        self.process.collect();
        gauge!(READY).set(i32::from(self.readiness.is_ready()));
        self.ask().await;
        self.handle.render()
    }

    /// Whoever looks meanwhile waits for the same answer.
    async fn ask(&self) {
        let mut asked = self.asked.lock().await;
        if asked.is_some_and(|at| at.elapsed() < FRESH) {
            return;
        }
        let told = tokio::time::timeout(PATIENCE, self.ask_the_database()).await;
        if !matches!(told, Ok(Ok(()))) {
            counter!(UNKNOWN).increment(1);
        }
        *asked = Some(Instant::now());
    }

    async fn ask_the_database(&self) -> Result<(), store::Fault> {
        let mut conn = self.app.db.survey().await?;
        let now = (self.now)();
        if let Some(since) = operations::server_key_since(&mut conn).await? {
            gauge!(SERVER_KEY_AGE).set(age(now, since));
        }
        if let Some(since) = operations::oldest_signing_key(&mut conn).await? {
            gauge!(SIGNING_KEY_AGE).set(age(now, since));
        }
        backlogs::ask(&mut conn, now).await
    }
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a few years")]
fn age(now: Timestamp, since: Timestamp) -> f64 {
    (now.milliseconds() - since.milliseconds()).max(0) as f64 / 1000.0
}
