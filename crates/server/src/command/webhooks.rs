//! The verbs of webhooks.

use super::Configured;
use clap::{Args, Subcommand};
use domain::{
    Timestamp,
    id::{WebhookEndpointId, WebhookEventId},
    webhooks::State,
};

#[derive(Subcommand)]
pub enum WebhookCommand {
    /// Tell a URL what happens in a project. The secret that signs is printed once.
    Add(Add),
    /// Print the endpoints of a project, and whether they fail.
    List {
        /// Can be left out where there is only one.
        #[arg(long, value_name = "PROJECT_ID")]
        project: Option<String>,
        #[command(flatten)]
        configured: Configured,
    },
    /// Give an endpoint another secret, printed once; the one before signs beside it for 24 hours.
    Rotate(One),
    /// Remove an endpoint; what is on its way to it is not sent any more.
    Remove(One),
    /// Send a ping from here, now, and say what came of it; exits with 1 when it was not taken.
    Test(One),
    /// Print the last hundred deliveries to an endpoint, newest first.
    Deliveries {
        /// Only those that are pending, delivered or dead.
        #[arg(long)]
        state: Option<State>,
        /// Only those before this one, to read on.
        #[arg(long, value_name = "EVENT_ID")]
        before: Option<WebhookEventId>,
        #[command(flatten)]
        one: One,
    },
    /// Send again: one event, or every dead one that was queued since a time.
    Replay(Replay),
}

#[derive(Args)]
pub struct Add {
    /// Can be left out where there is only one.
    #[arg(long, value_name = "PROJECT_ID")]
    pub project: Option<String>,
    /// https, at a public address or one that the configuration allows.
    #[arg(long)]
    pub url: String,
    #[arg(long, default_value = "")]
    pub description: String,
    /// An event type such as direct.member.update, or its beginning and `*`; repeat it for each. Without any:
    /// direct.*, dashboard.* and scim.*.
    #[arg(long = "event", value_name = "TYPE")]
    pub events: Vec<String>,
    #[command(flatten)]
    pub configured: Configured,
}

#[derive(Args)]
pub struct One {
    pub endpoint_id: WebhookEndpointId,
    /// Can be left out where there is only one.
    #[arg(long, value_name = "PROJECT_ID")]
    pub project: Option<String>,
    #[command(flatten)]
    pub configured: Configured,
}

#[derive(Args)]
pub struct Replay {
    /// One event, whatever became of it.
    #[arg(
        long,
        value_name = "EVENT_ID",
        required_unless_present = "dead_since",
        conflicts_with = "dead_since"
    )]
    pub event: Option<WebhookEventId>,
    /// A time as RFC 3339 writes it, such as 2026-01-31T08:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub dead_since: Option<Timestamp>,
    #[command(flatten)]
    pub one: One,
}
