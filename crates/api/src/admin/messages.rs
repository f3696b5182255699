//! The delivery ledger for holders of an admin token: what was sent, by whom,
//! and what became of it. Recipients are masked.

use crate::{
    endpoint::{Administration, Routes, Tagged},
    error::Result,
};
use domain::{
    Refusal, Timestamp,
    id::{MemberId, MessageId, ProjectId},
    messages::{Channel, State},
    money::Micros,
};
use flows::sending::trace::{self, Asked, Traced};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use store::messages as ledger;

/// Messages on a page where no number is asked for.
const USUAL: i64 = 20;

pub fn routes() -> Routes {
    Routes::new()
        .admin_get("/admin/v1/projects/{project_id}/messages", list)
        .admin_get("/admin/v1/projects/{project_id}/messages/{message_id}", get)
}

/// Lists a project's texts and mails, the newest first. Every filter narrows.
#[derive(Deserialize, JsonSchema)]
struct ListRequest {
    project_id: String,
    /// A number in E.164 form, or an address.
    recipient: Option<String>,
    /// Id, slug or external id; of a deleted organization the id.
    organization: Option<String>,
    member_id: Option<String>,
    /// sms or email.
    channel: Option<String>,
    /// waiting, accepted, delivered, verified, failed, expired or superseded.
    state: Option<String>,
    /// From the answer before.
    cursor: Option<String>,
    /// 1 to 100; 20 unless said.
    #[serde(default, deserialize_with = "count")]
    #[schemars(with = "Option<u32>")]
    limit: Option<i64>,
}

#[derive(Serialize, JsonSchema)]
struct ListResponse {
    messages: Vec<Message>,
    /// Where the next page begins; null after the last.
    next_cursor: Option<String>,
}

/// Tells one message and every attempt to hand it over.
#[derive(Deserialize, JsonSchema)]
struct GetRequest {
    project_id: String,
    message_id: String,
}

#[derive(Serialize, JsonSchema)]
struct GetResponse {
    message: Message,
}

#[derive(Serialize, JsonSchema)]
struct Message {
    message_id: String,
    organization_id: Option<String>,
    member_id: Option<String>,
    channel: String,
    purpose: String,
    /// Which rule decided that it is sent: requested, automatic or notice.
    reason: String,
    /// Masked.
    recipient: String,
    country: Option<String>,
    state: String,
    /// Which provider took it.
    provider: Option<String>,
    wrong_guesses: i64,
    /// RFC 3339, as all times here.
    created_at: String,
    /// It is not handed over after this.
    deadline: String,
    accepted_at: Option<String>,
    delivered_at: Option<String>,
    verified_at: Option<String>,
    failed_at: Option<String>,
    /// Why no provider was asked any more: `project_budget`, `organization_budget`, `refused` or `unreadable`.
    hindrance: Option<String>,
    attempts: Vec<Attempt>,
}

#[derive(Serialize, JsonSchema)]
struct Attempt {
    attempt: i64,
    provider: String,
    /// In the currency of the price table; nothing for mail.
    price: String,
    /// started, accepted, refused, unknown or impossible.
    outcome: String,
    /// Of HTTP or SMTP.
    status: Option<i64>,
    /// The provider's own error number.
    code: Option<i64>,
    reference: Option<String>,
    began_at: String,
    ended_at: Option<String>,
    /// pending, delivered or failed.
    receipt: Option<String>,
    receipt_code: Option<i64>,
    receipt_at: Option<String>,
}

async fn list(call: Administration, request: ListRequest) -> Result<Tagged<ListResponse>> {
    let project: ProjectId = request.project_id.parse().map_err(|_| Refusal::ProjectNotFound)?;
    let asked = Asked {
        recipient: request.recipient.as_deref(),
        organization: request.organization.as_deref(),
        member: request.member_id.as_deref().map(parsed::<MemberId>("member_id")).transpose()?,
        channel: request.channel.as_deref().map(parsed::<Channel>("channel")).transpose()?,
        state: request.state.as_deref().map(parsed::<State>("state")).transpose()?,
    };
    let limit = request.limit.unwrap_or(USUAL);
    if !(1..=trace::MOST).contains(&limit) {
        return Err(refused("limit", "1 to 100").into());
    }
    let before = request.cursor.as_deref().filter(|it| !it.is_empty()).map(place).transpose()?;
    let found = trace::list(&call.app, &project, asked, (before, limit)).await?;
    let is_full = i64::try_from(found.len()).is_ok_and(|it| it == limit);
    let last = found.last().filter(|_| is_full);
    let next_cursor = last.map(|it| cursor(&it.message));
    let messages = found.into_iter().map(Message::from).collect();
    Ok(Tagged::plain(ListResponse { messages, next_cursor }))
}

async fn get(call: Administration, request: GetRequest) -> Result<Tagged<GetResponse>> {
    let project: ProjectId = request.project_id.parse().map_err(|_| Refusal::ProjectNotFound)?;
    let id = parsed::<MessageId>("message_id")(&request.message_id)?;
    let found = trace::find(&call.app, &project, &id).await?;
    let found = found.ok_or(refused("message_id", "the project sent no such message"))?;
    Ok(Tagged::plain(GetResponse { message: found.into() }))
}

fn cursor(last: &ledger::Message) -> String {
    format!("{}.{}", last.created_at.milliseconds(), last.message_id)
}

fn place(cursor: &str) -> Result<(Timestamp, MessageId)> {
    let read = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    let (at, id) = read.ok_or(refused("cursor", "it was not given out by this list"))?;
    Ok((Timestamp::from_milliseconds(at), id))
}

fn parsed<T: std::str::FromStr>(field: &'static str) -> impl Fn(&str) -> Result<T> {
    move |text| Ok(text.parse().map_err(|_| refused(field, "there is no such value"))?)
}

fn refused(field: &'static str, reason: &'static str) -> Refusal {
    Refusal::InvalidArgument { field, reason }
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Number(i64),
        Text(String),
    }
    Ok(match Option::<Given>::deserialize(deserializer)? {
        None => None,
        Some(Given::Number(number)) => Some(number),
        Some(Given::Text(text)) => Some(text.parse().map_err(|_| D::Error::custom("a whole number"))?),
    })
}

impl From<Traced> for Message {
    fn from(Traced { message, attempts }: Traced) -> Self {
        let time = |it: Option<Timestamp>| it.map(|at| at.to_string());
        Self {
            message_id: message.message_id.to_string(),
            organization_id: message.organization_id.map(|it| it.to_string()),
            member_id: message.member_id.map(|it| it.to_string()),
            channel: message.channel.to_string(),
            purpose: message.purpose.to_string(),
            reason: message.reason.to_string(),
            recipient: message.recipient,
            country: message.country.map(|it| it.to_string()),
            state: message.state.to_string(),
            provider: message.provider,
            wrong_guesses: message.wrong_guesses,
            created_at: message.created_at.to_string(),
            deadline: message.deadline.to_string(),
            accepted_at: time(message.accepted_at),
            delivered_at: time(message.delivered_at),
            verified_at: time(message.verified_at),
            failed_at: time(message.failed_at),
            hindrance: message.hindrance.map(|it| it.to_string()),
            attempts: attempts.into_iter().map(Attempt::from).collect(),
        }
    }
}

impl From<ledger::Attempt> for Attempt {
    fn from(it: ledger::Attempt) -> Self {
        Self {
            attempt: it.attempt,
            provider: it.provider,
            price: Micros::new(it.price_micros).to_string(),
            outcome: it.outcome.to_string(),
            status: it.status,
            code: it.code,
            reference: it.reference,
            began_at: it.began_at.to_string(),
            ended_at: it.ended_at.map(|at| at.to_string()),
            receipt: it.receipt.map(|it| it.to_string()),
            receipt_code: it.receipt_code,
            receipt_at: it.receipt_at.map(|at| at.to_string()),
        }
    }
}
