//! What only `vestibule dev` answers: its pocket telephone and its movable clock.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use reqwest::Url;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Failure;
use crate::world::setting;

const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Deserialize)]
pub struct Clock {
    pub now: DateTime<Utc>,
    pub offset_seconds: f64,
}

pub async fn clock() -> Result<Clock, Failure> {
    let answer = reqwest::Client::new().get(address("/dev/clock")?).send().await?;
    Ok(answer.error_for_status()?.json().await?)
}

pub async fn advance(duration: &str) -> Result<(), Failure> {
    post("/dev/clock", &json!({ "advance": duration })).await.map(drop)
}

pub async fn post(path: &str, body: &Value) -> Result<Value, Failure> {
    let answer = reqwest::Client::new().post(address(path)?).json(body).send().await?;
    let (status, body) = (answer.status(), answer.json::<Value>().await?);
    if status.is_success() { Ok(body) } else { Err(format!("{path} answered {status} {body}").into()) }
}

/// The code or link of the message at this place among those to an address that have one.
pub async fn inbox_of(address: &str, part: &str, place: usize) -> Result<String, Failure> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        let all = messages(address, 0).await?.into_iter();
        let mut found = all.filter_map(|it| if part == "link" { it.link } else { it.code });
        if let Some(found) = found.nth(place) {
            return Ok(found);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(format!("no {part} came to {address} within {} s", PATIENCE.as_secs()).into())
}

#[derive(Deserialize)]
struct Message {
    id: Value,
    code: Option<String>,
    link: Option<String>,
}

/// Notes what lies in the inbox already, so that only what comes later counts:
///
/// ```ignore
/// let inbox = Watch::on("+12025550123").await?;
/// // … something that sends …
/// let code = inbox.code().await?;
/// ```
pub struct Watch {
    to: String,
    seen: HashSet<String>,
}

impl Watch {
    pub async fn on(to: &str) -> Result<Self, Failure> {
        let seen = messages(to, 0).await?.iter().map(|message| message.id.to_string()).collect();
        Ok(Self { to: to.to_owned(), seen })
    }

    pub async fn code(&self) -> Result<String, Failure> {
        self.newest(|message| message.code).await
    }

    pub async fn link(&self) -> Result<Url, Failure> {
        Ok(Url::parse(&self.newest(|message| message.link).await?)?)
    }

    async fn newest(&self, part: impl Fn(Message) -> Option<String>) -> Result<String, Failure> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let fresh = messages(&self.to, 1)
                .await?
                .into_iter()
                .filter(|message| !self.seen.contains(&message.id.to_string()));
            if let Some(newest) = fresh.filter_map(&part).last() {
                return Ok(newest);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(format!("no such message came to {} within {} s", self.to, PATIENCE.as_secs()).into())
    }
}

async fn messages(to: &str, wait: u8) -> Result<Vec<Message>, Failure> {
    let mut url = address("/dev/messages")?;
    url.query_pairs_mut().append_pair("to", to).append_pair("wait", &wait.to_string());
    let answer = reqwest::Client::new().get(url).send().await?;
    Ok(answer.error_for_status()?.json().await?)
}

fn address(path: &str) -> Result<Url, Failure> {
    Ok(Url::parse(&setting("VESTIBULE_URL")?)?.join(path)?)
}
