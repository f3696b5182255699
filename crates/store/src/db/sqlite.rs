//! SQLite: readers side by side, one writer, and one durable commit for many.
//!
//! A commit costs one `fdatasync`. Logical transactions are therefore
//! savepoints inside a shared physical one: a caller who is done hands the
//! connection to the next in line and waits until the shared commit is on the
//! disk. The batch is made durable when nobody waits, when it is full, or
//! when it is old. If the commit fails, everybody in the batch is told.

use super::{Fault, Value};
use rusqlite::{Connection, OpenFlags, types::ToSqlOutput, types::ValueRef};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, oneshot};

/// Older versions can corrupt a database in WAL mode.
const OLDEST: (i32, &str) = (3_051_003, "3.51.3");
/// Transactions in one durable commit.
const MOST: usize = 256;
/// How long the first of a batch waits for company.
const LONGEST: Duration = Duration::from_millis(2);
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

pub(super) struct Reader {
    conn: Option<Connection>,
    home: Arc<Mutex<Vec<Connection>>>,
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

    pub async fn migrate(&self) -> Result<(), Fault> {
        let mut seat = self.alone().await;
        super::super::installation::migrations().run(&mut seat.conn).map(|_| ()).map_err(Fault::database)
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

    pub async fn drop_everything(&self) -> Result<(), Fault> {
        let tables = self.tables()?;
        let seat = self.alone().await;
        let mut script = "PRAGMA foreign_keys = OFF;".to_owned();
        for table in tables {
            script += &format!("DROP TABLE \"{table}\";");
        }
        script += "PRAGMA foreign_keys = ON;";
        seat.conn.execute_batch(&script).map_err(Fault::database)
    }
}

fn prepare(conn: &Connection) -> Result<(), Fault> {
    conn.set_prepared_statement_cache_capacity(256);
    conn.busy_timeout(Duration::from_secs(5)).map_err(Fault::database)
}

impl Reader {
    pub fn run(&mut self, text: &str, values: &[Value]) -> Result<u64, Fault> {
        self.conn.as_ref().map_or(Err(Fault::Busy), |conn| run(conn, text, values))
    }

    pub fn rows(&mut self, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
        self.conn.as_ref().map_or(Err(Fault::Busy), |conn| rows(conn, text, values))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let mut home = self.home.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(conn), true) = (self.conn.take(), home.len() < READERS) {
            home.push(conn);
        }
    }
}

impl Writer {
    pub fn run(&mut self, text: &str, values: &[Value]) -> Result<u64, Fault> {
        self.seat.as_ref().map_or(Err(Fault::Busy), |seat| run(&seat.conn, text, values))
    }

    pub fn rows(&mut self, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
        self.seat.as_ref().map_or(Err(Fault::Busy), |seat| rows(&seat.conn, text, values))
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
    tokio::task::spawn_blocking(move || end(&mut seat, "COMMIT"));
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
        seat.conn.execute_batch(how).map_err(|error| Fault::SharedCommit(error.to_string()))
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

fn run(conn: &Connection, text: &str, values: &[Value]) -> Result<u64, Fault> {
    let mut statement = conn.prepare_cached(text).map_err(Fault::database)?;
    bind(&mut statement, values)?;
    statement.raw_execute().map(|count| count as u64).map_err(Fault::database)
}

fn rows(conn: &Connection, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
    let mut statement = conn.prepare_cached(text).map_err(Fault::database)?;
    let columns = statement.column_count();
    bind(&mut statement, values)?;
    let mut found = Vec::new();
    let mut cursor = statement.raw_query();
    while let Some(row) = cursor.next().map_err(Fault::database)? {
        let value = |at| row.get_ref(at).map_err(Fault::database).and_then(read);
        found.push((0..columns).map(value).collect::<Result<_, _>>()?);
    }
    Ok(found)
}

/// `$n` is a name to SQLite, numbered by first appearance; so it is bound by name.
fn bind(statement: &mut rusqlite::CachedStatement<'_>, values: &[Value]) -> Result<(), Fault> {
    for (at, value) in values.iter().enumerate() {
        let name = NAMES.get(at).ok_or_else(|| Fault::Unreadable("too many parameters".to_owned()))?;
        let index = statement.parameter_index(name).map_err(Fault::database)?;
        let index = index.ok_or_else(|| Fault::Unreadable(format!("the statement has no {name}")))?;
        statement.raw_bind_parameter(index, value).map_err(Fault::database)?;
    }
    if statement.parameter_count() == values.len() {
        Ok(())
    } else {
        Err(Fault::Unreadable("a parameter was not bound".to_owned()))
    }
}

#[rustfmt::skip]
const NAMES: [&str; 48] = [
    "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$16",
    "$17", "$18", "$19", "$20", "$21", "$22", "$23", "$24", "$25", "$26", "$27", "$28", "$29", "$30", "$31", "$32",
    "$33", "$34", "$35", "$36", "$37", "$38", "$39", "$40", "$41", "$42", "$43", "$44", "$45", "$46", "$47", "$48",
];

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Self::BigInt(Some(number)) => ValueRef::Integer(*number),
            Self::Boolean(Some(truth)) => ValueRef::Integer(i64::from(*truth)),
            Self::Text(None) | Self::BigInt(None) | Self::Boolean(None) => ValueRef::Null,
        }))
    }
}

fn read(value: ValueRef<'_>) -> Result<Value, Fault> {
    match value {
        ValueRef::Null => Ok(Value::Text(None)),
        ValueRef::Integer(number) => Ok(Value::BigInt(Some(number))),
        ValueRef::Text(bytes) => {
            let text = std::str::from_utf8(bytes).map_err(|error| Fault::Unreadable(error.to_string()))?;
            Ok(Value::Text(Some(text.to_owned())))
        }
        ValueRef::Real(_) | ValueRef::Blob(_) => {
            Err(Fault::Unreadable("a column of a foreign type".to_owned()))
        }
    }
}

pub(super) fn is_conflict(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
    match error.downcast_ref::<rusqlite::Error>() {
        Some(rusqlite::Error::SqliteFailure(failure, _)) => {
            [SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY].contains(&failure.extended_code)
        }
        _ => false,
    }
}
