//! Putting the rows of a backup into an empty database.

use super::reading::Reading;
use crate::{Error, Result};
use domain::{
    backup::{Counts, Found, Header, TableLine},
    server_key::ServerKey,
};
use serde_json::Value as Json;
use std::io::BufRead;
use store::{
    Db,
    db::{ColumnShape, Kind, TableShape, Value},
    installation, restoring,
    tables::{InBackup, in_backup},
};

/// Rows of one transaction.
const BATCH: usize = 1000;

/// What was put back.
#[derive(Debug)]
pub struct Loaded {
    pub header: Header,
    pub counts: Counts,
}

/// Makes the schema as it was, puts the rows in, and brings the schema up to
/// date. The database is marked before, and keeps the mark until everything is
/// void and [`finish`] is called: no server starts on it. The caller has checked
/// the whole file; should it be found damaged here, what was put in is not to be used.
///
/// # Errors
/// When the database is not empty or fails, or the backup is damaged, of
/// another server key or of a newer schema.
pub async fn load(db: &Db, key: &ServerKey, input: impl BufRead) -> Result<Loaded> {
    let (mut reading, header) = Reading::begin(key, input)?;
    let newest = installation::newest_schema();
    if header.schema > newest {
        return Err(Error::Operator(format!(
            "the backup has schema version {}, and this program knows {newest}; it was made by version {}: use that, or a newer one",
            header.schema, header.product
        )));
    }
    if !restoring::has_room(db).await? {
        return Err(Error::Operator("a backup is put into an empty database only".to_owned()));
    }
    restoring::begin(db).await?;
    db.migrate_to(header.schema).await?;
    let shapes = db.snapshot().await?.shapes(|it| in_backup(it) == Some(InBackup::Kept)).await?;
    let mut loading = Loading { db, shapes, table: None, rows: Vec::new() };
    let mut counts = Counts::default();
    while let Some(found) = reading.next()? {
        match found {
            Found::Table(table) => loading.begin(table).await?,
            Found::Row(values) => loading.add(values).await?,
            Found::Sealed(sealed) => counts = sealed,
            Found::Nothing => {}
        }
    }
    loading.flush().await?;
    db.migrate().await?;
    Ok(Loaded { header, counts })
}

/// Throws away what a database holds, and marks it before.
///
/// # Errors
/// When the database fails.
pub async fn make_room(db: &Db) -> Result<()> {
    Ok(restoring::make_room(db).await?)
}

/// Gives a database that was put back free for servers.
///
/// # Errors
/// When the database fails.
pub async fn finish(db: &Db) -> Result<()> {
    Ok(restoring::finish(db).await?)
}

struct Loading<'a> {
    db: &'a Db,
    shapes: Vec<TableShape>,
    table: Option<(TableShape, Vec<ColumnShape>)>,
    rows: Vec<Vec<Value>>,
}

impl Loading<'_> {
    /// What the file calls a table or a column is one of the database's own, or refused.
    async fn begin(&mut self, line: TableLine) -> Result<()> {
        self.flush().await?;
        let unknown =
            |name: &str| Error::Operator(format!("the schema has no {name}, which the backup holds"));
        let shape =
            self.shapes.iter().find(|it| it.name == line.table).ok_or_else(|| unknown(&line.table))?;
        let column = |name: &String| {
            let found = shape.columns.iter().find(|it| it.name == *name).cloned();
            found.ok_or_else(|| unknown(&format!("{}.{name}", line.table)))
        };
        let columns = line.columns.iter().map(column).collect::<Result<_>>()?;
        self.table = Some((shape.clone(), columns));
        Ok(())
    }

    async fn add(&mut self, values: Vec<Json>) -> Result<()> {
        let Some((shape, columns)) = &self.table else { return Ok(()) };
        let unreadable = || Error::Operator(format!("a row of {} holds what its columns cannot", shape.name));
        let row = values.into_iter().zip(columns).map(|(value, column)| read(value, column.kind));
        let row: Option<Vec<Value>> = row.collect();
        self.rows.push(row.ok_or_else(unreadable)?);
        if self.rows.len() < BATCH { Ok(()) } else { self.flush().await }
    }

    async fn flush(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.rows);
        let (Some((shape, columns)), false) = (&self.table, rows.is_empty()) else { return Ok(()) };
        let mut tx = self.db.write().await?;
        let loaded = tx.load(shape, columns, rows).await;
        loaded.map_err(|fault| Error::Operator(format!("rows of {}: {fault}", shape.name)))?;
        Ok(tx.commit().await?)
    }
}

fn read(value: Json, kind: Kind) -> Option<Value> {
    match (kind, value) {
        (kind, Json::Null) => Some(kind.nothing()),
        (Kind::Text, Json::String(text)) => Some(Value::Text(Some(text))),
        (Kind::BigInt, Json::Number(number)) => number.as_i64().map(|it| Value::BigInt(Some(it))),
        (Kind::Boolean, Json::Bool(truth)) => Some(Value::Boolean(Some(truth))),
        (Kind::Text | Kind::BigInt | Kind::Boolean, _) => None,
    }
}
