//! A mail in the form it travels in, RFC 5322.

use crate::{fault::DeliveryFault, message::Mail};
use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;
use domain::Timestamp;
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{Header, HeaderName, HeaderValue},
    },
};
use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Plain text and HTML as alternatives. `now` is the date it bears.
pub fn write(mail: &Mail, from: &Mailbox, now: Timestamp) -> Result<Message, DeliveryFault> {
    let to: Address = mail.to.as_str().parse().map_err(|_| DeliveryFault::Unsendable)?;
    let body = MultiPart::alternative()
        .boundary(boundary(mail))
        .singlepart(SinglePart::plain(mail.text.clone()))
        .singlepart(SinglePart::html(mail.html.clone()));
    Message::builder()
        .message_id(Some(message_id(&mail.id, from.email.domain())?))
        .date(date(now))
        .from(from.clone())
        .to(to.into())
        .subject(&mail.subject)
        .header(AutoSubmitted)
        .multipart(body)
        .map_err(|_| DeliveryFault::Unsendable)
}

/// RFC 3834: nobody's holiday greeting answers this mail.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

fn message_id(id: &str, host: &str) -> Result<String, DeliveryFault> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    if id.is_empty() || !id.bytes().all(plain) {
        return Err(DeliveryFault::Unsendable);
    }
    Ok(format!("<{id}@{host}>"))
}

/// A digest of the content, for no content can hold its own digest.
fn boundary(mail: &Mail) -> String {
    let mut digest = Context::new(&SHA256);
    for part in [&mail.id, &mail.text, &mail.html] {
        digest.update(part.as_bytes());
    }
    HEXLOWER.encode(digest.finish().as_ref())
}

fn date(now: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(now.milliseconds()).unwrap_or_default())
}
