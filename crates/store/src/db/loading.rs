//! Putting rows back as they were, in the shape the database itself describes.

use super::{ColumnShape, Conn, Db, Engine, Fault, TableShape, Tx, Value};
use std::fmt::Write as _;

/// Values bound in one statement; both databases take more.
const BOUND: usize = 8000;

impl Db {
    /// Makes the schema of an empty database as it was at a version, for rows of that version.
    ///
    /// # Errors
    /// When a migration fails.
    pub async fn migrate_to(&self, version: i64) -> Result<(), Fault> {
        let version = i32::try_from(version).map_err(|_| Fault::Unreadable("a schema version".to_owned()))?;
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.migrate_to(version).await,
            Engine::Postgres(postgres) => postgres.migrate_to(version).await,
        }
    }
}

impl Tx {
    /// Inserts rows whose values stand in the order of the columns.
    ///
    /// # Errors
    /// When the database fails, or a row is there or refers to nothing.
    pub async fn load(
        &mut self,
        shape: &TableShape,
        columns: &[ColumnShape],
        rows: Vec<Vec<Value>>,
    ) -> Result<(), Fault> {
        let at_once = (BOUND / columns.len().max(1)).max(1);
        let mut rest = rows.into_iter().peekable();
        while rest.peek().is_some() {
            let some: Vec<Vec<Value>> = rest.by_ref().take(at_once).collect();
            let text = insertion(&shape.name, columns, some.len());
            self.rows_once(&text, some.into_iter().flatten().collect()).await?;
        }
        Ok(())
    }

    /// Removes every row of a table of ours.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn empty(&mut self, table: &'static str) -> Result<(), Fault> {
        self.rows_once(&format!("DELETE FROM \"{table}\""), Vec::new()).await.map(|_| ())
    }

    /// Removes the rows of one organization from a table of ours; how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn delete_of(
        &mut self,
        table: &'static str,
        project: &str,
        organization: &str,
    ) -> Result<u64, Fault> {
        let text = format!(
            "DELETE FROM \"{table}\" WHERE project_id = $1 AND organization_id = $2 RETURNING CAST(1 AS BIGINT)"
        );
        let values = [project, organization].map(|it| Value::Text(Some(it.to_owned())));
        Ok(self.rows_once(&text, values.to_vec()).await?.len() as u64)
    }

    /// Lets the statements of this transaction take their time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn be_patient(&mut self) -> Result<(), Fault> {
        if self.is_postgres() { self.control("SET LOCAL statement_timeout = 0").await } else { Ok(()) }
    }
}

impl Conn {
    fn is_postgres(&self) -> bool {
        match self.link {
            super::Link::SqliteRead(_) | super::Link::SqliteWrite(_) => false,
            super::Link::PostgresRead(_) | super::Link::PostgresWrite(_) => true,
        }
    }
}

fn insertion(table: &str, columns: &[ColumnShape], rows: usize) -> String {
    let names: Vec<String> = columns.iter().map(|it| format!("\"{}\"", it.name)).collect();
    let mut text = format!("INSERT INTO \"{table}\" ({}) VALUES ", names.join(", "));
    for row in 0..rows {
        let first = row * columns.len();
        let values: Vec<String> = (1..=columns.len()).map(|n| format!("${}", first + n)).collect();
        let comma = if row == 0 { "" } else { ", " };
        write!(text, "{comma}({})", values.join(", ")).expect("a text takes any text");
    }
    text
}
