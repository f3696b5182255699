//! The two databases that everything must work on.

use crate::{Outcome, args::Choice, postgres::Postgres};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

impl Choice for Database {
    const ALL: &'static [Self] = &[Self::Sqlite, Self::Postgres];

    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

impl Database {
    /// An empty one: none to name for SQLite, which lies in the data directory, or a URL.
    pub fn fresh(self, postgres: &Postgres, name: &str) -> Outcome<Option<String>> {
        match self {
            Self::Sqlite => Ok(None),
            Self::Postgres => postgres.create_database(name).map(Some),
        }
    }
}
