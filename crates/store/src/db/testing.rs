//! The drivers themselves, as the statement tests need them.

use super::DatabaseUrl;
use rusqlite::Connection;
use tokio_postgres::{Client, NoTls, types::Type};

pub(crate) fn sqlite_version() -> (i32, &'static str) {
    (rusqlite::version_number(), rusqlite::version())
}

pub(crate) fn sqlite(url: &DatabaseUrl) -> Connection {
    match url {
        DatabaseUrl::Sqlite(path) => Connection::open(path).unwrap(),
        DatabaseUrl::Postgres(_) => panic!("not a SQLite database: {url}"),
    }
}

/// How SQLite would run a statement, a line a step; or why it cannot.
pub(crate) fn plan(conn: &Connection, text: &str) -> Result<Vec<String>, rusqlite::Error> {
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {text}"))?;
    statement.raw_query().mapped(|row| row.get(3)).collect()
}

pub(crate) async fn postgres(url: &DatabaseUrl) -> Client {
    let DatabaseUrl::Postgres(config) = url else { panic!("not a PostgreSQL database: {url}") };
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Why PostgreSQL cannot run a statement. Parameters named in `numbers` are
/// bound as numbers, where the statement does not say what they are.
pub(crate) async fn objection(client: &Client, text: &str, types: &[Type]) -> Option<String> {
    client.prepare_typed(text, types).await.err().map(|error| format!("{error:?}"))
}
