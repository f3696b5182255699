//! The seam: one way to speak two databases. The only place that names a driver.
//!
//! Reads run on a connection of their own; writes are transactions. On SQLite
//! the transactions of many callers share one durable commit (see `sqlite`).
//! Nothing slow may happen between [`Db::write`] and [`Tx::commit`].

mod audited;
mod built;
mod fault;
pub mod figures;
mod loading;
mod postgres;
mod snapshot;
mod sqlite;
pub mod statement;
#[cfg(test)]
pub(crate) mod testing;
mod transaction;
mod url;
pub mod value;

pub use built::Built;
pub(crate) use built::like;
pub use fault::{Conflict, Fault};
pub use snapshot::{ColumnShape, Kind, Snapshot, TableShape};
pub use statement::{FromRow, RowReader, Statement, Table};
pub use url::{DatabaseUrl, NotADatabaseUrl};
pub use value::{Column, Value};

use audited::SharedAuditKey;
use domain::audit::chain::Entry;
use figures::Operation;
use postgres::Postgres;
use sqlite::Sqlite;
use std::{sync::Arc, time::Instant};

/// A database; clones share it.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    audit_key: SharedAuditKey,
}

#[derive(Clone)]
enum Engine {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

/// Something statements run on.
pub struct Conn {
    link: Link,
    /// A statement of the transaction failed, or was left half-way. PostgreSQL
    /// would answer the COMMIT with success and keep nothing; SQLite would keep
    /// the rest. So nothing goes on from there.
    spoiled: bool,
}

enum Link {
    SqliteRead(sqlite::Reader),
    SqliteWrite(sqlite::Writer),
    PostgresRead(postgres::Reader),
    PostgresWrite(postgres::Writer),
}

/// A transaction. Dropped without [`Tx::commit`], it leaves no trace.
pub struct Tx {
    conn: Conn,
    timed: figures::Transaction,
    audit_key: SharedAuditKey,
    /// Events that are chained right before the commit.
    events: Vec<Entry>,
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
        Ok(Self { engine, audit_key: SharedAuditKey::default() })
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
        Ok(Conn { link, spoiled: false })
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
        Ok(Conn { link, spoiled: false })
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// When no connection can be had in time.
    pub async fn write(&self) -> Result<Tx, Fault> {
        let since = Instant::now();
        let link = match &self.engine {
            Engine::Sqlite(sqlite) => Link::SqliteWrite(sqlite.begin().await?),
            Engine::Postgres(postgres) => Link::PostgresWrite(postgres.begin().await?),
        };
        figures::waited(Operation::Write, since.elapsed());
        Ok(Tx {
            conn: Conn { link, spoiled: false },
            timed: figures::Transaction::begin(),
            audit_key: self.audit_key.clone(),
            events: Vec::new(),
        })
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
            Engine::Sqlite(sqlite) => sqlite.drop_everything().await,
            Engine::Postgres(postgres) => postgres.drop_everything().await,
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

impl Conn {
    /// A statement to bind and run.
    pub fn sql(&mut self, text: &'static str) -> Statement<'_> {
        Statement::new(self, text)
    }

    async fn run(&mut self, text: &'static str, values: Vec<Value>) -> Result<u64, Fault> {
        self.spoil()?;
        let done = match &mut self.link {
            Link::SqliteRead(reader) => reader.run(text, &values),
            Link::SqliteWrite(writer) => writer.run(text, &values),
            Link::PostgresRead(reader) => reader.run(text, &values).await,
            Link::PostgresWrite(writer) => writer.run(text, &values).await,
        };
        self.unspoil(done)
    }

    async fn rows(&mut self, text: &'static str, values: Vec<Value>) -> Result<Vec<Vec<Value>>, Fault> {
        self.spoil()?;
        let done = match &mut self.link {
            Link::SqliteRead(reader) => reader.rows(text, &values),
            Link::SqliteWrite(writer) => writer.rows(text, &values),
            Link::PostgresRead(reader) => reader.rows(text, &values).await,
            Link::PostgresWrite(writer) => writer.rows(text, &values).await,
        };
        self.unspoil(done)
    }

    /// Of a text that is not worth remembering.
    async fn rows_once(&mut self, text: &str, values: Vec<Value>) -> Result<Vec<Vec<Value>>, Fault> {
        self.spoil()?;
        let done = match &mut self.link {
            Link::SqliteRead(reader) => reader.rows_once(text, &values),
            Link::SqliteWrite(writer) => writer.rows_once(text, &values),
            Link::PostgresRead(reader) => reader.rows_once(text, &values).await,
            Link::PostgresWrite(writer) => writer.rows_once(text, &values).await,
        };
        self.unspoil(done)
    }

    /// Runs a statement about the transaction itself.
    async fn control(&mut self, text: &'static str) -> Result<(), Fault> {
        self.spoil()?;
        let done = match &mut self.link {
            Link::SqliteWrite(writer) => writer.run(text, &[]).map(|_| ()),
            Link::PostgresWrite(writer) => writer.control(text).await,
            Link::SqliteRead(_) | Link::PostgresRead(_) => Ok(()),
        };
        self.unspoil(done)
    }

    /// Undoes what happened since the savepoint `attempt`, a failure included.
    async fn undo_attempt(&mut self) -> Result<(), Fault> {
        self.spoiled = false;
        self.control("ROLLBACK TO SAVEPOINT attempt").await?;
        self.control("RELEASE SAVEPOINT attempt").await
    }

    /// Until the statement is done, its transaction cannot be committed.
    fn spoil(&mut self) -> Result<(), Fault> {
        match self.link {
            Link::SqliteRead(_) | Link::PostgresRead(_) => Ok(()),
            Link::SqliteWrite(_) | Link::PostgresWrite(_) if self.spoiled => Err(Fault::Spoiled),
            Link::SqliteWrite(_) | Link::PostgresWrite(_) => {
                self.spoiled = true;
                Ok(())
            }
        }
    }

    fn unspoil<T>(&mut self, done: Result<T, Fault>) -> Result<T, Fault> {
        self.spoiled &= done.is_err();
        done
    }
}
