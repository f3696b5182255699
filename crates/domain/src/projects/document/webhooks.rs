//! The section of the document about webhook endpoints. Their secrets are made by the server and are in no document.

use crate::{
    projects::setting::SettingError,
    webhooks::{Endpoint, Filters, HookUrl},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whom the project tells what happens.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Webhooks {
    pub endpoints: Vec<WebhookEndpoint>,
}

/// One endpoint. It goes by its URL: another URL is another endpoint, with another secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookEndpoint {
    pub url: String,
    #[serde(default)]
    #[schemars(length(max = 256))]
    pub description: String,
    /// Event types such as `direct.member.update`, which may end in `*`; none for `direct.*`, `dashboard.*` and `scim.*`.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub events: Vec<String>,
    /// An endpoint that is disabled, also by the server after days of failures, is told nothing.
    #[serde(default = "enabled")]
    pub enabled: bool,
}

/// An endpoint as it shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedEndpoint {
    pub url: HookUrl,
    pub description: String,
    pub filters: Filters,
    pub enabled: bool,
}

impl Webhooks {
    const KEY: &'static str = "webhooks.endpoints";

    pub(super) fn of(all: &[Endpoint]) -> Self {
        let written = |it: &Endpoint| WebhookEndpoint {
            url: it.url.to_string(),
            description: it.description.clone(),
            events: it.filters.as_slice().to_vec(),
            enabled: it.disabled_at.is_none(),
        };
        Self { endpoints: all.iter().map(written).collect() }
    }

    /// The endpoints that there shall be. Which addresses the server may call is for the caller to ask.
    ///
    /// # Errors
    /// Names the endpoint that cannot be taken, and says why.
    pub fn wanted(&self) -> Result<Vec<WantedEndpoint>, SettingError> {
        if self.endpoints.len() > Endpoint::MOST {
            return Err(refused(None, &format!("at most {}", Endpoint::MOST)));
        }
        self.endpoints.iter().map(WebhookEndpoint::read).collect()
    }
}

impl WebhookEndpoint {
    fn read(&self) -> Result<WantedEndpoint, SettingError> {
        let wrong = |reason: &dyn ToString| refused(Some(self), &reason.to_string());
        if !Endpoint::can_be_described(&self.description) {
            return Err(wrong(&"description: one line of at most 256 characters"));
        }
        Ok(WantedEndpoint {
            url: self.url.parse().map_err(|it| wrong(&it))?,
            description: self.description.clone(),
            filters: Filters::parse(self.events.clone()).map_err(|it| wrong(&format!("events: {it}")))?,
            enabled: self.enabled,
        })
    }

    /// Why the endpoint cannot be as it is written.
    pub fn refused(&self, reason: &str) -> SettingError {
        refused(Some(self), reason)
    }
}

fn refused(endpoint: Option<&WebhookEndpoint>, reason: &str) -> SettingError {
    let named = endpoint.map(|it| format!("{:?}: ", it.url)).unwrap_or_default();
    SettingError::Value { key: Webhooks::KEY, reason: format!("{named}{reason}") }
}

fn enabled() -> bool {
    true
}
