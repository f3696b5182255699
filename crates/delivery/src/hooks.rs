//! Telling the backends of customers, at URLs that somebody else may have chosen.
//!
//! https only, to addresses that may be called: every address of a name is
//! looked at, and the one looked at is the one connected to. No redirect is
//! followed, no proxy asked, nothing takes longer than five seconds, and what
//! the other side says is thrown away.

mod lookup;
mod targets;

pub use lookup::{Found, Lookup};
pub use targets::{NotATarget, Targets};

use crate::{
    OutboundFault,
    standard_webhooks::{SigningSecret, signatures},
    traces,
};
use lookup::{Checked, is_forbidden};
use reqwest::{
    Client, Url,
    header::{CONTENT_TYPE, RETRY_AFTER},
    redirect::Policy,
};
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

/// From resolving the name to the last byte of the answer.
const LIMIT: Duration = Duration::from_secs(5);
/// What is read of an answer, so that the connection can serve again.
const MOST_READ: usize = 64 * 1024;

/// A client for them, made when it is first needed.
#[derive(Debug, Default)]
pub struct Hooks {
    targets: Arc<Targets>,
    lookup: Lookup,
    client: OnceLock<Option<Client>>,
}

/// What is sent: these bytes, under this id, signed by each of these secrets.
pub struct Signed<'a> {
    pub id: &'a str,
    /// Since the epoch, by the sender's clock.
    pub seconds: i64,
    pub body: String,
    pub secrets: &'a [SigningSecret],
}

/// The other side's answer, whatever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    /// As it was sent.
    pub retry_after: Option<String>,
}

impl Hooks {
    pub fn to(targets: Targets) -> Self {
        Self { targets: Arc::new(targets), ..Self::default() }
    }

    /// Asks somebody else than the system what addresses a name has.
    #[must_use]
    pub fn looking_up(self, lookup: Lookup) -> Self {
        Self { lookup, client: OnceLock::new(), ..self }
    }

    /// Whether a URL can be called as far as it alone tells; a name's addresses are looked at with every call.
    pub fn may_call(&self, url: &Url) -> bool {
        self.targets.allow_url(url)
    }

    /// Posts once, with the headers of Standard Webhooks and of Svix.
    ///
    /// # Errors
    /// When the URL or an address of it may not be called, or nobody answers in time. An answer is none.
    pub async fn post(&self, url: &Url, message: Signed<'_>) -> Result<Answered, OutboundFault> {
        if !self.targets.allow_url(url) {
            return Err(OutboundFault::Forbidden);
        }
        let client = self.client.get_or_init(|| build(&self.targets, &self.lookup)).as_ref();
        let client = client.ok_or(OutboundFault::Forbidden)?;
        let Signed { id, seconds, body, secrets } = message;
        let signature = signatures(secrets, id, seconds, body.as_bytes());
        let mut request = client.post(url.clone()).header(CONTENT_TYPE, "application/json");
        for prefix in ["svix", "webhook"] {
            request = request
                .header(format!("{prefix}-id"), id)
                .header(format!("{prefix}-timestamp"), seconds)
                .header(format!("{prefix}-signature"), &signature);
        }
        let traced = traces::Call::begin("webhook", "endpoint");
        let answered = tokio::time::timeout(LIMIT, async {
            let answer = request.body(body).send().await.map_err(|error| {
                if is_forbidden(&error) {
                    return OutboundFault::Forbidden;
                }
                tracing::debug!(error = ?error.without_url(), "no answer from a webhook endpoint");
                OutboundFault::Unreachable
            })?;
            Ok(heard(answer).await)
        });
        let answered = answered.await.unwrap_or(Err(OutboundFault::Unreachable));
        traced.with(match &answered {
            Ok(it) if (200..300).contains(&it.status) => "accepted",
            Ok(_) => "refused",
            Err(_) => "failed",
        });
        answered
    }
}

fn build(targets: &Arc<Targets>, lookup: &Lookup) -> Option<Client> {
    let builder = Client::builder()
        .timeout(LIMIT)
        .redirect(Policy::none())
        .no_proxy() // a proxy would connect to an address that nobody looked at
        .pool_max_idle_per_host(4)
        .user_agent("Vestibule-Webhooks")
        .dns_resolver(Arc::new(Checked { targets: targets.clone(), lookup: lookup.clone() }));
    builder.build().ok()
}

/// The status is all that counts: a body that breaks off is no fault.
async fn heard(mut answer: reqwest::Response) -> Answered {
    let retry_after = answer.headers().get(RETRY_AFTER).and_then(|it| it.to_str().ok()).map(str::to_owned);
    let status = answer.status().as_u16();
    let mut read = 0;
    while let Ok(Some(chunk)) = answer.chunk().await {
        read += chunk.len();
        if read > MOST_READ {
            break;
        }
    }
    Answered { status, retry_after }
}
