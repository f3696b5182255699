//! Statements built from parts: for searches, whose filters come in any
//! combination. A part is text of the source, never of a caller; what callers
//! say is bound. A built statement is planned once and forgotten.

use super::{Column, Conn, Fault, FromRow, RowReader, Value};
use std::fmt::Write as _;

#[derive(Debug, Default)]
pub struct Built {
    text: String,
    values: Vec<Value>,
}

impl Built {
    #[must_use]
    pub fn text(mut self, part: &'static str) -> Self {
        self.text.push_str(part);
        self
    }

    /// Binds the value of the next `$n` without writing it: the parts name it.
    #[must_use]
    pub fn bind<T: Column>(mut self, value: &T) -> Self {
        self.values.push(value.to_value());
        self
    }

    /// Writes the next `$n` and binds it.
    #[must_use]
    pub fn value<T: Column>(mut self, value: &T) -> Self {
        self.values.push(value.to_value());
        write!(self.text, "${}", self.values.len()).expect("a text takes any text");
        self
    }

    /// Writes `($n, …)` and binds each; the list is not empty.
    #[must_use]
    pub fn list<T: Column>(self, values: &[T]) -> Self {
        let listed = values.iter().enumerate().fold(self.text("("), |built, (at, value)| {
            if at == 0 { built.value(value) } else { built.text(", ").value(value) }
        });
        listed.text(")")
    }

    #[cfg(test)]
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

/// That a folded column contains a part; `%` and `_` in it stand for themselves.
pub(crate) fn like(built: Built, column: &'static str, part: &str) -> Built {
    let escaped = part.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    built.text(column).text(" LIKE ").value(&format!("%{escaped}%")).text(" ESCAPE '!'")
}

impl Conn {
    /// Every row of a built statement, which changes nothing.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    pub async fn all_of<T: FromRow>(&mut self, built: Built) -> Result<Vec<T>, Fault> {
        let rows = self.rows_once(&built.text, built.values).await?;
        rows.into_iter().map(|row| T::from_row(&mut RowReader::new(row))).collect()
    }
}
