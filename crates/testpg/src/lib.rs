//! PostgreSQL for tests: an empty database each, on a server that may be thrown away.
//!
//! The server is named by `VESTIBULE_TEST_POSTGRES`, a URL with the rights to
//! create databases; `cargo xtask test` starts one. Without it, the PostgreSQL
//! half of the tests is skipped, and says so; in CI that is a failure.

use std::{
    hash::{BuildHasher, RandomState},
    mem::ManuallyDrop,
    sync::Once,
};
use tokio::sync::OnceCell;
use tokio_postgres::NoTls;

/// Names the server.
pub const VARIABLE: &str = "VESTIBULE_TEST_POSTGRES";

/// A database of one test; gone when dropped.
#[derive(Debug)]
pub struct TestDatabase {
    server: String,
    name: String,
}

/// Creates an empty database; none when no server is named.
///
/// # Panics
/// When the server cannot be used, or none is named in CI.
pub async fn fresh_database() -> Option<TestDatabase> {
    Some(create(server()?, "template0").await)
}

/// As [`fresh_database`], with the schema in it. The migrations run once a
/// process, on a database that all others are copied from; it stays until the
/// server goes. Whoever migrates leaves no connection open.
///
/// # Panics
/// As [`fresh_database`].
pub async fn migrated_database(migrate: impl AsyncFnOnce(String)) -> Option<TestDatabase> {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let server = server()?;
    let template = TEMPLATE.get_or_init(async || {
        let template = ManuallyDrop::new(create(server.clone(), "template0").await);
        migrate(template.url()).await;
        template.name.clone()
    });
    let template = template.await;
    Some(create(server, template).await)
}

async fn create(server: String, template: &str) -> TestDatabase {
    let name = format!("vestibule_test_{:016x}", RandomState::new().hash_one(std::process::id()));
    let create =
        format!("CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
    if let Err(error) = run(&server, &create).await {
        panic!("the server of {VARIABLE} cannot be used: {error:?}");
    }
    TestDatabase { server, name }
}

fn server() -> Option<String> {
    let server = std::env::var(VARIABLE).ok();
    if server.is_none() {
        skip();
    }
    server
}

impl TestDatabase {
    pub fn url(&self) -> String {
        with_database(&self.server, &self.name)
    }

    /// Every row of every table, as text.
    ///
    /// # Panics
    /// When the database cannot be read.
    pub async fn rows(&self) -> Vec<String> {
        self.read_rows().await.expect("a readable database")
    }

    async fn read_rows(&self) -> Result<Vec<String>, tokio_postgres::Error> {
        let (client, connection) = tokio_postgres::connect(&self.url(), NoTls).await?;
        tokio::spawn(connection);
        let tables =
            "SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public'";
        let mut rows = Vec::new();
        for table in client.query(tables, &[]).await? {
            let table: String = table.get(0);
            let found = client.query(&format!("SELECT it::text FROM {table} it"), &[]).await?;
            rows.extend(found.iter().map(|it| it.get::<_, String>(0)));
        }
        Ok(rows)
    }
}

impl Drop for TestDatabase {
    /// On a runtime of its own: the test's may be ending.
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime
                .map(|it| it.block_on(run(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))))
        });
        let _ = dropping.join(); // what is left over goes with the server
    }
}

async fn run(server: &str, statement: &str) -> Result<(), tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(server, NoTls).await?;
    let connection = tokio::spawn(connection);
    let done = client.batch_execute(statement).await;
    drop(client);
    let _ = connection.await;
    done
}

fn skip() {
    static SAY_IT_ONCE: Once = Once::new();
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{VARIABLE} names no server, and CI skips nothing");
    SAY_IT_ONCE
        .call_once(|| eprintln!("{VARIABLE} names no server: the PostgreSQL half of the tests is skipped"));
}

/// The URL of another database on the same server.
fn with_database(server: &str, name: &str) -> String {
    let (address, options) = server.split_once('?').map_or((server, None), |(it, rest)| (it, Some(rest)));
    let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
    let authority = rest.split_once('/').map_or(rest, |(authority, _)| authority);
    let options = options.map(|it| format!("?{it}")).unwrap_or_default();
    format!("{scheme}://{authority}/{name}{options}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_of_a_url_is_replaced() {
        for (server, expected) in [
            ("postgres://me:pw@host:5999/postgres", "postgres://me:pw@host:5999/one"),
            ("postgres://host", "postgres://host/one"),
            ("postgres:///postgres?host=/run/pg&user=me", "postgres:///one?host=/run/pg&user=me"),
        ] {
            assert_eq!(with_database(server, "one"), expected);
        }
    }

    #[tokio::test]
    async fn a_fresh_database_is_empty_and_goes_away_when_dropped() {
        let Some(database) = fresh_database().await else { return };
        let url = database.url();
        run(&url, "CREATE TABLE installation (name TEXT)").await.unwrap();
        drop(database);
        assert!(run(&url, "SELECT 1").await.is_err());
    }

    #[tokio::test]
    async fn every_copy_has_the_schema_and_its_own_rows() {
        let migrate =
            async |url: String| run(&url, "CREATE TABLE installation (name TEXT UNIQUE)").await.unwrap();
        for _ in 0..2 {
            let Some(database) = migrated_database(migrate).await else { return };
            run(&database.url(), "INSERT INTO installation VALUES ('this')").await.unwrap();
        }
    }
}
