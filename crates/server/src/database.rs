//! Whose database it is: opening it, claiming it, trusting its key.

use crate::{Failure, clock};
use domain::{sealing::Sealed, server_key::ServerKey};
use flows::secrets::KEY_CHECK;
use std::{
    fs::{File, TryLockError},
    path::PathBuf,
    time::{Duration, Instant},
};
use store::{
    Db,
    db::DatabaseUrl,
    installation::{self, Mode},
    restoring,
};

const TABLE: &str = "installation";
/// Made before every other table.
const FIRST_TABLE: &str = "refinery_schema_history";
/// How long another node may take between making the tables and marking them.
const MARKING: Duration = Duration::from_secs(5);

/// Opens a database for a mode and brings its schema up to date. A database
/// of the other mode, with tables of something else, or into which a backup was
/// put half-way, is refused untouched.
///
/// # Errors
/// Says whose database it seems to be, or that the server key does not open it.
pub async fn open(url: &DatabaseUrl, mode: Mode, key: &ServerKey) -> Result<Db, Failure> {
    let db = Db::open(url).await.map_err(|fault| format!("database: {url}: {fault}"))?;
    is_whole(&db, url).await?;
    take(db, url, mode, key).await
}

/// The same for a database whose restore is under way, by whoever restores it.
///
/// # Errors
/// As of [`open`].
pub async fn take(db: Db, url: &DatabaseUrl, mode: Mode, key: &ServerKey) -> Result<Db, Failure> {
    belongs_to(&db, url, mode).await?;
    db.migrate().await.map_err(|fault| format!("database: {url}: {fault}"))?;
    claim(&db, url, mode, key).await?;
    flows::audit::keys::open(&db, key, (clock::machine(), &mut clock::luck())).await?;
    Ok(db)
}

/// Opens a database for a mode and leaves its schema as it is.
///
/// # Errors
/// As of [`open`], and when there is none.
pub async fn open_as_it_is(url: &DatabaseUrl, mode: Mode, key: &ServerKey) -> Result<Db, Failure> {
    if let DatabaseUrl::Sqlite(path) = url
        && !path.exists()
    {
        return Err(format!("database: {url}: there is no such file").into());
    }
    let db = Db::open(url).await.map_err(|fault| format!("database: {url}: {fault}"))?;
    is_whole(&db, url).await?;
    is_for(mode, marked(&db).await?, url)?;
    trust(&db, url, key).await?;
    Ok(db)
}

/// Refuses a database whose restore did not end: what works once might work again.
async fn is_whole(db: &Db, url: &DatabaseUrl) -> Result<(), Failure> {
    if !restoring::is_under_way(db).await? {
        return Ok(());
    }
    Err(format!(
        "a restore into {url} was begun and has not ended, so nothing uses it. Run `vestibule restore` again, with \
         --replace \"{url}\""
    )
    .into())
}

/// Removes everything from a development database.
///
/// # Errors
/// When the database is not marked as one.
pub async fn reset(url: &DatabaseUrl) -> Result<(), Failure> {
    let db = Db::open(url).await.map_err(|fault| format!("database: {url}: {fault}"))?;
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

/// Refuses a database of another mode, or with tables of something else.
///
/// # Errors
/// Says whose it seems to be.
pub async fn belongs_to(db: &Db, url: &DatabaseUrl, mode: Mode) -> Result<(), Failure> {
    if db.tables().await?.is_empty() { Ok(()) } else { is_for(mode, marked(db).await?, url) }
}

fn is_for(wanted: Mode, found: Option<Mode>, url: &DatabaseUrl) -> Result<(), Failure> {
    match (found, wanted) {
        (Some(found), wanted) if found == wanted => Ok(()),
        (Some(Mode::Dev), _) => {
            Err(format!("{url} is a development database; its credentials are public. Choose another.")
                .into())
        }
        (Some(Mode::Serve), _) => {
            Err(format!("{url} is in real use; `dev` keeps its hands off it. Choose another.").into())
        }
        (None, _) => {
            Err(format!("{url} holds tables that are not Vestibule's. Choose an empty database.").into())
        }
    }
}

/// The mark of a database with tables. Nodes that start together share an
/// empty one: whoever finds the tables of another waits for the mark.
async fn marked(db: &Db) -> Result<Option<Mode>, Failure> {
    let since = Instant::now();
    loop {
        let tables = db.tables().await?;
        let has = |table: &str| tables.iter().any(|it| it == table);
        if has(TABLE)
            && let Some(found) = installation::find(&mut db.read().await?).await?
        {
            return Ok(Some(found.mode));
        }
        if !has(FIRST_TABLE) || since.elapsed() > MARKING {
            return Ok(None);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn claim(db: &Db, url: &DatabaseUrl, mode: Mode, key: &ServerKey) -> Result<(), Failure> {
    let mut tx = db.write().await?;
    let check = Sealed::seal(key, &KEY_CHECK, b"vestibule", &mut clock::luck())?;
    installation::mark(&mut tx, mode, &check, clock::machine()).await?;
    tx.commit().await?;
    is_for(mode, marked(db).await?, url)?;
    trust(db, url, key).await
}

async fn trust(db: &Db, url: &DatabaseUrl, key: &ServerKey) -> Result<(), Failure> {
    let found = installation::find(&mut db.read().await?).await?.ok_or("the database lost its mark")?;
    found.key_check.open(key, &KEY_CHECK).map_err(|_| {
        format!(
            "the server key does not open {url}: it belongs to another key file (development data: --reset)"
        )
    })?;
    Ok(key.seal_with(found.key_check.version())?)
}
