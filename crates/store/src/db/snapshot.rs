//! Everything as of one moment, read by the database's own catalogue: for
//! backups, which must not know the tables one by one.

use super::{Db, Engine, Fault, Value, postgres, sqlite};
use std::fmt::Write as _;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    BigInt,
    Boolean,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnShape {
    pub name: String,
    pub kind: Kind,
}

/// A table as the database describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableShape {
    pub name: String,
    pub columns: Vec<ColumnShape>,
    /// The primary key, by position among the columns.
    pub key: Vec<usize>,
    /// The tables its rows refer to.
    pub refers_to: Vec<String>,
}

/// A view of the database that does not change while others write.
pub struct Snapshot(Link);

enum Link {
    Sqlite(sqlite::Snapshot),
    Postgres(Box<postgres::Snapshot>),
}

impl Db {
    /// Begins a view on a connection of its own. On SQLite it works beside the
    /// server's process; while it is open, the log of writes cannot be shortened.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn snapshot(&self) -> Result<Snapshot, Fault> {
        Ok(Snapshot(match &self.engine {
            Engine::Sqlite(sqlite) => Link::Sqlite(sqlite.snapshot()?),
            Engine::Postgres(postgres) => Link::Postgres(Box::new(postgres.snapshot().await?)),
        }))
    }
}

impl Snapshot {
    /// The shapes of the tables that `wanted` names and the database has, each
    /// after those it refers to.
    ///
    /// # Errors
    /// When the database fails, or a table has no key or holds what no backup can.
    pub async fn shapes(&self, wanted: impl Fn(&str) -> bool) -> Result<Vec<TableShape>, Fault> {
        let (columns, references) = match &self.0 {
            Link::Sqlite(it) => (it.rows(sqlite::COLUMNS, &[])?, it.rows(sqlite::REFERENCES, &[])?),
            Link::Postgres(it) => {
                (it.rows(postgres::COLUMNS, &[]).await?, it.rows(postgres::REFERENCES, &[]).await?)
            }
        };
        let mut shapes = described(columns, &wanted)?;
        for row in references {
            let [from, to] = texts(row)?;
            if let Some(shape) = shapes.iter_mut().find(|it| it.name == from && from != to) {
                shape.refers_to.push(to);
            }
        }
        Ok(in_order(shapes))
    }

    /// The names of all tables.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tables(&self) -> Result<Vec<String>, Fault> {
        let rows = match &self.0 {
            Link::Sqlite(it) => it.rows(sqlite::TABLES, &[])?,
            Link::Postgres(it) => it.rows(postgres::TABLES, &[]).await?,
        };
        rows.into_iter().map(|row| texts(row).map(|[name]| name)).collect()
    }

    /// The version of the schema.
    ///
    /// # Errors
    /// When the database fails or has no schema.
    pub async fn schema_version(&self) -> Result<i64, Fault> {
        let text = "SELECT CAST(max(version) AS BIGINT) FROM refinery_schema_history";
        match self.rows(text, &[]).await?.into_iter().flatten().next() {
            Some(Value::BigInt(Some(version))) => Ok(version),
            _ => Err(Fault::Unreadable("the version of the schema".to_owned())),
        }
    }

    /// The next rows of a table by its key, after one that was read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rows_after(
        &self,
        shape: &TableShape,
        last: Option<&[Value]>,
        limit: usize,
    ) -> Result<Vec<Vec<Value>>, Fault> {
        let values: Vec<Value> =
            last.map(|row| shape.key.iter().map(|at| row[*at].clone()).collect()).unwrap_or_default();
        let rows = self.rows(&shape.page(last.is_some(), limit), &values).await?;
        Ok(rows.into_iter().map(|row| shape.typed(row)).collect())
    }

    /// The next rows of one organization, as of [`Self::rows_after`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rows_of(
        &self,
        (shape, project, organization): (&TableShape, &str, &str),
        last: Option<&[Value]>,
        limit: usize,
    ) -> Result<Vec<Vec<Value>>, Fault> {
        let key = shape.key.iter().filter_map(|at| last.map(|row| row[*at].clone()));
        let mut values: Vec<Value> = key.collect();
        let (first, second) = (values.len() + 1, values.len() + 2);
        values.extend([project, organization].map(|it| Value::Text(Some(it.to_owned()))));
        let text = shape.page(last.is_some(), limit);
        let (selection, order) = text.split_at(text.rfind(" ORDER BY ").unwrap_or(text.len()));
        let and = if last.is_some() { "AND" } else { "WHERE" };
        let text = format!("{selection} {and} project_id = ${first} AND organization_id = ${second}{order}");
        let rows = self.rows(&text, &values).await?;
        Ok(rows.into_iter().map(|row| shape.typed(row)).collect())
    }

    async fn rows(&self, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
        match &self.0 {
            Link::Sqlite(it) => it.rows(text, values),
            Link::Postgres(it) => it.rows(text, values).await,
        }
    }
}

impl TableShape {
    fn page(&self, goes_on: bool, limit: usize) -> String {
        let names = |of: &mut dyn Iterator<Item = &ColumnShape>| {
            of.map(|it| format!("\"{}\"", it.name)).collect::<Vec<_>>().join(", ")
        };
        let key = names(&mut self.key.iter().map(|at| &self.columns[*at]));
        let mut text = format!("SELECT {} FROM \"{}\"", names(&mut self.columns.iter()), self.name);
        if goes_on {
            let after: Vec<String> = (1..=self.key.len()).map(|n| format!("${n}")).collect();
            write!(text, " WHERE ({key}) > ({})", after.join(", ")).expect("a text takes any text");
        }
        write!(text, " ORDER BY {key} LIMIT {limit}").expect("a text takes any text");
        text
    }

    /// SQLite keeps truth as a number, and does not say of what type nothing is.
    fn typed(&self, row: Vec<Value>) -> Vec<Value> {
        row.into_iter().zip(&self.columns).map(|(value, column)| column.kind.typed(value)).collect()
    }
}

impl Kind {
    fn of(declared: &str) -> Option<Self> {
        match declared.to_ascii_lowercase().as_str() {
            "text" => Some(Self::Text),
            "bigint" => Some(Self::BigInt),
            "boolean" => Some(Self::Boolean),
            _ => None,
        }
    }

    fn typed(self, value: Value) -> Value {
        match (self, value) {
            (Self::Boolean, Value::BigInt(Some(number))) => Value::Boolean(Some(number != 0)),
            (_, value) if value.is_null() => self.nothing(),
            (_, value) => value,
        }
    }

    /// The missing value of the kind.
    pub fn nothing(self) -> Value {
        match self {
            Self::Text => Value::Text(None),
            Self::BigInt => Value::BigInt(None),
            Self::Boolean => Value::Boolean(None),
        }
    }
}

fn described(rows: Vec<Vec<Value>>, wanted: &impl Fn(&str) -> bool) -> Result<Vec<TableShape>, Fault> {
    let mut shapes: Vec<TableShape> = Vec::new();
    let mut keys: Vec<(usize, usize, i64)> = Vec::new();
    for mut row in rows {
        let in_key = match row.pop() {
            Some(Value::BigInt(Some(position))) => position,
            _ => 0,
        };
        let [table, name, declared] = texts(row)?;
        if !wanted(&table) {
            continue;
        }
        let foreign = || Fault::Unreadable(format!("{table}.{name} is of the foreign type {declared}"));
        let column = ColumnShape { kind: Kind::of(&declared).ok_or_else(foreign)?, name: name.clone() };
        if shapes.last().is_none_or(|it| it.name != table) {
            shapes.push(TableShape { name: table.clone(), columns: vec![], key: vec![], refers_to: vec![] });
        }
        let at = shapes.len() - 1;
        if in_key > 0 {
            keys.push((at, shapes[at].columns.len(), in_key));
        }
        shapes[at].columns.push(column);
    }
    keys.sort_by_key(|(_, _, position)| *position);
    for (table, column, _) in keys {
        shapes[table].key.push(column);
    }
    match shapes.iter().find(|it| it.key.is_empty()) {
        Some(shape) => Err(Fault::Unreadable(format!("the table {} has no primary key", shape.name))),
        None => Ok(shapes),
    }
}

/// Each after those it refers to, and by name where that leaves a choice.
fn in_order(mut rest: Vec<TableShape>) -> Vec<TableShape> {
    rest.sort_by(|a, b| a.name.cmp(&b.name));
    let mut ordered: Vec<TableShape> = Vec::new();
    while !rest.is_empty() {
        let waits =
            |it: &TableShape| it.refers_to.iter().any(|to| rest.iter().any(|other| other.name == *to));
        let next = rest.iter().position(|it| !waits(it)).unwrap_or(0);
        ordered.push(rest.remove(next));
    }
    ordered
}

fn texts<const N: usize>(row: Vec<Value>) -> Result<[String; N], Fault> {
    let text = |value| match value {
        Value::Text(Some(text)) => Ok(text),
        Value::Text(None) | Value::BigInt(_) | Value::Boolean(_) => {
            Err(Fault::Unreadable("a name in the catalogue".to_owned()))
        }
    };
    let found: Vec<String> = row.into_iter().map(text).collect::<Result<_, _>>()?;
    found.try_into().map_err(|_| Fault::Unreadable("the catalogue".to_owned()))
}
