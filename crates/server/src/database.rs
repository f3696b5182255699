//! Whose database it is: opening it, claiming it, trusting its key.

use crate::{Failure, clock};
use domain::{sealing::Sealed, server_key::ServerKey};
use std::{
    fs::{File, TryLockError},
    path::PathBuf,
};
use store::{
    Db,
    db::DatabaseUrl,
    installation::{self, Mode},
};

const KEY_CHECK: [&str; 2] = ["installation", "key_check"];
const TABLE: &str = "installation";

/// Opens a database for a mode and brings its schema up to date. A database
/// of the other mode, or with tables of something else, is refused untouched.
///
/// # Errors
/// Says whose database it seems to be, or that the server key does not open it.
pub async fn open(url: &DatabaseUrl, mode: Mode, key: &ServerKey) -> Result<Db, Failure> {
    let db = Db::open(url).await.map_err(|fault| format!("{url}: {fault}"))?;
    belongs_to(&db, url, mode).await?;
    db.migrate().await.map_err(|fault| format!("{url}: {fault}"))?;
    claim(&db, url, mode, key).await?;
    Ok(db)
}

/// Removes everything from a development database.
///
/// # Errors
/// When the database is not marked as one.
pub async fn reset(url: &DatabaseUrl) -> Result<(), Failure> {
    let db = Db::open(url).await.map_err(|fault| format!("{url}: {fault}"))?;
    belongs_to(&db, url, Mode::Dev).await?;
    Ok(db.drop_everything().await?)
}

/// One server at a time on a SQLite file; the lock ends with the process.
///
/// # Errors
/// When another server holds it.
pub fn lock(url: &DatabaseUrl) -> Result<Option<File>, Failure> {
    let DatabaseUrl::Sqlite(path) = url else { return Ok(None) };
    let mut name = path.clone().into_os_string();
    name.push(".lock");
    let path = PathBuf::from(name);
    let file = File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => {
            Err(format!("{url} is served by another process; SQLite is for one server at a time").into())
        }
        Err(TryLockError::Error(error)) => Err(format!("{}: {error}", path.display()).into()),
    }
}

async fn belongs_to(db: &Db, url: &DatabaseUrl, mode: Mode) -> Result<(), Failure> {
    let tables = db.tables().await?;
    if tables.is_empty() {
        return Ok(());
    }
    let marked = if tables.iter().any(|it| it == TABLE) {
        installation::find(&mut db.read().await?).await?.map(|it| it.mode)
    } else {
        None
    };
    match (marked, mode) {
        (Some(found), wanted) if found == wanted => Ok(()),
        (Some(Mode::Dev), Mode::Serve) => {
            Err(format!("{url} is a development database; its credentials are public. Choose another.")
                .into())
        }
        (Some(_), _) => {
            Err(format!("{url} is in real use; `dev` keeps its hands off it. Choose another.").into())
        }
        (None, _) => {
            Err(format!("{url} holds tables that are not Vestibule's. Choose an empty database.").into())
        }
    }
}

async fn claim(db: &Db, url: &DatabaseUrl, mode: Mode, key: &ServerKey) -> Result<(), Failure> {
    let mut tx = db.write().await?;
    let check = Sealed::seal(key, &KEY_CHECK, b"vestibule", &mut clock::luck())?;
    installation::mark(&mut tx, mode, &check, clock::machine()).await?;
    tx.commit().await?;
    let found = installation::find(&mut db.read().await?).await?.ok_or("the database lost its mark")?;
    found.key_check.open(key, &KEY_CHECK).map_err(|_| {
        format!(
            "the server key does not open {url}: it belongs to another key file (development data: --reset)"
        )
    })?;
    Ok(())
}
