//! Whose database it is, and whether the server key opens it.

use crate::db::{Conn, Db, Fault, FromRow, RowReader, Tx, statement::sql};
use domain::{Timestamp, sealing::Sealed};
use std::{fmt, str::FromStr};

/// For both databases.
mod shared {
    refinery::embed_migrations!("migrations");
}

/// What cannot be said in the language both share. The folders hold the same
/// names, and no number is in the shared one.
mod for_sqlite {
    refinery::embed_migrations!("migrations-sqlite");
}

mod for_postgres {
    refinery::embed_migrations!("migrations-postgres");
}

/// Whose migrations are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// Grouped: a migration and the record of it are one transaction, so that a
/// crash leaves both or neither.
pub(crate) fn migrations(dialect: Dialect) -> refinery::Runner {
    let own = match dialect {
        Dialect::Sqlite => for_sqlite::migrations::runner(),
        Dialect::Postgres => for_postgres::migrations::runner(),
    };
    let shared = shared::migrations::runner();
    let mut all = [shared.get_migrations().as_slice(), own.get_migrations()].concat();
    all.sort();
    refinery::Runner::new(&all).set_grouped(true)
}

/// Those up to a version, to put rows of that version back.
pub(crate) fn migrations_to(dialect: Dialect, version: i32) -> refinery::Runner {
    migrations(dialect).set_target(refinery::Target::Version(version))
}

/// The first version of the schema that remembers when a backup was made.
const REMEMBERS_BACKUPS: i64 = 25;

/// The version of the schema that this program works with, on either database.
pub fn newest_schema() -> i64 {
    let all = migrations(Dialect::Sqlite);
    all.get_migrations().iter().map(|it| i64::from(it.version())).max().unwrap_or_default()
}

/// Development databases and real ones refuse each other's commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Dev,
    Serve,
}

#[derive(Debug, Clone)]
pub struct Installation {
    pub mode: Mode,
    /// Opens with the right server key only.
    pub key_check: Sealed,
    /// Milliseconds to add to the machine's clock; only a development database has any.
    pub clock_offset: i64,
    /// Since when the version that the key check is under seals everything new.
    pub sealing_since: Timestamp,
}

/// # Errors
/// When the database fails, or has no such table yet.
pub async fn find(conn: &mut Conn) -> Result<Option<Installation>, Fault> {
    conn.sql(sql!("SELECT mode, key_check, clock_offset, sealing_since FROM installation WHERE name = $1"))
        .bind(&"this".to_owned())
        .optional()
        .await
}

/// Marks a database; `false` when it has a mark already.
///
/// # Errors
/// When the database fails.
pub async fn mark(tx: &mut Tx, mode: Mode, key_check: &Sealed, now: Timestamp) -> Result<bool, Fault> {
    let marked = tx
        .sql(sql!(
            "INSERT INTO installation (name, mode, key_check, clock_offset, created_at)
             VALUES ($1, $2, $3, 0, $4) ON CONFLICT DO NOTHING"
        ))
        .bind(&"this".to_owned())
        .bind(&mode.to_string())
        .bind(key_check)
        .bind(&now)
        .execute()
        .await?;
    Ok(marked == 1)
}

/// Says under which version of the server key everything new is sealed: the
/// one of the check. `false` when another was faster.
///
/// # Errors
/// When the database fails.
pub async fn change_key(tx: &mut Tx, before: &Sealed, check: &Sealed, now: Timestamp) -> Result<bool, Fault> {
    let changed = tx
        .sql(sql!(
            "UPDATE installation SET key_check = $2, sealing_since = $3 WHERE name = 'this' AND key_check = $1"
        ))
        .bind(before)
        .bind(check)
        .bind(&now)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Remembers that a backup was written. A schema from before this is known has
/// no room for it, and is left alone: `false`.
///
/// # Errors
/// When the database fails.
pub async fn backed_up(db: &Db, schema: i64, at: Timestamp) -> Result<bool, Fault> {
    if schema < REMEMBERS_BACKUPS {
        return Ok(false);
    }
    let mut tx = db.write().await?;
    tx.sql(sql!("UPDATE installation SET backed_up_at = $1 WHERE name = 'this' AND backed_up_at < $1"))
        .bind(&at)
        .execute()
        .await?;
    tx.commit().await?;
    Ok(true)
}

/// When this database was last put back to an earlier moment; none where it never was.
///
/// # Errors
/// When the database fails.
pub async fn restored_at(conn: &mut Conn) -> Result<Option<Timestamp>, Fault> {
    let found: Option<Timestamp> =
        conn.sql(sql!("SELECT restored_at FROM installation WHERE name = 'this'")).optional().await?;
    Ok(found.filter(|it| it.milliseconds() > 0))
}

/// Puts another content under the check, and changes nothing else. `false` when another was faster.
///
/// # Errors
/// When the database fails.
pub async fn change_check(tx: &mut Tx, before: &Sealed, check: &Sealed) -> Result<bool, Fault> {
    let changed = tx
        .sql(sql!("UPDATE installation SET key_check = $2 WHERE name = 'this' AND key_check = $1"))
        .bind(before)
        .bind(check)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Moves the development clock.
///
/// # Errors
/// When the database fails.
pub async fn set_clock_offset(tx: &mut Tx, milliseconds: i64) -> Result<(), Fault> {
    tx.sql(sql!("UPDATE installation SET clock_offset = $1 WHERE name = 'this' AND mode = 'dev'"))
        .bind(&milliseconds)
        .execute()
        .await?;
    Ok(())
}

impl FromRow for Installation {
    fn from_row(row: &mut RowReader) -> Result<Self, Fault> {
        let mode: String = row.take()?;
        let mode = mode.parse().map_err(|_| Fault::Unreadable("the mode of the installation".to_owned()))?;
        Ok(Self { mode, key_check: row.take()?, clock_offset: row.take()?, sealing_since: row.take()? })
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dev => "dev",
            Self::Serve => "serve",
        })
    }
}

impl FromStr for Mode {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "dev" => Ok(Self::Dev),
            "serve" => Ok(Self::Serve),
            _ => Err("not an installation mode"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_have_the_same_migrations_each_number_once() {
        let names = |dialect| {
            let all = migrations(dialect).get_migrations().clone();
            all.iter().map(|it| (it.version(), it.name().to_owned())).collect::<Vec<_>>()
        };
        let found = names(Dialect::Sqlite);
        assert_eq!(found, names(Dialect::Postgres));
        assert!(found.is_sorted_by(|one, next| one.0 < next.0), "{found:?}");
    }
}
