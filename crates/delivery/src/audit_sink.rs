//! Where exported audit events go: a file, HTTP, or syslog (RFC 5424).
//!
//! A batch is taken as a whole or sent again as a whole; every event carries an
//! id by which its receiver knows it.

mod syslog;

use crate::{
    fault::{ConfigurationFault, DeliveryFault},
    http,
};
use domain::Timestamp;
use reqwest::{Client, Url, header::CONTENT_TYPE};
use secrecy::{ExposeSecret, SecretString};
use std::path::{Path, PathBuf};
use syslog::Syslog;
use thiserror::Error;
use tokio::{
    fs::{File, OpenOptions},
    io::{AsyncWriteExt, stdout},
};

/// One event.
#[derive(Debug, Clone)]
pub struct AuditLine {
    pub json: String,
    pub at: Timestamp,
    pub action: String,
}

/// Why a destination did not take events. Repeats nothing of them.
#[derive(Debug, Error)]
pub enum AuditFault {
    #[error("the destination answered {0}")]
    Answered(u16),
    #[error("the destination could not be reached")]
    Unreachable,
    #[error("the destination did not answer in time")]
    TimedOut,
    #[error("the connection to the destination broke off")]
    BrokenOff,
    #[error("the events could not be written: {0}")]
    Unwritten(#[from] std::io::Error),
}

/// The network's faults; those that only messages have do not happen to events.
impl From<DeliveryFault> for AuditFault {
    fn from(fault: DeliveryFault) -> Self {
        match fault {
            DeliveryFault::Refused { status, .. } | DeliveryFault::Rejected { status, .. } => {
                Self::Answered(status)
            }
            DeliveryFault::TimedOut => Self::TimedOut,
            DeliveryFault::BrokenOff => Self::BrokenOff,
            DeliveryFault::Unreachable
            | DeliveryFault::Unsubscribed
            | DeliveryFault::InvalidNumber
            | DeliveryFault::InvalidMailbox
            | DeliveryFault::Unsendable
            | DeliveryFault::NoProvider
            | DeliveryFault::Down => Self::Unreachable,
        }
    }
}

pub enum AuditSink {
    StandardOutput,
    /// Appended and synced.
    File {
        path: PathBuf,
        open: Option<File>,
    },
    /// A POST of JSON lines; any 2xx takes them.
    Http {
        client: Client,
        url: Url,
        token: Option<SecretString>,
    },
    Syslog(Syslog),
}

impl AuditSink {
    /// Reads `-`, an https URL, `syslog+tcp://host:port` (or `+tls`, `+udp`), or the path of a file.
    ///
    /// # Errors
    /// For a URL that cannot be.
    pub fn parse(
        text: &str,
        token: Option<SecretString>,
        authority: Option<&Path>,
    ) -> Result<Self, ConfigurationFault> {
        if text == "-" {
            return Ok(Self::StandardOutput);
        }
        if text.starts_with("syslog+") {
            return Ok(Self::Syslog(Syslog::parse(text, authority)?));
        }
        if text.contains("://") {
            let url = http::endpoint(text)?;
            return Ok(Self::Http { client: http::client(&url)?, url, token });
        }
        Ok(Self::File { path: PathBuf::from(text), open: None })
    }

    /// # Errors
    /// When not all of them were taken, as far as is known.
    pub async fn send(&mut self, lines: &[AuditLine]) -> Result<(), AuditFault> {
        match self {
            Self::StandardOutput => {
                let mut out = stdout();
                let written = async {
                    out.write_all(&joined(lines)).await?;
                    out.flush().await
                };
                Ok(written.await?)
            }
            Self::File { path, open } => append(path, open, lines).await,
            Self::Http { client, url, token } => post(client, url, token.as_ref(), lines).await,
            Self::Syslog(syslog) => Ok(syslog.send(lines).await?),
        }
    }
}

fn joined(lines: &[AuditLine]) -> Vec<u8> {
    lines.iter().flat_map(|it| [it.json.as_bytes(), b"\n"].concat()).collect()
}

/// After a failure the file is opened again: what was cut short is its own line.
async fn append(path: &Path, open: &mut Option<File>, lines: &[AuditLine]) -> Result<(), AuditFault> {
    let written = async {
        let mut text = Vec::new();
        let mut file = if let Some(file) = open.take() {
            file
        } else {
            let file = OpenOptions::new().create(true).append(true).open(path).await?;
            if file.metadata().await?.len() > 0 {
                text.push(b'\n');
            }
            file
        };
        text.extend(joined(lines));
        file.write_all(&text).await?;
        file.sync_data().await?;
        Ok::<_, std::io::Error>(file)
    };
    *open = Some(written.await?);
    Ok(())
}

async fn post(
    client: &Client,
    url: &Url,
    token: Option<&SecretString>,
    lines: &[AuditLine],
) -> Result<(), AuditFault> {
    let request = client.post(url.clone()).header(CONTENT_TYPE, "application/x-ndjson").body(joined(lines));
    let request = match token {
        Some(token) => request.bearer_auth(token.expose_secret()),
        None => request,
    };
    let status = http::call(request).await?.status();
    if status.is_success() { Ok(()) } else { Err(AuditFault::Answered(status.as_u16())) }
}
