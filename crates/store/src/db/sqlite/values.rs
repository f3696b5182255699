//! Values on their way to and from SQLite.

use crate::db::{Fault, Value};
use rusqlite::{
    Connection, Statement,
    types::{ToSqlOutput, ValueRef},
};
use std::borrow::Cow;
use tokio::{
    runtime::{Handle, RuntimeFlavor},
    task::block_in_place,
};

pub(super) fn run(conn: &Connection, text: &str, values: &[Value]) -> Result<u64, Fault> {
    let mut statement = conn.prepare_cached(text).map_err(Fault::database)?;
    bind(&mut statement, values)?;
    statement.raw_execute().map(|count| count as u64).map_err(Fault::database)
}

pub(super) fn rows(conn: &Connection, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
    all(&mut *conn.prepare_cached(text).map_err(Fault::database)?, values)
}

/// Of a text that is not worth remembering, and may take its time: the
/// runtime's other work goes on elsewhere.
pub(super) fn rows_once(conn: &Connection, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
    let work = || all(&mut conn.prepare(text).map_err(Fault::database)?, values);
    match Handle::try_current().map(|it| it.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => block_in_place(work),
        _ => work(),
    }
}

fn all(statement: &mut Statement<'_>, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
    let columns = statement.column_count();
    bind(statement, values)?;
    let mut found = Vec::new();
    let mut cursor = statement.raw_query();
    while let Some(row) = cursor.next().map_err(Fault::database)? {
        let value = |at| row.get_ref(at).map_err(Fault::database).and_then(read);
        found.push((0..columns).map(value).collect::<Result<_, _>>()?);
    }
    Ok(found)
}

/// `$n` is a name to SQLite, numbered by first appearance; so it is bound by name.
fn bind(statement: &mut Statement<'_>, values: &[Value]) -> Result<(), Fault> {
    for (at, value) in values.iter().enumerate() {
        let known = NAMES.get(at).map(|name| Cow::Borrowed(*name));
        let name = known.unwrap_or_else(|| Cow::Owned(format!("${}", at + 1)));
        let index = statement.parameter_index(&name).map_err(Fault::database)?;
        let index = index.ok_or_else(|| Fault::Unreadable(format!("the statement has no {name}")))?;
        statement.raw_bind_parameter(index, value).map_err(Fault::database)?;
    }
    if statement.parameter_count() == values.len() {
        Ok(())
    } else {
        Err(Fault::Unreadable("a parameter was not bound".to_owned()))
    }
}

/// The names that most statements need, ready made.
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

pub(in crate::db) fn is_conflict(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
    match error.downcast_ref::<rusqlite::Error>() {
        Some(rusqlite::Error::SqliteFailure(failure, _)) => {
            [SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY].contains(&failure.extended_code)
        }
        _ => false,
    }
}
