//! What providers tell about messages they have taken, believed only when it is
//! signed as the provider signs.
//!
//! Nothing is decided here: a receipt that comes twice, late or for a message
//! nobody sent is the ledger's to recognize.

mod amazon;
mod bird;
mod twilio;
mod vonage;
mod webhook;

use crate::{Carrier, Mailer, Outbound, Provider, accepted::is_reference};
use domain::{Timestamp, time::Span};
use reqwest::{Url, header::HeaderMap};
use thiserror::Error;

/// How far the time a signature bears may be from now, either way.
const TOLERANCE: Span = Span::minutes(5);

/// A call to the receipts' URL of one provider.
#[derive(Debug, Clone, Copy)]
pub struct ReceiptRequest<'a> {
    /// The URL as the provider called it: made of the configured public URL,
    /// never of the request's own headers.
    pub url: &'a Url,
    pub headers: &'a HeaderMap,
    /// As it came, byte for byte.
    pub body: &'a [u8],
    pub now: Timestamp,
}

/// What became of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The provider's id of the message, as in [`Accepted`](crate::Accepted).
    pub reference: String,
    /// Our id of it, where the provider repeats it.
    pub message_id: Option<String>,
    pub outcome: Outcome,
    /// Millionths of the currency's unit, and the currency's three letters.
    pub price: Option<(i64, String)>,
    /// When it happened, if the provider says so; else when the receipt came.
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Delivered,
    /// `code` is the provider's number of the reason.
    Failed {
        code: Option<u32>,
    },
    /// On its way; another receipt follows.
    Pending,
}

/// Why a receipt is not believed. Repeats nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReceiptFault {
    /// No secret or topic is configured to know its receipts by.
    #[error("this provider has no receipts")]
    Unexpected,
    #[error("the signature is missing or wrong")]
    Forged,
    #[error("the receipt was signed too long ago, or in the future")]
    Untimely,
    #[error("the receipt cannot be read")]
    Unreadable,
    /// The signer's certificate could not be fetched; the provider may try again.
    #[error("the signature could not be checked now")]
    Unchecked,
}

impl ReceiptFault {
    /// Whether the same receipt may be believed later.
    pub fn is_passing(self) -> bool {
        match self {
            Self::Unchecked => true,
            Self::Unexpected | Self::Forged | Self::Untimely | Self::Unreadable => false,
        }
    }
}

/// The receipts in a call for a provider of text messages; none in one that only
/// confirms a subscription, or tells of something else.
///
/// # Errors
/// Anything that is not signed as this provider signs.
pub async fn read(
    provider: &Provider,
    request: &ReceiptRequest<'_>,
    outbound: &Outbound,
) -> Result<Vec<Receipt>, ReceiptFault> {
    match provider.carrier() {
        Carrier::Inbox(_) | Carrier::Smpp(_) => Err(ReceiptFault::Unexpected),
        Carrier::Webhook(it) => webhook::texts(&it.secret, request),
        Carrier::Twilio(it) => twilio::read(&it.auth_token, request),
        Carrier::Vonage(it) => vonage::read(expected(it.receipts_secret.as_ref())?, request),
        Carrier::Bird(it) => bird::read(expected(it.receipts_secret.as_ref())?, request),
        Carrier::Sns(it) => {
            let topic = expected(it.receipts_topic.as_ref())?;
            amazon::texts(topic.open(request, outbound).await?, request.now)
        }
    }
}

/// The receipts in a call for the provider of e-mail: bounces, complaints, deliveries.
///
/// # Errors
/// Anything that is not signed as configured.
pub async fn read_mail(
    mailer: &Mailer,
    request: &ReceiptRequest<'_>,
    outbound: &Outbound,
) -> Result<Vec<Receipt>, ReceiptFault> {
    match mailer {
        Mailer::Inbox(_) | Mailer::Nowhere => Err(ReceiptFault::Unexpected),
        Mailer::Smtp(smtp) => match expected(smtp.receipts.as_ref())? {
            crate::MailReceipts::Webhook(secret) => webhook::mails(&secret.0, request),
            crate::MailReceipts::Ses(topic) => {
                amazon::mails(topic.open(request, outbound).await?, request.now)
            }
        },
    }
}

fn expected<T>(configured: Option<&T>) -> Result<&T, ReceiptFault> {
    configured.ok_or(ReceiptFault::Unexpected)
}

fn header<'a>(request: &ReceiptRequest<'a>, name: &str) -> Result<&'a str, ReceiptFault> {
    let mut values = request.headers.get_all(name).iter();
    let value = values.next().and_then(|it| it.to_str().ok()).ok_or(ReceiptFault::Forged)?;
    if values.next().is_some() { Err(ReceiptFault::Forged) } else { Ok(value) }
}

/// Seconds since the epoch that are about now.
fn timely(seconds: i64, now: Timestamp) -> Result<(), ReceiptFault> {
    let away = seconds.saturating_sub(now.seconds()).saturating_abs();
    if away.saturating_mul(1000) <= TOLERANCE.as_milliseconds() {
        Ok(())
    } else {
        Err(ReceiptFault::Untimely)
    }
}

fn reference(text: &str) -> Result<String, ReceiptFault> {
    if is_reference(text) { Ok(text.to_owned()) } else { Err(ReceiptFault::Unreadable) }
}

fn maybe_reference(text: Option<&str>) -> Option<String> {
    text.filter(|it| is_reference(it)).map(str::to_owned)
}

/// A moment of RFC 3339 that has passed; else now.
fn moment(text: Option<&str>, now: Timestamp) -> Timestamp {
    text.and_then(|it| it.parse::<Timestamp>().ok()).map_or(now, |it| it.min(now))
}

/// `0.0333` of a unit in millionths; what is beyond is rounded up. Not negative.
fn millionths(decimal: &str) -> Option<i64> {
    let (whole, part) = decimal.trim().split_once('.').unwrap_or((decimal.trim(), ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) {
        return None;
    }
    let kept = format!("{part:0<6}");
    let beyond = kept[6..].bytes().any(|b| b != b'0');
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = kept[..6].parse().ok()?;
    whole.checked_mul(1_000_000)?.checked_add(part + i64::from(beyond))
}

fn price(decimal: Option<&str>, currency: Option<&str>) -> Option<(i64, String)> {
    let currency = currency.filter(|it| it.len() == 3 && it.bytes().all(|b| b.is_ascii_alphabetic()))?;
    Some((millionths(decimal?)?, currency.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_to_the_millionth() {
        for (text, millions) in [
            ("0.0333", Some(33_300)),
            ("1", Some(1_000_000)),
            ("0.00000001", Some(1)),
            ("12.5", Some(12_500_000)),
            ("0.000000", Some(0)),
            ("-1", None),
            ("1e3", None),
            ("", None),
            (".5", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(millionths(text), millions, "{text}");
        }
    }
}
