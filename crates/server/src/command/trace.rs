//! The verb that tells what became of messages.

use super::Configured;
use clap::Args;

#[derive(Args)]
pub struct Trace {
    /// A number such as +41446681800, an e-mail address, or the id of a message.
    #[arg(value_name = "NUMBER|ADDRESS|MESSAGE_ID", allow_hyphen_values = true)]
    pub whom: String,
    /// Can be left out where there is only one.
    #[arg(long, value_name = "PROJECT_ID")]
    pub project: Option<String>,
    /// Only the messages of this organization: id, slug or external id.
    #[arg(long)]
    pub organization: Option<String>,
    /// How many messages, the newest first; 1 to 100.
    #[arg(long, default_value_t = 10)]
    pub limit: i64,
    #[command(flatten)]
    pub configured: Configured,
}
