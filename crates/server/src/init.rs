//! `vestibule init`.

use crate::{Failure, command::Init, config::TEMPLATE, key_file};
use std::{fs, io::Write};

/// Writes a commented configuration file and a server key; neither replaces one that is there.
///
/// # Errors
/// When a file is there or cannot be written.
pub fn run(options: &Init) -> Result<(), Failure> {
    fs::create_dir_all(&options.dir)?;
    let (config, key) = (options.dir.join("vestibule.toml"), options.dir.join("server.key"));
    if key.exists() {
        return Err(
            format!("{} is there already; a new key would not open the old data", key.display()).into()
        );
    }
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&config)
        .map_err(|error| format!("{}: {error}", config.display()))?;
    file.write_all(TEMPLATE.as_bytes())?;
    key_file::create(&key)?;
    println!("Wrote {} and {}.", config.display(), key.display());
    println!("Keep the key apart from the database's backups; without it the data cannot be read.");
    println!("Next: vestibule project create --name NAME --env test --config {}", config.display());
    println!("then: vestibule serve --config {}", config.display());
    Ok(())
}
