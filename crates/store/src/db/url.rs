//! Where the database is.

use std::{fmt, path::PathBuf, str::FromStr};
use thiserror::Error;

/// `sqlite:PATH`, `PATH`, or `postgres://…`. Prints without a password.
#[derive(Clone)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    Postgres(Box<tokio_postgres::Config>),
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a database is a path, sqlite:PATH or postgres://user@host/name: {0}")]
pub struct NotADatabaseUrl(String);

impl FromStr for DatabaseUrl {
    type Err = NotADatabaseUrl;
    fn from_str(text: &str) -> Result<Self, NotADatabaseUrl> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            // The driver's message can quote the URL, which can hold a password.
            let config =
                text.parse().map_err(|_| NotADatabaseUrl("the PostgreSQL URL cannot be read".to_owned()))?;
            return Ok(Self::Postgres(Box::new(config)));
        }
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text);
        // Every connection would open an in-memory database of its own.
        if path.is_empty() || path.contains("://") || path.starts_with(':') {
            return Err(NotADatabaseUrl("unknown scheme".to_owned()));
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(config) => {
                write!(f, "postgres, database {}", config.get_dbname().unwrap_or("(default)"))
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
