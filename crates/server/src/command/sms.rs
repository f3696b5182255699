//! The verbs about texts and what they cost.

use super::Configured;
use clap::{Args, Subcommand};
use domain::{Timestamp, messages::SpendBy};

#[derive(Subcommand)]
pub enum SmsCommand {
    /// Tell what a project's texts cost: this month, unless another time is named.
    Spend(Spend),
}

#[derive(Args)]
pub struct Spend {
    /// May be left out where there is one project only.
    #[arg(long = "project", value_name = "PROJECT_ID")]
    pub project: Option<String>,
    /// Attempts at or after it: 2026-02-01, or 2026-02-01T12:00:00Z.
    #[arg(long, value_parser = time, value_name = "TIME")]
    pub from: Option<Timestamp>,
    /// Attempts before it; at most 366 days later.
    #[arg(long, value_parser = time, value_name = "TIME")]
    pub to: Option<Timestamp>,
    /// `organization`, `country`, `provider`, `purpose` or `day`.
    #[arg(long = "group", default_value = "organization", value_name = "WHAT")]
    pub by: SpendBy,
    /// Lines; 1 to 100.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=100))]
    pub limit: i64,
    /// JSON instead of a table, as the admin API answers.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub configured: Configured,
}

/// A day begins at midnight, in UTC.
fn time(text: &str) -> Result<Timestamp, String> {
    let read = text.parse().or_else(|_| format!("{text}T00:00:00Z").parse());
    read.map_err(|_| "a day as 2026-02-01, or a time as 2026-02-01T12:00:00Z".to_owned())
}
