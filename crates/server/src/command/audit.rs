//! The verbs of the audit log.

use super::{Configured, keys::span};
use clap::{Args, Subcommand};
use domain::{audit::key::PublicKey, time::Span};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Read every chain and say which row is the first bad one, if any is; exits with 1 then.
    Verify(Verify),
    /// Print the public keys that check signed heads.
    Key(Configured),
    /// Replace the key that proves the log. What the old one proved stays proved; running servers follow.
    RotateKey {
        /// How long servers are given to take the new key up before it proves; 15s at least.
        #[arg(long, default_value = "1m", value_parser = span, value_name = "TIME")]
        activate_after: Span,
        #[command(flatten)]
        configured: Configured,
    },
    /// Print signed heads, one document a line, as the heads file holds them.
    Heads {
        /// Only documents after this number.
        #[arg(long, default_value_t = 0, value_name = "NUMBER")]
        after: i64,
        #[command(flatten)]
        configured: Configured,
    },
    /// Write events as OCSF JSON lines.
    Export(Export),
}

#[derive(Args)]
pub struct Verify {
    /// Only the chains of this project.
    #[arg(long, value_name = "PROJECT_ID")]
    pub project: Option<String>,
    /// Only the chain of this organization: id, slug or external id.
    #[arg(long, requires = "project")]
    pub organization: Option<String>,
    /// Signed heads kept outside the database; shows what was rolled back.
    #[arg(long, value_name = "FILE")]
    pub heads: Option<PathBuf>,
    /// Print each good chain, its length and its head.
    #[arg(long)]
    pub chains: bool,
    /// An exported file, instead of the database: nothing else is needed, no key file and no configuration.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["project", "organization", "chains"])]
    pub export: Option<PathBuf>,
    /// With --export and --heads: what `audit key` printed. Later versions are introduced by the heads themselves.
    #[arg(long, value_name = "KEY", requires = "export")]
    pub public_key: Vec<PublicKey>,
    #[command(flatten)]
    pub configured: Configured,
}

#[derive(Args)]
pub struct Export {
    /// FILE, `-`, https://…, or syslog+tcp://, syslog+tls://, syslog+udp:// with host and port.
    #[arg(long, value_name = "DESTINATION")]
    pub to: String,
    /// Only the chains of this project.
    #[arg(long, value_name = "PROJECT_ID")]
    pub project: Option<String>,
    /// Where it is kept how far each chain was written; the next run goes on from there.
    #[arg(long, value_name = "FILE")]
    pub cursor_file: Option<PathBuf>,
    /// Go on writing what happens, until interrupted.
    #[arg(long)]
    pub follow: bool,
    /// For https: a file with the bearer token, readable by its owner alone.
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// For syslog+tls: the certificate authority, in PEM, instead of those of the web.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    #[command(flatten)]
    pub configured: Configured,
}
