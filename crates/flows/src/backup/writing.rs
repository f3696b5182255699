//! Writing a backup of a database that is in use.

use super::of_file;
use crate::{Error, Result};
use domain::{
    Timestamp,
    backup::{Counts, FORMAT, Header, Sealing, TableLine},
    server_key::ServerKey,
};
use serde_json::{Value as Json, json};
use std::io::Write;
use store::{
    Db,
    db::{Snapshot, TableShape, Value},
    installation,
    tables::{InBackup, in_backup, is_in_backup},
};

/// Rows that are held in memory at a time.
const PAGE: usize = 200;

/// What a backup came to.
#[derive(Debug)]
pub struct Written {
    pub header: Header,
    pub counts: Counts,
    /// Tables of the same database that are not ours, and not in it.
    pub foreign: Vec<String>,
}

/// Writes everything as of one moment. The schema may be older than this program.
///
/// # Errors
/// When the database or the file fails, the schema is newer than this program,
/// or the server key is not this database's.
pub async fn write(
    db: &Db,
    key: &ServerKey,
    out: &mut impl Write,
    (now, product): (Timestamp, &str),
) -> Result<Written> {
    let snapshot = db.snapshot().await?;
    let mut header = header(db, &snapshot, (now, product)).await?;
    let tables = snapshot.tables().await?;
    let foreign = tables.into_iter().filter(|it| in_backup(it).is_none()).collect();
    let shapes = snapshot.shapes(|it| in_backup(it) == Some(InBackup::Kept)).await?;
    let (mut sealing, text) = Sealing::begin(key, header.clone());
    header.key_version = sealing.key_version();
    put(out, &text)?;
    for shape in &shapes {
        table(&snapshot, shape, &mut sealing, out).await?;
    }
    let (text, counts) = sealing.end();
    put(out, &text)?;
    out.flush().map_err(|error| of_file(&error))?;
    Ok(Written { header, counts, foreign })
}

async fn header(db: &Db, snapshot: &Snapshot, (now, product): (Timestamp, &str)) -> Result<Header> {
    let (schema, newest) = (snapshot.schema_version().await?, installation::newest_schema());
    if schema > newest {
        return Err(Error::Operator(format!(
            "the database has schema version {schema}, and this program knows {newest}; use the version that serves it"
        )));
    }
    let found = installation::find(&mut db.read().await?).await?;
    let found = found.ok_or_else(|| Error::Operator("the database is not one of Vestibule's".to_owned()))?;
    Ok(Header {
        vestibule_backup: FORMAT,
        product: product.to_owned(),
        schema,
        created_at: now.to_string(),
        mode: found.mode.to_string(),
        key_check: found.key_check.to_string(),
        key_version: 0, // told when it is sealed
    })
}

async fn table(
    snapshot: &Snapshot,
    shape: &TableShape,
    sealing: &mut Sealing,
    out: &mut impl Write,
) -> Result<()> {
    let columns = shape.columns.iter().map(|it| it.name.clone()).collect();
    let held: Vec<bool> = shape.columns.iter().map(|it| is_in_backup(&shape.name, &it.name)).collect();
    put(out, &sealing.table(TableLine { table: shape.name.clone(), columns }))?;
    let mut last: Option<Vec<Value>> = None;
    loop {
        let rows = snapshot.rows_after(shape, last.as_deref(), PAGE).await?;
        let Some(newest) = rows.last().cloned() else { return Ok(()) };
        last = Some(newest);
        for row in rows {
            let values = row.into_iter().zip(&held);
            let values: Vec<Json> =
                values.map(|(it, held)| if *held { json(it) } else { Json::Null }).collect();
            put(out, &sealing.row(&values))?;
        }
    }
}

fn json(value: Value) -> Json {
    match value {
        Value::Text(it) => json!(it),
        Value::BigInt(it) => json!(it),
        Value::Boolean(it) => json!(it),
    }
}

fn put(out: &mut impl Write, text: &str) -> Result<()> {
    out.write_all(text.as_bytes()).map_err(|error| of_file(&error))
}
