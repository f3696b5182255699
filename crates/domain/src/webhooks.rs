//! Webhooks: who is told what happened, and how.

mod events;
mod filters;
mod schedule;
mod url;

pub use events::{
    Announcement, EventType, Factor, ObjectType, Source, Telling, Verb, announced, microseconds,
};
pub use filters::{Filters, NotAFilter};
pub use schedule::{ATTEMPTS, DISABLED_AFTER, OVERLAP, QUIET, next_attempt, retry_after};
pub use url::{HookUrl, NotAHookUrl};

use crate::{
    Timestamp,
    id::{OrganizationId, ProjectId, WebhookEndpointId, WebhookEventId},
    sealing::Sealed,
};
use std::{fmt, str::FromStr};

/// Where a project's backend is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    pub endpoint_id: WebhookEndpointId,
    pub project_id: ProjectId,
    pub url: HookUrl,
    pub description: String,
    pub filters: Filters,
    /// `whsec_…`, under the server key.
    pub sealed_secret: Sealed,
    /// The one before, which signs beside it until `previous_until`.
    pub sealed_previous: Option<Sealed>,
    pub previous_until: Option<Timestamp>,
    /// Since when every attempt failed.
    pub failing_since: Option<Timestamp>,
    pub last_failed_at: Option<Timestamp>,
    /// Nothing is sent to it from here on.
    pub disabled_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

/// One event on its way to one endpoint, without what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    pub endpoint_id: WebhookEndpointId,
    pub event_id: WebhookEventId,
    pub project_id: ProjectId,
    /// Whose event it is; it is erased with it.
    pub organization_id: Option<OrganizationId>,
    pub event_type: String,
    pub state: State,
    /// Attempts since it was queued, or replayed.
    pub attempts: i64,
    /// Of a pending one: when it is tried next.
    pub next_at: Timestamp,
    /// Until when whoever tries it has it alone.
    pub claimed_until: Timestamp,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

/// One try to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub endpoint_id: WebhookEndpointId,
    pub event_id: WebhookEventId,
    pub project_id: ProjectId,
    pub at: Timestamp,
    /// The HTTP status, where there was an answer.
    pub status: Option<i64>,
    /// `delivered`, or why not; never what the other side said.
    pub outcome: String,
    pub took_ms: i64,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Pending,
    Delivered,
    /// Given up after the last attempt; it can be replayed.
    Dead,
}

impl Endpoint {
    /// Of one project.
    pub const MOST: usize = 20;

    /// One line of at most 256 characters.
    pub fn can_be_described(text: &str) -> bool {
        text.chars().count() <= 256 && !text.chars().any(char::is_control)
    }

    /// What a secret is sealed for. Both columns share it: a rotation moves one into the other.
    pub fn place(&self) -> [&str; 3] {
        ["webhook_endpoints", self.project_id.as_str(), self.endpoint_id.as_str()]
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        })
    }
}

impl FromStr for State {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "pending" => Ok(Self::Pending),
            "delivered" => Ok(Self::Delivered),
            "dead" => Ok(Self::Dead),
            _ => Err("a state is pending, delivered or dead"),
        }
    }
}
