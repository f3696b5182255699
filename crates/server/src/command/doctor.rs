//! The verbs that look whether all is well.

use super::Configured;
use clap::Args;
use url::Url;

#[derive(Args)]
pub struct Doctor {
    /// A JSON document instead of lines for people.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub configured: Configured,
}

#[derive(Args)]
pub struct Health {
    /// What to ask: `/health` or `/ready` of the operator's listener.
    #[arg(long, default_value = "http://127.0.0.1:7651/ready", value_name = "URL")]
    pub url: Url,
}
