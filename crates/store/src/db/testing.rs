//! The drivers themselves, as the statement tests need them.

use super::{DatabaseUrl, sqlite::prepare};
use rusqlite::Connection;
use tokio_postgres::{Client, Error, NoTls, types::Type};

pub(crate) fn sqlite_version() -> (i32, &'static str) {
    (rusqlite::version_number(), rusqlite::version())
}

pub(crate) fn sqlite(url: &DatabaseUrl) -> Connection {
    let DatabaseUrl::Sqlite(path) = url else { panic!("not a SQLite database: {url}") };
    let conn = Connection::open(path).unwrap();
    prepare(&conn).unwrap();
    conn
}

/// How SQLite would run a statement, a line a step; or why it cannot.
pub(crate) fn sqlite_plan(conn: &Connection, text: &str) -> Result<Vec<String>, rusqlite::Error> {
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {text}"))?;
    statement.raw_query().mapped(|row| row.get(3)).collect()
}

/// Reads a table as a whole only where no index helps, however small the table is.
pub(crate) async fn postgres(url: &DatabaseUrl) -> Client {
    let DatabaseUrl::Postgres(config) = url else { panic!("not a PostgreSQL database: {url}") };
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off").await.unwrap();
    client
}

/// How PostgreSQL would run a statement, a line a step; or why it cannot.
pub(crate) async fn postgres_plan(client: &Client, text: &str, types: &[Type]) -> Result<Vec<String>, Error> {
    let prepared = client.prepare_typed(text, types).await?;
    let (types, nothing): (Vec<_>, Vec<_>) = prepared.params().iter().map(|it| (it.name(), "NULL")).unzip();
    let (types, nothing) = match types.as_slice() {
        [] => (String::new(), String::new()),
        _ => (format!("({})", types.join(", ")), format!("({})", nothing.join(", "))),
    };
    client.batch_execute(&format!("PREPARE it {types} AS {text}")).await?;
    let steps = client.query(&format!("EXPLAIN EXECUTE it {nothing}"), &[]).await?;
    client.batch_execute("DEALLOCATE it").await?;
    Ok(steps.iter().map(|row| row.get(0)).collect())
}
