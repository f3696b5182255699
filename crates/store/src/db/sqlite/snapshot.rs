//! A reading transaction of its own, and SQLite's catalogue.

use super::{Sqlite, values::rows_once};
use crate::db::{Fault, Value};
use rusqlite::Connection;

pub(in crate::db) const TABLES: &str =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
pub(in crate::db) const COLUMNS: &str = "SELECT m.name, c.name, c.type, c.pk
       FROM sqlite_master m JOIN pragma_table_info(m.name) c
      WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid";
pub(in crate::db) const REFERENCES: &str = "SELECT DISTINCT m.name, f.\"table\"
       FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";

pub(in crate::db) struct Snapshot(std::sync::Mutex<Connection>);

impl Sqlite {
    pub fn snapshot(&self) -> Result<Snapshot, Fault> {
        let conn = self.open_reader()?;
        conn.execute_batch("BEGIN").map_err(Fault::database)?;
        // What it sees is fixed by the first read, not by BEGIN.
        rows_once(&conn, "SELECT count(*) FROM sqlite_master", &[])?;
        Ok(Snapshot(std::sync::Mutex::new(conn)))
    }
}

impl Snapshot {
    pub fn rows(&self, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
        let conn = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        rows_once(&conn, text, values)
    }
}
