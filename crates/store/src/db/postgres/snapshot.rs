//! A reading transaction of its own, and PostgreSQL's catalogue.

use super::{Postgres, values::once};
use crate::db::{Fault, Value};
use tokio_postgres::Client;

pub(in crate::db) const TABLES: &str =
    "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename";
pub(in crate::db) const COLUMNS: &str =
    "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL),
            CAST(coalesce(1 + array_position(i.indkey::int2[], a.attnum), 0) AS BIGINT)
       FROM pg_class c
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
      WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
      ORDER BY c.relname, a.attnum";
pub(in crate::db) const REFERENCES: &str = "SELECT DISTINCT c.relname::text, t.relname::text
       FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class t ON t.oid = f.confrelid
      WHERE f.contype = 'f' AND f.connamespace = current_schema()::regnamespace";
/// A page may wait for a disk, and the whole for whoever reads the file.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
                     SET LOCAL statement_timeout = '5min'; SET LOCAL idle_in_transaction_session_timeout = 0";

pub(in crate::db) struct Snapshot(Client);

impl Postgres {
    pub async fn snapshot(&self) -> Result<Snapshot, Fault> {
        let client = self.connect().await?;
        client.batch_execute(BEGIN).await.map_err(Fault::database)?;
        // What it sees is fixed by the first read, not by BEGIN.
        client.batch_execute("SELECT 1 FROM pg_class LIMIT 1").await.map_err(Fault::database)?;
        Ok(Snapshot(client))
    }
}

impl Snapshot {
    pub async fn rows(&self, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
        once(&self.0, text, values).await
    }
}
