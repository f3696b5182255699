//! The verbs of the command line.

pub mod admin;
pub mod audit;
pub mod backup;
pub mod doctor;
pub mod keys;
pub mod sms;
pub mod templates;
pub mod trace;
pub mod trusted_tokens;
pub mod webhooks;

use self::{
    admin::AdminTokenCommand,
    audit::AuditCommand,
    backup::{Backup, OrganizationCommand, Restore},
    keys::{KeysCommand, SecretCommand, SecretsCommand},
    sms::SmsCommand,
    templates::TemplateCommand,
    trusted_tokens::TrustedTokenCommand,
    webhooks::WebhookCommand,
};
use clap::{Args, Parser, Subcommand};
use domain::projects::Environment;
use std::{net::SocketAddr, path::PathBuf};
use store::db::DatabaseUrl;

/// Multi-tenant authentication with a second factor at its heart.
#[derive(Parser)]
#[command(name = "vestibule", version, about)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Start a development server with test data and a pocket telephone, on this machine only.
    Dev(Dev),
    /// Serve for real, as the configuration file says.
    Serve(Configured),
    /// Write a commented configuration file and a server key.
    Init(Init),
    /// Bring the database schema up to date. `serve` does so too.
    Migrate(Configured),
    /// Read the configuration and print what holds, without secrets.
    CheckConfig(Configured),
    /// Look whether all is well: configuration, key, database, clock, certificate, providers, backups, backlogs, members.
    ///
    /// Providers of texts and the mail server are asked whether they let this server in; nothing is sent. DKIM records are
    /// not looked up in the DNS.
    Doctor(doctor::Doctor),
    /// Ask a running server whether it is well; for container images without other tools.
    Health(doctor::Health),
    /// Create, show and change projects.
    #[command(subcommand)]
    Project(ProjectCommand),
    /// Help members who are locked out.
    #[command(subcommand)]
    Member(MemberCommand),
    /// List, replace and revoke the keys that sign JWTs.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Act in a member's name for an hour, to help them; printed once, opened once within five minutes.
    Impersonate(Impersonate),
    /// Replace the server key, which everything secret in the database hangs on.
    #[command(subcommand)]
    Secrets(SecretsCommand),
    /// Write everything as of one moment into a file, while servers run.
    Backup(Backup),
    /// Put a backup into an empty database of either kind; sessions and what works once are void afterwards.
    Restore(Restore),
    /// Export or erase everything of one organization.
    #[command(subcommand)]
    Organization(OrganizationCommand),
    /// Trust issuers whose tokens open sessions.
    #[command(subcommand)]
    TrustedTokenProfile(TrustedTokenCommand),
    /// Dress the mails of a project or an organization, or give them words of their own.
    #[command(subcommand)]
    Template(TemplateCommand),
    /// Make a project's settings as a document says; applied again, it changes nothing.
    Apply(admin::Apply),
    /// Make, list and revoke the tokens of the admin API.
    #[command(subcommand)]
    AdminToken(AdminTokenCommand),
    /// Verify and read the audit log, and what signs it.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Tell what became of the texts and mails to somebody: who took them, what receipts say, whether they were used.
    Trace(trace::Trace),
    /// Tell what texts cost.
    #[command(subcommand)]
    Sms(SmsCommand),
    /// Tell backends what happens: endpoints, what is on its way to them, and what is sent again.
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// Print every API route, one `METHOD path` a line.
    Routes,
    /// Print the OpenAPI 3.1 document of the API, as committed in docs/openapi.json.
    Openapi,
}

#[derive(Args)]
pub struct Dev {
    /// A loopback address; anything else is refused.
    #[arg(long, default_value = "127.0.0.1:7650", value_name = "127.0.0.1:PORT")]
    pub listen: SocketAddr,
    /// Where the database and the server key are kept.
    #[arg(long, default_value = "vestibule-data", value_name = "DIR")]
    pub data: PathBuf,
    /// Use this PostgreSQL database instead of the SQLite file in the data folder.
    #[arg(long, value_name = "postgres://…")]
    pub database: Option<DatabaseUrl>,
    /// Throw the development data away and start afresh.
    #[arg(long)]
    pub reset: bool,
    /// Write the server's address and credentials here once it answers.
    #[arg(long, value_name = "PATH")]
    pub env_file: Option<PathBuf>,
    /// Apply the sending limits of real use, which leave test suites little room.
    #[arg(long)]
    pub strict_limits: bool,
}

#[derive(Args)]
pub struct Configured {
    /// The configuration file.
    #[arg(long, default_value = "vestibule.toml", value_name = "FILE")]
    pub config: PathBuf,
}

#[derive(Args)]
pub struct Init {
    /// The folder to write vestibule.toml and server.key into.
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub dir: PathBuf,
    /// The folder that the server writes, where it may not write --dir: the SQLite database and the keys of
    /// organizations, such as /var/lib/vestibule.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum ProjectCommand {
    /// Create a project; its secret is printed once.
    Create {
        /// The name members see, in authenticator apps for instance.
        #[arg(long)]
        name: String,
        /// `test` or `live`.
        #[arg(long = "env", value_name = "test|live")]
        environment: Environment,
        #[command(flatten)]
        configured: Configured,
    },
    /// Print the settings of one project, or list all projects.
    Show {
        project_id: Option<String>,
        #[command(flatten)]
        configured: Configured,
    },
    /// Print all settings of a project as a document, for `apply`.
    Export {
        /// Can be left out where there is only one.
        #[arg(long = "project", value_name = "PROJECT_ID")]
        project_id: Option<String>,
        /// JSON instead of TOML.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        configured: Configured,
    },
    /// Change settings: `redirect_urls.login=https://app.example.com/authenticate sms.countries=US,CH`.
    Set {
        project_id: String,
        #[arg(required = true, value_name = "KEY=VALUE")]
        settings: Vec<String>,
        #[command(flatten)]
        configured: Configured,
    },
    /// List, add, replace and remove the secrets that call the API.
    #[command(subcommand)]
    Secret(SecretCommand),
}

#[derive(Args)]
pub struct Impersonate {
    /// Can be left out where there is only one.
    #[arg(long, value_name = "PROJECT_ID")]
    pub project: Option<String>,
    /// Id, slug or external id.
    #[arg(long)]
    pub organization: String,
    /// Id, external id or e-mail address.
    #[arg(long)]
    pub member: String,
    /// Your own e-mail address; it stands in the session and in the audit log.
    #[arg(long = "as", value_name = "E-MAIL")]
    pub by: String,
    /// Why; for the audit log.
    #[arg(long)]
    pub reason: String,
    #[command(flatten)]
    pub configured: Configured,
}

#[derive(Subcommand)]
pub enum MemberCommand {
    /// Lift every lock of a member, also the one after a hundred failures.
    Unlock {
        /// Can be left out where there is only one.
        #[arg(long, value_name = "PROJECT_ID")]
        project: Option<String>,
        /// Id, slug or external id.
        #[arg(long)]
        organization: String,
        /// Id, external id or e-mail address.
        #[arg(long)]
        member: String,
        #[command(flatten)]
        configured: Configured,
    },
}
