//! Backups: making one beside a running server, proving it, putting it back.

mod new_file;
mod proving;
mod restoring;

pub use new_file::new_file;
pub use restoring::restore;

use crate::{
    Failure, clock,
    command::backup::{Backup, BackupCommand},
    config::Config,
    database, key_file, serve,
};
use domain::{
    Timestamp,
    backup::{Counts, Header},
};
use flows::{backup, organization_keys::Kept};
use std::{fs::File, io::BufReader, path::Path};
use store::installation::{self, Mode};

/// What this program calls itself in a backup.
const PRODUCT: &str = env!("CARGO_PKG_VERSION");

/// # Errors
/// When the database or the file cannot be used, or the backup is refused.
pub async fn run(options: Backup) -> Result<(), Failure> {
    match (options.command, options.out) {
        (Some(BackupCommand::Verify { file, keys, configured }), _) => {
            proving::verify(&Config::load(&configured.config)?, &file, keys.as_deref()).await
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
    if !installation::backed_up(&db, written.header.schema, clock::machine()).await? {
        println!("The database is of an older version and cannot remember that it was backed up.");
    }
    show(&written.header, &written.counts);
    for table in written.foreign {
        println!("left out  {table}: not a table of Vestibule");
    }
    println!("Wrote {}. Prove it: vestibule backup verify {0}", out.display());
    println!("It cannot be read without the server key, which is not in it: keep that apart.");
    match &config.organization_keys {
        Kept::InFolder(folder) => {
            let place = std::path::absolute(folder.path())?;
            let yet = if place.exists() { "" } else { ", which is made when the first member enrols" };
            println!("Nor are the keys of organizations: keep {}{yet}, or", place.display());
            println!("what `vestibule backup keys --out FILE` writes of it.");
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

fn reader(file: &Path) -> Result<BufReader<File>, Failure> {
    Ok(BufReader::with_capacity(1 << 20, File::open(file)?))
}

fn show(header: &Header, counts: &Counts) {
    println!("made      {} by version {}{}", header.created_at, header.product, age(header));
    println!("schema    {}, sealed under v{} of the server key", header.schema, header.key_version);
    for (table, rows) in counts.rows.iter().filter(|(_, rows)| **rows > 0) {
        println!("{rows:>9}  {table}");
    }
}

fn age(header: &Header) -> String {
    let Ok(made) = header.created_at.parse::<Timestamp>() else { return String::new() };
    let hours = (clock::machine().milliseconds() - made.milliseconds()).max(0) / 3_600_000;
    if hours < 48 { format!(", {hours} hours ago") } else { format!(", {} days ago", hours / 24) }
}
