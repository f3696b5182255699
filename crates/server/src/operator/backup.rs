//! Backups: making one beside a running server, proving it, putting it back.

mod restoring;

pub use restoring::restore;

use crate::{
    Failure, clock,
    command::backup::{Backup, BackupCommand},
    config::Config,
    database, key_file,
};
use delivery::{Mailer, Texts};
use domain::{
    backup::{Counts, Header},
    send_limits::Strictness,
    server_key::ServerKey,
};
use flows::{App, backup, secrets};
use std::{
    fs::File,
    io::{BufReader, BufWriter},
    path::Path,
};
use store::{Db, db::DatabaseUrl, installation::Mode};

/// What this program calls itself in a backup.
const PRODUCT: &str = env!("CARGO_PKG_VERSION");

/// # Errors
/// When the database or the file cannot be used, or the backup is refused.
pub async fn run(options: Backup) -> Result<(), Failure> {
    match (options.command, options.out) {
        (Some(BackupCommand::Verify { file, configured }), _) => {
            verify(&Config::load(&configured.config)?, &file).await
        }
        (None, Some(out)) => make(&Config::load(&options.configured.config)?, &out).await,
        (None, None) => Err("--out: the file to write".into()),
    }
}

/// Only a whole backup gets the name: until then it is a file beside it that
/// goes away, or after a crash begins with a dot and ends in `.partial`.
async fn make(config: &Config, out: &Path) -> Result<(), Failure> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", out.display());
    if out.exists() {
        return Err(named(&"it is there already").into());
    }
    let key = key_file::read(&config.server_key_file)?;
    let db = database::open_as_it_is(&config.database, Mode::Serve, &key).await?;
    let folder = out.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let partial = tempfile::Builder::new().prefix(".vestibule-").suffix(".partial").tempfile_in(folder);
    let mut partial = partial.map_err(|error| named(&error))?;
    let mut buffered = BufWriter::new(partial.as_file_mut());
    let written = backup::write(&db, &key, &mut buffered, (clock::machine(), PRODUCT)).await?;
    drop(buffered);
    partial.as_file().sync_all()?;
    partial.persist_noclobber(out).map_err(|failed| named(&failed.error))?;
    File::open(folder)?.sync_all()?;
    show(&written.header, &written.counts);
    for table in written.foreign {
        println!("left out  {table}: not a table of Vestibule");
    }
    println!("Wrote {}. Prove it: vestibule backup verify {0}", out.display());
    println!("It cannot be read without the server key, which is not in it: keep that apart.");
    Ok(())
}

async fn verify(config: &Config, file: &Path) -> Result<(), Failure> {
    let key = key_file::read(&config.server_key_file)?;
    let proved = prove(&key, file).await.map_err(|failure| format!("{}: {failure}", file.display()))?;
    show(&proved.0, &proved.1);
    println!("{} is whole, can be put back, and opens with this server key.", file.display());
    Ok(())
}

/// Reads it all, puts it into a database of its own, and opens everything sealed.
async fn prove(key: &ServerKey, file: &Path) -> Result<(Header, Counts), Failure> {
    backup::check(key, reader(file)?)?;
    let folder = tempfile::Builder::new().prefix("vestibule-verify-").tempdir()?; // its owner's alone
    let db = Db::open(&DatabaseUrl::Sqlite(folder.path().join("proof.db"))).await?;
    let loaded = backup::load(&db, key, reader(file)?).await?;
    let key = key.copied();
    let app = App::new(db, key, Texts::nowhere(), Mailer::Nowhere, Strictness::Strict);
    secrets::follow(&app).await?;
    flows::audit::keys::open(&app.db, &app.server_key, (clock::machine(), &mut clock::luck())).await?;
    let mut closed = Vec::new();
    for it in secrets::open_all(&app, clock::machine()).await? {
        if it.closed > 0 {
            closed.push(format!("{} of {} {} do not open", it.closed, it.opened + it.closed, it.kind));
        }
    }
    if closed.is_empty() {
        Ok((loaded.header, loaded.counts))
    } else {
        Err(format!("the server key opens the backup, but {}", closed.join(", ")).into())
    }
}

fn reader(file: &Path) -> Result<BufReader<File>, Failure> {
    Ok(BufReader::with_capacity(1 << 20, File::open(file)?))
}

fn show(header: &Header, counts: &Counts) {
    println!("made      {} by version {}", header.created_at, header.product);
    println!("schema    {}, sealed under v{} of the server key", header.schema, header.key_version);
    for (table, rows) in counts.rows.iter().filter(|(_, rows)| **rows > 0) {
        println!("{rows:>9}  {table}");
    }
}
