//! SQLite: readers side by side, one writer, and one durable commit for many.
//!
//! A commit costs one `fdatasync`. Logical transactions are therefore
//! savepoints inside a shared physical one: a caller who is done hands the
//! connection to the next in line and waits until the shared commit is on the
//! disk. The batch is made durable when nobody waits, when it is full, or
//! when it is old. If the commit fails, everybody in the batch is told.

mod file;
mod reader;
mod snapshot;
mod values;

pub(super) use reader::Reader;
pub(super) use snapshot::{COLUMNS, REFERENCES, Snapshot, TABLES};
pub(super) use values::is_conflict;

use super::{Fault, Value, figures};
use crate::installation::{self, Dialect};
use file::create_private;
use rusqlite::{Connection, OpenFlags, config::DbConfig};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, oneshot};
use values::{rows, rows_once, run};

/// Older versions can corrupt a database in WAL mode.
const OLDEST: (i32, &str) = (3_051_003, "3.51.3");
/// Transactions in one durable commit.
const MOST: usize = 256;
/// How long the first of a batch waits for company.
const LONGEST: Duration = Duration::from_millis(2);
/// Migrations tried beside other processes.
const ATTEMPTS: usize = 10;
/// Idle readers kept.
const READERS: usize = 16;

pub(super) struct Sqlite {
    path: PathBuf,
    readers: Arc<Mutex<Vec<Connection>>>,
    seat: Arc<AsyncMutex<Seat>>,
    waiting: Arc<AtomicUsize>,
}

/// The single writer.
struct Seat {
    conn: Connection,
    /// Whether a physical transaction is open, and since when.
    open_since: Option<Instant>,
    /// Counts physical transactions, so that a timer knows its own.
    generation: u64,
    batch: Vec<oneshot::Sender<Result<(), Fault>>>,
}

pub(super) struct Writer {
    /// Taken when the transaction ends.
    seat: Option<OwnedMutexGuard<Seat>>,
    waiting: Arc<AtomicUsize>,
}

/// One caller in line; leaves the count when it gets the seat or goes away.
struct InLine(Arc<AtomicUsize>);

impl Sqlite {
    pub fn open(path: &Path) -> Result<Self, Fault> {
        if rusqlite::version_number() < OLDEST.0 {
            return Err(Fault::SqliteTooOld { found: rusqlite::version(), wanted: OLDEST.1 });
        }
        create_private(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags).map_err(Fault::database)?;
        conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
            .map_err(Fault::database)?;
        prepare(&conn)?;
        let seat = Seat { conn, open_since: None, generation: 0, batch: Vec::new() };
        Ok(Self {
            path: path.to_owned(),
            readers: Arc::default(),
            seat: Arc::new(AsyncMutex::new(seat)),
            waiting: Arc::default(),
        })
    }

    pub fn reader(&self) -> Result<Reader, Fault> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = idle.map_or_else(|| self.open_reader(), Ok)?;
        Ok(Reader { conn: Some(conn), home: self.readers.clone() })
    }

    fn open_reader(&self) -> Result<Connection, Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(&self.path, flags).map_err(Fault::database)?;
        conn.execute_batch("PRAGMA query_only = ON;").map_err(Fault::database)?;
        prepare(&conn)?;
        Ok(conn)
    }

    pub async fn begin(&self) -> Result<Writer, Fault> {
        let in_line = InLine::join(&self.waiting);
        let mut seat = self.seat.clone().lock_owned().await;
        drop(in_line);
        if seat.open_since.is_none() {
            seat.conn.execute_batch("BEGIN IMMEDIATE").map_err(Fault::database)?;
            seat.open_since = Some(Instant::now());
            seat.generation += 1;
            self.commit_when_old(seat.generation);
        }
        let mut writer = Writer { seat: Some(seat), waiting: self.waiting.clone() };
        writer.run("SAVEPOINT one", &[])?;
        Ok(writer)
    }

    /// Whoever is last in line may go away before taking the seat; then nobody
    /// would end the batch. This does.
    fn commit_when_old(&self, generation: u64) {
        let seat = self.seat.clone();
        tokio::spawn(async move {
            tokio::time::sleep(LONGEST).await;
            let seat = seat.lock_owned().await;
            if seat.generation == generation && seat.open_since.is_some() {
                make_durable(seat);
            }
        });
    }

    /// The seat between two batches.
    async fn alone(&self) -> OwnedMutexGuard<Seat> {
        let mut seat = self.seat.clone().lock_owned().await;
        if seat.open_since.is_some() {
            end(&mut seat, "COMMIT");
        }
        seat
    }

    /// Another process may migrate the same file at this moment; whoever comes
    /// second fails whole, and finds the work done when it looks again.
    pub async fn migrate(&self) -> Result<(), Fault> {
        for _ in 0..ATTEMPTS {
            if self.migrate_once().await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.migrate_once().await
    }

    async fn migrate_once(&self) -> Result<(), Fault> {
        self.run_migrations(&installation::migrations(Dialect::Sqlite)).await
    }

    pub async fn migrate_to(&self, version: i32) -> Result<(), Fault> {
        self.run_migrations(&installation::migrations_to(Dialect::Sqlite, version)).await
    }

    async fn run_migrations(&self, runner: &refinery::Runner) -> Result<(), Fault> {
        let mut seat = self.alone().await;
        runner.run(&mut seat.conn).map(|_| ()).map_err(Fault::database)
    }

    pub fn tables(&self) -> Result<Vec<String>, Fault> {
        let text = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        let rows = self.reader()?.rows(text, &[])?;
        Ok(rows
            .into_iter()
            .flatten()
            .filter_map(|value| match value {
                Value::Text(name) => name,
                Value::BigInt(_) | Value::Boolean(_) => None,
            })
            .collect())
    }

    pub async fn drop_all_but(&self, spared: &str) -> Result<(), Fault> {
        let tables = self.tables()?.into_iter().filter(|it| it != spared);
        let seat = self.alone().await;
        let drops: Vec<String> = tables.map(|table| format!("DROP TABLE \"{table}\";")).collect();
        let script = format!("PRAGMA foreign_keys = OFF; {} PRAGMA foreign_keys = ON;", drops.join(" "));
        seat.conn.execute_batch(&script).map_err(Fault::database)
    }
}

pub(super) fn prepare(conn: &Connection) -> Result<(), Fault> {
    conn.set_prepared_statement_cache_capacity(256);
    // Without this, binding a value that a partial index could depend on makes
    // SQLite plan the statement anew, every time.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(Fault::database)?;
    conn.busy_timeout(Duration::from_secs(5)).map_err(Fault::database)
}

impl Writer {
    pub fn run(&mut self, text: &str, values: &[Value]) -> Result<u64, Fault> {
        self.seat.as_ref().map_or(Err(Fault::Busy), |seat| run(&seat.conn, text, values))
    }

    pub fn rows(&mut self, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
        self.seat.as_ref().map_or(Err(Fault::Busy), |seat| rows(&seat.conn, text, values))
    }

    pub fn rows_once(&mut self, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
        self.seat.as_ref().map_or(Err(Fault::Busy), |seat| rows_once(&seat.conn, text, values))
    }

    /// Returns when the shared physical commit is on the disk.
    pub async fn commit(mut self) -> Result<(), Fault> {
        self.run("RELEASE SAVEPOINT one", &[])?;
        let Some(mut seat) = self.seat.take() else { return Err(Fault::Busy) };
        let (tell, told) = oneshot::channel();
        seat.batch.push(tell);
        leave(seat, &self.waiting);
        told.await.unwrap_or_else(|_| Err(Fault::SharedCommit("the commit was abandoned".to_owned())))
    }
}

impl Drop for Writer {
    /// Not committed: undone, without touching the others in the batch.
    fn drop(&mut self) {
        let Some(seat) = self.seat.take() else { return };
        let undone = seat.conn.execute_batch("ROLLBACK TO SAVEPOINT one; RELEASE SAVEPOINT one");
        if let Err(error) = undone {
            tracing::error!(%error, "a transaction could not be undone; its batch is given up");
            give_up(seat);
        } else {
            leave(seat, &self.waiting);
        }
    }
}

/// Hands the seat to the next in line, or makes the batch durable when nobody
/// waits, it is full, or it is old.
fn leave(seat: OwnedMutexGuard<Seat>, waiting: &AtomicUsize) {
    let young = seat.open_since.is_some_and(|since| since.elapsed() < LONGEST);
    if waiting.load(Ordering::SeqCst) > 0 && seat.batch.len() < MOST && young {
        return;
    }
    make_durable(seat);
}

fn make_durable(mut seat: OwnedMutexGuard<Seat>) {
    if seat.batch.is_empty() {
        // Everybody rolled back, or only read: there is nothing to wait for.
        return end(&mut seat, "ROLLBACK");
    }
    tokio::task::spawn_blocking(move || {
        let (batch, since) = (seat.batch.len(), Instant::now());
        end(&mut seat, "COMMIT");
        figures::committed(batch, since.elapsed());
    });
}

/// A statement failed so badly that SQLite may have dropped the whole transaction.
fn give_up(mut seat: OwnedMutexGuard<Seat>) {
    let _ = seat.conn.execute_batch("ROLLBACK"); // fails when SQLite did it already
    seat.open_since = None;
    for tell in seat.batch.drain(..) {
        let _ = tell.send(Err(Fault::SharedCommit("another transaction of the batch broke it".to_owned())));
    }
}

fn end(seat: &mut Seat, how: &str) {
    let ended = if seat.conn.is_autocommit() {
        Err(Fault::SharedCommit("the transaction was gone before its commit".to_owned()))
    } else {
        seat.conn.execute_batch(how).map_err(|error| Fault::SharedCommit(Fault::database(error).to_string()))
    };
    if ended.is_err() && !seat.conn.is_autocommit() {
        let _ = seat.conn.execute_batch("ROLLBACK");
    }
    seat.open_since = None;
    for tell in seat.batch.drain(..) {
        let _ = tell.send(ended.clone()); // a caller who left does not need to know
    }
}

impl InLine {
    fn join(waiting: &Arc<AtomicUsize>) -> Self {
        waiting.fetch_add(1, Ordering::SeqCst);
        Self(waiting.clone())
    }
}

impl Drop for InLine {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests;
