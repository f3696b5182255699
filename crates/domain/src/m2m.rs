//! Machine-to-machine clients: programs of the project's customers that hold a secret of their own.

pub mod claims_template;
pub mod client_id;
pub mod scopes;
pub mod secret;
pub mod token;

use crate::{Refusal, Timestamp, digest::Digest, id::ProjectId, metadata::Metadata};
use client_id::ClientId;
use scopes::Scopes;
use std::{fmt, str::FromStr};

/// A client as it is kept: of its secrets there are digests only.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    pub project_id: ProjectId,
    pub client_id: ClientId,
    pub name: String,
    pub description: String,
    pub status: Status,
    pub scopes: Scopes,
    pub trusted_metadata: Metadata,
    pub secret_digest: Digest,
    pub secret_last_four: String,
    /// Chosen by people or another system, so it might be guessed; ours cannot be.
    pub secret_is_imported: bool,
    /// Ours always; there while the secret is being rotated.
    pub next_secret_digest: Option<Digest>,
    pub next_secret_last_four: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// An inactive client gets no tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Active,
    Inactive,
}

const LONGEST_NAME: usize = 256;
const LONGEST_DESCRIPTION: usize = 1024;

/// # Errors
/// `M2mClientInvalidClientName` for more than 256 characters.
pub fn checked_name(name: String) -> Result<String, Refusal> {
    let fits = name.chars().count() <= LONGEST_NAME;
    if fits { Ok(name) } else { Err(Refusal::M2mClientInvalidClientName) }
}

/// # Errors
/// `M2mClientInvalidClientDescription` for more than 1024 characters.
pub fn checked_description(description: String) -> Result<String, Refusal> {
    let fits = description.chars().count() <= LONGEST_DESCRIPTION;
    if fits { Ok(description) } else { Err(Refusal::M2mClientInvalidClientDescription) }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
        })
    }
}

impl FromStr for Status {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        match text {
            "active" => Ok(Self::Active),
            "inactive" => Ok(Self::Inactive),
            _ => Err(Refusal::M2mClientInvalidStatus),
        }
    }
}
