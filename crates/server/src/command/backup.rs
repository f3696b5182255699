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
    /// Prove a backup: read every line, put it into a database of its own, open everything sealed, and replay the audit log.
    Verify {
        file: PathBuf,
        /// Keys of organizations, from what `vestibule backup keys` wrote, beside those that are here.
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
        #[command(flatten)]
        configured: Configured,
    },
    /// Back up the keys of organizations, from wherever they are kept. Keep them apart from the backups.
    Keys {
        /// The file to write; it must not be there yet.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        configured: Configured,
    },
}

/// The verbs about whole organizations.
#[derive(Subcommand)]
pub enum OrganizationCommand {
    /// Write everything of an organization into a file, a JSON line a row.
    Export {
        #[command(flatten)]
        of: OneOrganization,
        /// The file to write; it must not be there yet.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// With password hashes, and the secrets of authenticator apps and recovery codes in clear.
        #[arg(long)]
        with_secrets: bool,
    },
    /// Delete everything of an organization and destroy its key, so that backups forget its secrets too.
    Erase {
        #[command(flatten)]
        of: OneOrganization,
        /// The organization's slug, once more. There is no way back.
        #[arg(long, value_name = "SLUG")]
        confirm: String,
    },
}

#[derive(Args)]
pub struct OneOrganization {
    /// Can be left out where there is only one.
    #[arg(long, value_name = "PROJECT_ID")]
    pub project: Option<String>,
    /// Id, slug or external id; of a deleted one, the id.
    #[arg(long)]
    pub organization: String,
    #[command(flatten)]
    pub configured: Configured,
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
    /// Put the keys of organizations back too, from what `vestibule backup keys` wrote.
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// Go on where keys of organizations are missing: their members' authenticator apps, and recovery codes that
    /// can be read back, are lost, and are set up anew.
    #[arg(long, conflicts_with = "void_only")]
    pub without_keys: bool,
    /// Leave unused recovery codes valid, although some may have been used since the backup.
    #[arg(long)]
    pub keep_recovery_codes: bool,
    #[command(flatten)]
    pub configured: Configured,
}
