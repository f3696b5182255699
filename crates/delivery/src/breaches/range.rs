//! A service that never learns which password is meant.

use super::Unanswered;
use crate::{fault::ConfigurationFault, http};
use reqwest::{Client, Response, Url};
use std::{fmt, time::Duration};

/// What a login waits for the service, at most.
const LIMIT: Duration = Duration::from_secs(2);
/// A padded answer of the public service has 60 KiB.
const MOST: usize = 256 * 1024;
/// How many digits of the digest are told.
const TOLD: usize = 5;

#[derive(Clone)]
pub(super) struct Range {
    client: Client,
    url: Url,
}

impl Range {
    pub(super) fn new(url: &str) -> Result<Self, ConfigurationFault> {
        let url = if url.ends_with('/') { url.to_owned() } else { format!("{url}/") };
        let url = http::endpoint(&url)?;
        Ok(Self { client: http::client(&url)?, url })
    }

    pub(super) async fn know(&self, print: &str) -> Result<bool, Unanswered> {
        let (told, kept) = print.split_at_checked(TOLD).ok_or(Unanswered)?;
        let answer = tokio::time::timeout(LIMIT, self.ask(told)).await;
        let known = answer.ok().flatten().and_then(|it| stands_in(&it, kept));
        known.ok_or_else(|| {
            tracing::warn!("the range service of breached passwords did not answer as it should");
            Unanswered
        })
    }

    async fn ask(&self, told: &str) -> Option<String> {
        let url = self.url.join(told).ok()?;
        // Padding: the length of an answer would tell which range was asked for.
        let request = self.client.get(url).header("add-padding", "true");
        let response = http::call(request).await.ok()?;
        if response.status().as_u16() != 200 {
            return None;
        }
        whole(response).await
    }
}

/// None when it breaks off or is too long: what is missing could be the one.
async fn whole(mut response: Response) -> Option<String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if body.len() + chunk.len() > MOST {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    String::from_utf8(body).ok()
}

/// Whether the rest of the digest is listed; a count of 0 is padding. None for
/// what is no such list.
fn stands_in(list: &str, kept: &str) -> Option<bool> {
    let mut found = false;
    for line in list.lines() {
        let (rest, count) = line.trim_end().split_once(':')?;
        if rest.len() != kept.len() || !rest.bytes().all(|it| it.is_ascii_hexdigit()) {
            return None;
        }
        let count: u64 = count.parse().ok()?;
        found |= count > 0 && rest.eq_ignore_ascii_case(kept);
    }
    Some(found)
}

impl fmt::Debug for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Range").finish_non_exhaustive()
    }
}
