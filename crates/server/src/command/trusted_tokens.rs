//! The verbs about trusted issuers.

use super::Configured;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum TrustedTokenCommand {
    /// Trust an issuer: its tokens open sessions. The id of the profile is printed.
    Create(Box<CreateProfile>),
    /// Print the profiles of a project, one JSON object a line.
    List {
        /// Can be left out where there is only one.
        #[arg(long, value_name = "PROJECT_ID")]
        project: Option<String>,
        #[command(flatten)]
        configured: Configured,
    },
    /// Trust an issuer no more. Sessions that are open go on.
    Delete {
        /// Can be left out where there is only one.
        #[arg(long, value_name = "PROJECT_ID")]
        project: Option<String>,
        profile_id: String,
        #[command(flatten)]
        configured: Configured,
    },
}

#[derive(Args)]
pub struct CreateProfile {
    /// Can be left out where there is only one.
    #[arg(long, value_name = "PROJECT_ID")]
    pub project: Option<String>,
    #[arg(long)]
    pub name: String,
    /// Exactly what `iss` holds.
    #[arg(long)]
    pub issuer: String,
    /// Exactly what stands in `aud`.
    #[arg(long)]
    pub audience: String,
    /// Where the issuer publishes its keys.
    #[arg(long, value_name = "URL", required_unless_present = "public_keys", conflicts_with = "public_keys")]
    pub jwks_url: Option<String>,
    /// A PEM file of one public key; may be repeated.
    #[arg(long = "public-key", value_name = "FILE")]
    pub public_keys: Vec<PathBuf>,
    /// The claim that holds the member's address.
    #[arg(long, default_value = "email")]
    pub email_claim: String,
    /// The claim that holds the member's external id; members are then found by it first.
    #[arg(long)]
    pub external_id_claim: Option<String>,
    /// The claim that names the organization; empty for none.
    #[arg(long, default_value = "organization_id")]
    pub organization_claim: String,
    /// The claim that holds the token's own id.
    #[arg(long, default_value = "jti")]
    pub token_id_claim: String,
    /// Make members of unknown addresses, in the organization the token names.
    #[arg(long)]
    pub can_jit_provision: bool,
    /// Do not trust the issuer with second factors: one that is due must come along in a session.
    #[arg(long)]
    pub requires_second_factor: bool,
    #[command(flatten)]
    pub configured: Configured,
}
