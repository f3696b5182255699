//! `vestibule init`.

use crate::{Failure, command::Init, config::TEMPLATE, key_file};
use std::{
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{self, Path},
};

const DATABASE: &str = "database = \"vestibule.db\"";
const KEYS: &str = "# organization_keys_dir = \"/var/lib/vestibule/organization-keys\"";

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
        .mode(0o600) // it may come to hold a password
        .open(&config)
        .map_err(|error| format!("{}: {error}", config.display()))?;
    file.write_all(text(options.data.as_deref())?.as_bytes())?;
    key_file::create(&key)?;
    println!("Wrote {} and {}.", config.display(), key.display());
    println!("Keep the key apart from the database's backups; without it the data cannot be read.");
    println!(
        "The server reads both as the user who owns them: you, unless you give them to another (chown)."
    );
    println!("Next: edit {0}, then vestibule check-config --config {0}", config.display());
    println!("then: vestibule project create --name NAME --env test --config {}", config.display());
    println!("then: vestibule serve --config {}", config.display());
    Ok(())
}

/// The template; with what the server writes in a folder of its own, if there is one.
fn text(data: Option<&Path>) -> Result<String, Failure> {
    let Some(data) = data else { return Ok(TEMPLATE.to_owned()) };
    let data = path::absolute(data)?;
    let line = |key: &str, name: &str| -> Result<String, Failure> {
        let place = data.join(name).into_os_string().into_string();
        let place = place.map_err(|it| format!("--data: {} is not UTF-8", it.display()))?;
        Ok(format!("{key} = {}", toml::Value::String(place)))
    };
    Ok(TEMPLATE
        .replace(DATABASE, &line("database", "vestibule.db")?)
        .replace(KEYS, &line("organization_keys_dir", "organization-keys")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_that_a_data_folder_replaces_are_in_the_template_once() {
        for line in [DATABASE, KEYS] {
            assert_eq!(TEMPLATE.lines().filter(|it| *it == line).count(), 1, "{line}");
        }
    }
}
