//! Values on their way to and from PostgreSQL.

use crate::db::{Fault, Value};
use tokio_postgres::{
    Client, Row,
    error::SqlState,
    types::{ToSql, Type},
};

/// Runs a text that is not worth remembering.
pub(super) async fn once(client: &Client, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
    let statement = client.prepare_typed(text, &types(values)).await.map_err(Fault::database)?;
    let rows = client.query(&statement, &parameters(values)).await.map_err(Fault::database)?;
    rows.iter().map(read).collect()
}

pub(super) fn types(values: &[Value]) -> Vec<Type> {
    let one = |value: &Value| match value {
        Value::Text(_) => Type::TEXT,
        Value::BigInt(_) => Type::INT8,
        Value::Boolean(_) => Type::BOOL,
    };
    values.iter().map(one).collect()
}

pub(super) fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(parameter).collect()
}

fn parameter(value: &Value) -> &(dyn ToSql + Sync) {
    match value {
        Value::Text(text) => text,
        Value::BigInt(number) => number,
        Value::Boolean(truth) => truth,
    }
}

pub(super) fn read(row: &Row) -> Result<Vec<Value>, Fault> {
    let one = |(at, column): (usize, &tokio_postgres::Column)| match *column.type_() {
        Type::TEXT => row.try_get(at).map(Value::Text).map_err(Fault::database),
        Type::INT8 => row.try_get(at).map(Value::BigInt).map_err(Fault::database),
        Type::BOOL => row.try_get(at).map(Value::Boolean).map_err(Fault::database),
        ref other => Err(Fault::Unreadable(format!("a column of the foreign type {other}"))),
    };
    row.columns().iter().enumerate().map(one).collect()
}

pub(in crate::db) fn is_conflict(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    let error = error.downcast_ref::<tokio_postgres::Error>();
    error.and_then(tokio_postgres::Error::code) == Some(&SqlState::UNIQUE_VIOLATION)
}
