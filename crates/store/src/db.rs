//! The seam: one way to speak two databases. The only place that names a driver.
//!
//! Reads run on a connection of their own; writes are transactions. On SQLite
//! the transactions of many callers share one durable commit (see `sqlite`).
//! Nothing slow may happen between [`Db::write`] and [`Tx::commit`].

mod audited;
mod built;
mod conn;
mod fault;
pub mod figures;
mod loading;
mod postgres;
mod snapshot;
mod sqlite;
pub mod statement;
#[cfg(test)]
pub(crate) mod testing;
mod traces;
mod transaction;
mod trouble;
mod url;
pub mod value;
mod watch;

pub use built::Built;
pub(crate) use built::like;
pub use conn::Conn;
pub use fault::{Conflict, Fault};
pub use snapshot::{ColumnShape, Kind, Snapshot, TableShape};
pub use statement::{FromRow, RowReader, Statement, Table};
pub use url::{DatabaseUrl, NotADatabaseUrl};
pub use value::{Column, Value};

use audited::SharedAuditKey;
use conn::Link;
use domain::audit::chain::Entry;
use figures::Operation;
use postgres::Postgres;
use sqlite::Sqlite;
use std::{panic::Location, sync::Arc, time::Instant};
use tracing::Span;
use watch::Watch;

/// A database; clones share it.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    audit_key: SharedAuditKey,
    watch: Watch,
}

#[derive(Clone)]
enum Engine {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

/// A transaction. Dropped without [`Tx::commit`], it leaves no trace.
pub struct Tx {
    conn: Conn,
    timed: figures::Transaction,
    audit_key: SharedAuditKey,
    /// Events that are chained right before the commit.
    events: Vec<Entry>,
    /// What waits for its end.
    afterwards: Vec<Box<dyn FnOnce() + Send>>,
}

impl Db {
    /// Opens the database; creates a SQLite file that is not there.
    ///
    /// # Errors
    /// When it cannot be reached, or SQLite is too old to be safe.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, Fault> {
        let engine = match url {
            DatabaseUrl::Sqlite(path) => Engine::Sqlite(Arc::new(Sqlite::open(path)?)),
            DatabaseUrl::Postgres(config) => Engine::Postgres(Arc::new(Postgres::open(config).await?)),
        };
        Ok(Self { engine, audit_key: SharedAuditKey::default(), watch: Watch::default() })
    }

    /// Brings the schema up to date; safe to run on several nodes at a time.
    ///
    /// # Errors
    /// When a migration fails; it then left nothing behind.
    pub async fn migrate(&self) -> Result<(), Fault> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.migrate().await?,
            Engine::Postgres(postgres) => postgres.migrate().await?,
        }
        crate::folding::catch_up(self).await
    }

    /// For statements that change nothing.
    ///
    /// # Errors
    /// When no connection can be had in time.
    pub async fn read(&self) -> Result<Conn, Fault> {
        let since = Instant::now();
        let link = match &self.engine {
            Engine::Sqlite(sqlite) => Link::SqliteRead(sqlite.reader()?),
            Engine::Postgres(postgres) => Link::PostgresRead(postgres.reader().await?),
        };
        figures::waited(Operation::Read, since.elapsed());
        Ok(Conn { link, spoiled: false, watch: self.watch.clone() })
    }

    /// For searches, which may take their time: no other read waits behind them.
    ///
    /// # Errors
    /// When no connection can be had in time.
    pub async fn survey(&self) -> Result<Conn, Fault> {
        let since = Instant::now();
        let link = match &self.engine {
            Engine::Sqlite(sqlite) => Link::SqliteRead(sqlite.reader()?),
            Engine::Postgres(postgres) => Link::PostgresRead(postgres.surveyor().await?),
        };
        figures::waited(Operation::Survey, since.elapsed());
        Ok(Conn { link, spoiled: false, watch: self.watch.clone() })
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// When no connection can be had in time.
    #[track_caller]
    pub fn write(&self) -> impl Future<Output = Result<Tx, Fault>> + Send {
        let system = if self.is_postgres() { "postgresql" } else { "sqlite" };
        self.begin(traces::transaction(system, Location::caller()))
    }

    async fn begin(&self, span: Span) -> Result<Tx, Fault> {
        let since = Instant::now();
        let link = match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.begin().await.map(Link::SqliteWrite),
            Engine::Postgres(postgres) => postgres.begin().await.map(Link::PostgresWrite),
        };
        let link = link.inspect_err(|fault| {
            traces::not_begun(&span);
            self.watch.saw_fault(fault);
        })?;
        figures::waited(Operation::Write, since.elapsed());
        Ok(Tx {
            conn: Conn { link, spoiled: false, watch: self.watch.clone() },
            timed: figures::Transaction::begin(span),
            audit_key: self.audit_key.clone(),
            events: Vec::new(),
            afterwards: Vec::new(),
        })
    }

    /// Whether the last who tried to write could not, for want of room or the
    /// like. It stays so until somebody can: see `operations::try_to_write`.
    pub fn cannot_write(&self) -> bool {
        self.watch.cannot_write()
    }

    /// How many writes the database could not take, since the start.
    pub fn write_failures(&self) -> u64 {
        self.watch.failures()
    }

    pub fn is_postgres(&self) -> bool {
        match &self.engine {
            Engine::Sqlite(_) => false,
            Engine::Postgres(_) => true,
        }
    }

    /// The names of all tables, for whoever must know whose database it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tables(&self) -> Result<Vec<String>, Fault> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.tables(),
            Engine::Postgres(postgres) => postgres.tables().await,
        }
    }

    /// Removes every table. For development databases only; the caller has checked the mark.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_everything(&self) -> Result<(), Fault> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.drop_all_but("").await,
            Engine::Postgres(postgres) => postgres.drop_all_but("").await,
        }
    }

    /// The same, sparing one.
    pub(crate) async fn drop_all_but(&self, spared: &str) -> Result<(), Fault> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.drop_all_but(spared).await,
            Engine::Postgres(postgres) => postgres.drop_all_but(spared).await,
        }
    }

    /// Milliseconds since the epoch by the database's own clock; none where it is this machine's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clock(&self) -> Result<Option<i64>, Fault> {
        match &self.engine {
            Engine::Sqlite(_) => Ok(None),
            Engine::Postgres(postgres) => postgres.clock().await.map(Some),
        }
    }
}
