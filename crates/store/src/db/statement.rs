//! Statements: bound, run, and read row by row.

use super::{Column, Conflict, Conn, Fault, Value};
use std::vec;

/// A statement with its values.
#[must_use = "a statement does nothing until it is run"]
pub struct Statement<'c> {
    conn: &'c mut Conn,
    text: &'static str,
    values: Vec<Value>,
}

/// One row, read column by column in the order of the statement.
pub struct RowReader(vec::IntoIter<Value>);

/// What a row, or the next columns of one, can be read as.
pub trait FromRow: Sized {
    /// # Errors
    /// `Fault::Unreadable` when the columns are not of this type.
    fn from_row(row: &mut RowReader) -> Result<Self, Fault>;
}

/// A type that one table holds, a field a column.
pub trait Table: FromRow {
    /// The columns with the table's name before each, in the order they are read.
    const COLUMNS: &'static str;
    fn values(&self) -> Vec<Value>;
    /// Inserts a row unless a unique key is taken.
    fn insert_text() -> &'static str;
}

impl<'c> Statement<'c> {
    pub(super) fn new(conn: &'c mut Conn, text: &'static str) -> Self {
        Self { conn, text, values: Vec::new() }
    }

    /// The value of the next `$n`.
    pub fn bind<T: Column>(mut self, value: &T) -> Self {
        self.values.push(value.to_value());
        self
    }

    /// The number of rows changed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn execute(self) -> Result<u64, Fault> {
        self.conn.run(self.text, self.values).await
    }

    /// As `execute`, where a unique key may be taken: the transaction goes on, the statement did nothing.
    ///
    /// # Errors
    /// When the database fails otherwise.
    pub async fn execute_unless_taken(self) -> Result<Result<u64, Conflict>, Fault> {
        self.conn.control("SAVEPOINT attempt").await?;
        match self.conn.run(self.text, self.values).await {
            Ok(count) => {
                self.conn.control("RELEASE SAVEPOINT attempt").await?;
                Ok(Ok(count))
            }
            Err(fault) if is_conflict(&fault) => {
                self.conn.undo_attempt().await?;
                Ok(Err(Conflict))
            }
            Err(fault) => Err(fault),
        }
    }

    /// Every row.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    pub async fn all<T: FromRow>(self) -> Result<Vec<T>, Fault> {
        let rows = self.conn.rows(self.text, self.values).await?;
        rows.into_iter().map(|row| T::from_row(&mut RowReader(row.into_iter()))).collect()
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// When the database fails or the row cannot be read.
    pub async fn optional<T: FromRow>(self) -> Result<Option<T>, Fault> {
        let first = self.conn.rows(self.text, self.values).await?.into_iter().next();
        first.map(|row| T::from_row(&mut RowReader(row.into_iter()))).transpose()
    }
}

impl Conn {
    /// Inserts a row; `false` when a unique key is taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert<T: Table>(&mut self, row: &T) -> Result<bool, Fault> {
        Ok(self.run(T::insert_text(), row.values()).await? == 1)
    }
}

impl RowReader {
    pub(super) fn new(row: Vec<Value>) -> Self {
        Self(row.into_iter())
    }

    /// # Errors
    /// When no column is left, or it is not of this type.
    pub fn take<T: Column>(&mut self) -> Result<T, Fault> {
        T::from_value(self.0.next().ok_or_else(|| Fault::Unreadable("a row has too few columns".to_owned()))?)
    }
}

impl<T: Column> FromRow for T {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        row.take()
    }
}

impl<A: FromRow, B: FromRow> FromRow for (A, B) {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        Ok((A::from_row(row)?, B::from_row(row)?))
    }
}

impl<A: FromRow, B: FromRow, C: FromRow> FromRow for (A, B, C) {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        Ok((A::from_row(row)?, B::from_row(row)?, C::from_row(row)?))
    }
}

fn is_conflict(fault: &Fault) -> bool {
    match fault {
        Fault::Database(error) => {
            super::sqlite::is_conflict(&**error) || super::postgres::is_conflict(&**error)
        }
        Fault::Busy
        | Fault::SharedCommit(_)
        | Fault::Spoiled
        | Fault::IdTaken(_)
        | Fault::Unreadable(_)
        | Fault::SqliteTooOld { .. }
        | Fault::NoAuditKey
        | Fault::NewAuditKey
        | Fault::Installation(_) => false,
    }
}

/// The text that inserts a row unless a unique key is taken.
pub(crate) fn insert_statement(table: &str, columns: &[&str]) -> String {
    let parameters: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
    format!(
        "INSERT INTO {table} ({}) VALUES ({}) ON CONFLICT DO NOTHING",
        columns.join(", "),
        parameters.join(", ")
    )
}

/// A statement's text, from parts joined at compile time. In test builds every
/// statement is also collected, so that tests can prepare each on both databases.
macro_rules! sql {
    ($($part:expr),+ $(,)?) => {{
        const TEXT: &str = const_format::concatcp!($($part),+);
        #[cfg(test)]
        inventory::submit!($crate::db::statement::Collected { text: TEXT });
        TEXT
    }};
}
pub(crate) use sql;

#[cfg(test)]
pub(crate) struct Collected {
    pub text: &'static str,
}
#[cfg(test)]
inventory::collect!(Collected);

#[cfg(test)]
pub(crate) struct CollectedTable {
    pub insert_text: fn() -> &'static str,
}
#[cfg(test)]
inventory::collect!(CollectedTable);
