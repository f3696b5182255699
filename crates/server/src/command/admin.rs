//! The verbs about administration as code.

use super::{Configured, keys::span};
use clap::{Args, Subcommand};
use domain::time::Span;
use std::path::PathBuf;

#[derive(Args)]
pub struct Apply {
    /// The document, TOML, or JSON if its name ends so. `project export` prints one.
    pub file: PathBuf,
    /// Can be left out where there is only one.
    #[arg(long, value_name = "PROJECT_ID")]
    pub project: Option<String>,
    /// Print what would change and change nothing. The exit code is 2 when something would.
    #[arg(long)]
    pub dry_run: bool,
    /// Print the changes as JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub configured: Configured,
}

#[derive(Subcommand)]
pub enum AdminTokenCommand {
    /// Make a token for the admin API; it is printed once.
    Create {
        /// Whose it is, or what for.
        #[arg(long)]
        name: String,
        /// How long it lasts; 366d at most.
        #[arg(long, default_value = "90d", value_parser = span, value_name = "TIME")]
        lasts: Span,
        #[command(flatten)]
        configured: Configured,
    },
    /// Print what tells the tokens apart, and until when they last.
    List(Configured),
    /// End a token at once.
    Revoke {
        /// As `admin-token list` prints it.
        id: String,
        #[command(flatten)]
        configured: Configured,
    },
}
