//! The verbs about mail templates.

use super::Configured;
use clap::{Args, Subcommand, ValueEnum};
use domain::{locale::Locale, templates::Kind};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum TemplateCommand {
    /// Print the templates of a project or an organization, one a line.
    List {
        #[command(flatten)]
        owner: Owner,
    },
    /// Keep a template from a TOML or JSON file, in place of the one of this id and language before it.
    Set {
        #[command(flatten)]
        owner: Owner,
        /// The name that requests call it by.
        #[arg(long, value_name = "TEMPLATE_ID")]
        id: String,
        /// Use it where a mail is asked for without naming a template.
        #[arg(long)]
        default: bool,
        /// `type = "custom"` with kind, locale, subject, text and html, or `type = "prebuilt"` with `logo_url`,
        /// `accent_color` and `background_color`.
        file: PathBuf,
    },
    /// Print a template as JSON.
    Show {
        #[command(flatten)]
        owner: Owner,
        #[arg(long, value_name = "TEMPLATE_ID")]
        id: String,
        /// Which language of custom words; prebuilt looks have none.
        #[arg(long)]
        locale: Option<Locale>,
    },
    /// Check a template file and print the mail, filled in with samples. Nothing is kept.
    Preview {
        file: PathBuf,
        /// The built-in mail that prebuilt looks are shown on.
        #[arg(long, default_value = "login")]
        kind: Kind,
        /// And its language.
        #[arg(long, default_value = "en")]
        locale: Locale,
        #[arg(long, value_enum, default_value = "html")]
        part: Part,
    },
    /// Delete a template; of every language where none is named.
    Delete {
        #[command(flatten)]
        owner: Owner,
        #[arg(long, value_name = "TEMPLATE_ID")]
        id: String,
        #[arg(long)]
        locale: Option<Locale>,
    },
}

/// Whose templates.
#[derive(Args)]
pub struct Owner {
    /// Can be left out where there is only one.
    #[arg(long, value_name = "PROJECT_ID")]
    pub project: Option<String>,
    /// Id, slug or external id; the project's own templates without.
    #[arg(long)]
    pub organization: Option<String>,
    #[command(flatten)]
    pub configured: Configured,
}

/// What of a mail is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    Subject,
    Text,
    Html,
}
