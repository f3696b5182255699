//! `vestibule check-config`.

use crate::{Failure, config::Config, key_file, places, telemetry};
use std::path::Path;

/// Reads everything the configuration names, looks whether its places can be
/// written, and prints the values that hold.
///
/// # Errors
/// Names what is wrong.
pub fn run(path: &Path) -> Result<(), Failure> {
    let config = Config::load(path)?;
    key_file::read(&config.server_key_file)?;
    if let Some((certificate, key)) = &config.tls {
        for file in [certificate, key] {
            std::fs::metadata(file).map_err(|error| format!("tls: {}: {error}", file.display()))?;
        }
    }
    places::check(&config)?;
    println!("{}", config.effective()?);
    println!("# Traces: {}.", telemetry::described(config.traces.as_ref()));
    config
        .warnings
        .iter()
        .chain(&places::stranger(&config))
        .for_each(|it| eprintln!("vestibule: warning: {it}"));
    println!("# The configuration is complete.");
    Ok(())
}
