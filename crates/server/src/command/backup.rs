//! The verbs about backups.

use super::Configured;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Backup {
    #[command(subcommand)]
    pub command: Option<BackupCommand>,
    /// The file to write; it must not be there yet.
    #[arg(long, value_name = "FILE", required = true)]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub configured: Configured,
}

#[derive(Subcommand)]
pub enum BackupCommand {
    /// Prove a backup: read every line, put it into a database of its own, and open everything sealed.
    Verify {
        file: PathBuf,
        #[command(flatten)]
        configured: Configured,
    },
}

#[derive(Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["file", "void_only"]))]
pub struct Restore {
    /// A backup, as `vestibule backup` wrote it.
    pub file: Option<PathBuf>,
    /// Put nothing back: make void what works once, after PostgreSQL's own tools put the database back.
    #[arg(long)]
    pub void_only: bool,
    /// Throw away what the database holds. Repeat its name here, as the refusal without this prints it.
    #[arg(long, value_name = "DATABASE", conflicts_with = "void_only")]
    pub replace: Option<String>,
    /// Leave unused recovery codes valid, although some may have been used since the backup.
    #[arg(long)]
    pub keep_recovery_codes: bool,
    #[command(flatten)]
    pub configured: Configured,
}
