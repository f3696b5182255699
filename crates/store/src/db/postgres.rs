//! PostgreSQL: reads share a few connections that pipeline; a transaction takes a pooled one.

mod snapshot;
mod values;

pub(super) use snapshot::{COLUMNS, REFERENCES, Snapshot, TABLES};
pub(super) use values::is_conflict;

use super::{Fault, Value};
use crate::installation::{self, Dialect};
use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Timeouts,
};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio_postgres::{Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;
use values::{once, parameters, read, types};

const READERS: usize = 4;
/// Kept for searches, so that a long one holds nothing else up.
const SURVEYORS: usize = 2;
const WRITERS: usize = 16;
/// How long a caller waits for a connection before it is told that the server is busy.
const PATIENCE: Duration = Duration::from_secs(5);
const READ_ONLY: &str = "SET default_transaction_read_only = on";
/// Any constant, so long as every node uses the same. A migration may take its
/// time, and other nodes wait for it; it must not itself wait long for a table.
const MIGRATION_LOCK: &str = "SET statement_timeout = 0; SET lock_timeout = 0;
                              SELECT pg_advisory_lock(8236455821); SET lock_timeout = '5s'";

pub(super) struct Postgres {
    config: Config,
    readers: Vec<tokio::sync::Mutex<Option<Arc<SharedClient>>>>,
    next: AtomicUsize,
    pool: Pool,
}

/// A connection many callers use at once.
pub(super) struct SharedClient {
    client: Client,
    prepared: Mutex<HashMap<&'static str, tokio_postgres::Statement>>,
}

pub(super) type Reader = Arc<SharedClient>;

pub(super) struct Writer {
    /// Taken when the transaction ends.
    client: Option<Object>,
    begun: bool,
}

impl Postgres {
    pub async fn open(config: &Config) -> Result<Self, Fault> {
        let mut config = config.clone();
        config.connect_timeout(PATIENCE).tcp_user_timeout(PATIENCE).application_name("vestibule");
        let manager_config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config.clone(), tls(), manager_config);
        let timeouts = Timeouts { wait: Some(PATIENCE), create: Some(PATIENCE), recycle: Some(PATIENCE) };
        let pool = Pool::builder(manager)
            .max_size(WRITERS)
            .timeouts(timeouts)
            .runtime(Runtime::Tokio1)
            .post_create(Hook::async_fn(|client, _| {
                Box::pin(async move { set_up(client).await.map_err(HookError::Backend) })
            }))
            .build()
            .map_err(Fault::database)?;
        let readers = (0..READERS + SURVEYORS).map(|_| tokio::sync::Mutex::new(None)).collect();
        let postgres = Self { config, readers, next: AtomicUsize::new(0), pool };
        postgres.reader().await?;
        Ok(postgres)
    }

    pub async fn reader(&self) -> Result<Reader, Fault> {
        self.shared(self.next.fetch_add(1, Ordering::Relaxed) % READERS).await
    }

    pub async fn surveyor(&self) -> Result<Reader, Fault> {
        self.shared(READERS + self.next.fetch_add(1, Ordering::Relaxed) % SURVEYORS).await
    }

    async fn shared(&self, at: usize) -> Result<Reader, Fault> {
        let mut slot = self.readers[at].lock().await;
        if let Some(shared) = slot.as_ref().filter(|it| !it.client.is_closed()) {
            return Ok(shared.clone());
        }
        let client = self.connect().await?;
        client.batch_execute(READ_ONLY).await.map_err(Fault::database)?;
        let shared = Arc::new(SharedClient { client, prepared: Mutex::default() });
        *slot = Some(shared.clone());
        Ok(shared)
    }

    async fn connect(&self) -> Result<Client, Fault> {
        let connected = tokio::time::timeout(PATIENCE, self.config.connect(tls())).await;
        let (client, connection) = connected.map_err(|_| Fault::Busy)?.map_err(Fault::database)?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(%error, "a PostgreSQL connection ended");
            }
        });
        set_up(&client).await.map_err(Fault::database)?;
        Ok(client)
    }

    pub async fn begin(&self) -> Result<Writer, Fault> {
        let client = self.pool.get().await.map_err(|error| match error {
            deadpool_postgres::PoolError::Timeout(_) => Fault::Busy,
            deadpool_postgres::PoolError::Backend(error) => Fault::database(error),
            other => Fault::database(other),
        })?;
        Ok(Writer { client: Some(client), begun: false })
    }

    pub async fn migrate(&self) -> Result<(), Fault> {
        self.run_migrations(&installation::migrations(Dialect::Postgres)).await
    }

    pub async fn migrate_to(&self, version: i32) -> Result<(), Fault> {
        self.run_migrations(&installation::migrations_to(Dialect::Postgres, version)).await
    }

    async fn run_migrations(&self, runner: &refinery::Runner) -> Result<(), Fault> {
        let mut client = self.connect().await?;
        client.batch_execute(MIGRATION_LOCK).await.map_err(Fault::database)?; // held until the connection ends
        runner.run_async(&mut client).await.map(|_| ()).map_err(Fault::database)
    }

    pub async fn tables(&self) -> Result<Vec<String>, Fault> {
        let text = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()";
        let rows = self.reader().await?.client.query(text, &[]).await.map_err(Fault::database)?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    pub async fn drop_all_but(&self, spared: &str) -> Result<(), Fault> {
        let client = self.connect().await?;
        for table in self.tables().await?.iter().filter(|it| *it != spared) {
            let statement = format!("DROP TABLE IF EXISTS \"{table}\" CASCADE");
            client.batch_execute(&statement).await.map_err(Fault::database)?;
        }
        Ok(())
    }

    pub async fn clock(&self) -> Result<i64, Fault> {
        let text = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";
        let row = self.reader().await?.client.query_one(text, &[]).await.map_err(Fault::database)?;
        Ok(row.get(0))
    }
}

/// An acknowledged commit must survive the server. Every statement looks rows
/// up by key, so one plan fits all values; planning anew costs more than running.
async fn set_up(client: &Client) -> Result<(), tokio_postgres::Error> {
    let settings = "SET synchronous_commit = on; SET lock_timeout = '5s'; SET statement_timeout = '10s';
                    SET plan_cache_mode = force_generic_plan; SET jit = off";
    client.batch_execute(settings).await
}

fn tls() -> MakeRustlsConnect {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider supports the default protocol versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    MakeRustlsConnect::new(config)
}

impl SharedClient {
    pub async fn run(&self, text: &'static str, values: &[Value]) -> Result<u64, Fault> {
        let statement = self.prepare(text, values).await?;
        self.client.execute(&statement, &parameters(values)).await.map_err(Fault::database)
    }

    pub async fn rows(&self, text: &'static str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
        let statement = self.prepare(text, values).await?;
        let rows = self.client.query(&statement, &parameters(values)).await.map_err(Fault::database)?;
        rows.iter().map(read).collect()
    }

    pub async fn rows_once(&self, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
        once(&self.client, text, values).await
    }

    async fn prepare(
        &self,
        text: &'static str,
        values: &[Value],
    ) -> Result<tokio_postgres::Statement, Fault> {
        let known = self.prepared.lock().unwrap_or_else(PoisonError::into_inner).get(text).cloned();
        if let Some(statement) = known {
            return Ok(statement);
        }
        let statement = self.client.prepare_typed(text, &types(values)).await.map_err(Fault::database)?;
        self.prepared.lock().unwrap_or_else(PoisonError::into_inner).insert(text, statement.clone());
        Ok(statement)
    }
}

impl Writer {
    pub async fn run(&mut self, text: &'static str, values: &[Value]) -> Result<u64, Fault> {
        let statement = self.prepare(text, values).await?;
        let (begun, client) = (std::mem::replace(&mut self.begun, true), self.client()?);
        let parameters = parameters(values);
        let count = if begun {
            client.execute(&statement, &parameters).await
        } else {
            // Pipelined: the first statement does not wait for the answer to BEGIN.
            let (begun, count) =
                tokio::join!(client.batch_execute("BEGIN"), client.execute(&statement, &parameters));
            begun.and(count)
        };
        count.map_err(Fault::database)
    }

    pub async fn rows(&mut self, text: &'static str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
        let statement = self.prepare(text, values).await?;
        let (begun, client) = (std::mem::replace(&mut self.begun, true), self.client()?);
        let parameters = parameters(values);
        let rows = if begun {
            client.query(&statement, &parameters).await
        } else {
            let (begun, rows) =
                tokio::join!(client.batch_execute("BEGIN"), client.query(&statement, &parameters));
            begun.and(rows)
        };
        rows.map_err(Fault::database)?.iter().map(read).collect()
    }

    pub async fn rows_once(&mut self, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
        if !std::mem::replace(&mut self.begun, true) {
            self.client()?.batch_execute("BEGIN").await.map_err(Fault::database)?;
        }
        once(self.client()?, text, values).await
    }

    /// A statement about the transaction itself.
    pub async fn control(&mut self, text: &'static str) -> Result<(), Fault> {
        if !std::mem::replace(&mut self.begun, true) {
            self.client()?.batch_execute("BEGIN").await.map_err(Fault::database)?;
        }
        self.client()?.batch_execute(text).await.map_err(Fault::database)
    }

    pub async fn commit(mut self) -> Result<(), Fault> {
        if self.begun {
            self.client()?.batch_execute("COMMIT").await.map_err(Fault::database)?;
        }
        self.client = None;
        Ok(())
    }

    async fn prepare(
        &self,
        text: &'static str,
        values: &[Value],
    ) -> Result<tokio_postgres::Statement, Fault> {
        self.client()?.prepare_typed_cached(text, &types(values)).await.map_err(Fault::database)
    }

    fn client(&self) -> Result<&Object, Fault> {
        self.client.as_ref().ok_or(Fault::Busy)
    }
}

impl Drop for Writer {
    /// Not committed: rolled back before the connection goes to anybody else.
    fn drop(&mut self) {
        if let (Some(client), true) = (self.client.take(), self.begun) {
            tokio::spawn(async move {
                if client.batch_execute("ROLLBACK").await.is_err() {
                    drop(Object::take(client)); // a connection in an unknown state is not used again
                }
            });
        }
    }
}
