//! Where the audit log is exported to.

use super::{Raw, messages::secret};
use crate::Failure;
use delivery::{AuditSink, ConfigurationFault};
use secrecy::SecretString;
use std::{
    fs::File,
    path::{Path, PathBuf},
};

#[derive(Clone)]
pub struct AuditExport {
    pub destination: String,
    /// Events at a time, 1 to 1000.
    pub batch: usize,
    pub token: Option<SecretString>,
    pub authority: Option<PathBuf>,
}

impl AuditExport {
    /// What the progress is kept under: without a query, which may hold a token.
    pub fn name(&self) -> &str {
        self.destination.split('?').next().unwrap_or_default()
    }
}

pub(super) fn export(raw: &Raw, folder: &Path) -> Result<Option<AuditExport>, Failure> {
    let Some(it) = &raw.audit.export else { return Ok(None) };
    if !(1..=1000).contains(&it.batch) {
        return Err("audit.export.batch: 1 to 1000".into());
    }
    let is_file = !it.destination.contains("://") && it.destination != "-";
    let export = AuditExport {
        destination: if is_file {
            folder.join(&it.destination).display().to_string()
        } else {
            it.destination.clone()
        },
        batch: it.batch,
        token: it
            .token_file
            .as_ref()
            .map(|file| secret(folder, ("audit.export.token_file", file)))
            .transpose()?,
        authority: it.ca_file.as_ref().map(|file| folder.join(file)),
    };
    sink(&export).map_err(|error| format!("audit.export: {error}"))?;
    Ok(Some(export))
}

/// # Errors
/// Names the file that cannot be read, or says what a destination looks like.
pub fn sink(export: &AuditExport) -> Result<AuditSink, Failure> {
    if let Some(file) = &export.authority {
        File::open(file).map_err(|error| format!("ca_file: {}: {error}", file.display()))?;
    }
    let made = AuditSink::parse(&export.destination, export.token.clone(), export.authority.as_deref());
    made.map_err(|fault| match &export.authority {
        Some(file) if fault == ConfigurationFault::Certificates => {
            format!("ca_file: {}: {fault}", file.display()).into()
        }
        Some(_) | None if fault == ConfigurationFault::Url => format!(
            "{fault}; a destination is a file, `-`, an https URL, or syslog+tcp://, syslog+tls:// or \
             syslog+udp:// with a host"
        )
        .into(),
        Some(_) | None => fault.to_string().into(),
    })
}
