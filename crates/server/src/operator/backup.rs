//! Backups: making one beside a running server, proving it, putting it back.

mod new_file;
mod restoring;

pub use new_file::new_file;
pub use restoring::restore;

use crate::{
    Failure, clock,
    command::backup::{Backup, BackupCommand},
    config::Config,
    database, key_file, serve,
};
use delivery::{Mailer, Texts};
use domain::{
    backup::{Counts, Header},
    send_limits::Strictness,
    server_key::ServerKey,
};
use flows::{
    App, backup,
    organization_keys::{Kept, OrganizationKeys},
    secrets,
};
use std::{fs::File, io::BufReader, path::Path};
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
        (Some(BackupCommand::Keys { out, configured }), _) => {
            make_keys(&Config::load(&configured.config)?, &out).await
        }
        (None, Some(out)) => make(&Config::load(&options.configured.config)?, &out).await,
        (None, None) => Err("--out: the file to write".into()),
    }
}

async fn make(config: &Config, out: &Path) -> Result<(), Failure> {
    let key = key_file::read(&config.server_key_file)?;
    let db = database::open_as_it_is(&config.database, Mode::Serve, &key).await?;
    let mut file = new_file(out)?;
    let written = backup::write(&db, &key, &mut file, (clock::machine(), PRODUCT)).await?;
    file.keep()?;
    show(&written.header, &written.counts);
    for table in written.foreign {
        println!("left out  {table}: not a table of Vestibule");
    }
    println!("Wrote {}. Prove it: vestibule backup verify {0}", out.display());
    println!("It cannot be read without the server key, which is not in it: keep that apart.");
    match &config.organization_keys {
        Kept::InFolder(folder) => {
            println!("Nor are the keys of organizations: keep {}.", folder.path().display());
        }
        Kept::InDatabase => println!("Nor are the keys of organizations: vestibule backup keys --out FILE"),
    }
    Ok(())
}

async fn make_keys(config: &Config, out: &Path) -> Result<(), Failure> {
    let app = serve::open(config).await?;
    let mut file = new_file(out)?;
    let count = backup::write_keys(&app, &mut file, (clock::machine(), PRODUCT)).await?;
    file.keep()?;
    println!("Wrote {count} keys to {}. Keep them apart from the backups.", out.display());
    Ok(())
}

async fn verify(config: &Config, file: &Path) -> Result<(), Failure> {
    let key = key_file::read(&config.server_key_file)?;
    let proved =
        prove(config, &key, file).await.map_err(|failure| format!("{}: {failure}", file.display()))?;
    show(&proved.0, &proved.1);
    println!("{} is whole, can be put back, and opens with this server key.", file.display());
    Ok(())
}

/// Reads it all, puts it into a database of its own, and opens everything sealed.
async fn prove(config: &Config, key: &ServerKey, file: &Path) -> Result<(Header, Counts), Failure> {
    backup::check(key, reader(file)?)?;
    let folder = tempfile::Builder::new().prefix("vestibule-verify-").tempdir()?; // its owner's alone
    let db = Db::open(&DatabaseUrl::Sqlite(folder.path().join("proof.db"))).await?;
    let loaded = backup::load(&db, key, reader(file)?).await?;
    let key = key.copied();
    let mut app = App::new(db, key, Texts::nowhere(), Mailer::Nowhere, Strictness::Strict);
    app.organization_keys = OrganizationKeys::kept(config.organization_keys.clone());
    secrets::follow(&app).await?;
    flows::audit::keys::open(&app.db, &app.server_key, (clock::machine(), &mut clock::luck())).await?;
    let mut closed = Vec::new();
    for it in secrets::open_all(&app, clock::machine()).await? {
        if it.keyless > 0 {
            println!(
                "{} {} are under keys of organizations that are not here, or were erased",
                it.keyless, it.kind
            );
        }
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
