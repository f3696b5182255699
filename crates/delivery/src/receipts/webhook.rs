//! Receipts of the operator's own gateways, signed per Standard Webhooks.

use super::{Outcome, Receipt, ReceiptFault, ReceiptRequest, header, maybe_reference, moment, price, timely};
use crate::standard_webhooks::SigningSecret;
use serde::Deserialize;

/// Either names the message: ours, which a gateway was told, or its own.
#[derive(Deserialize)]
struct Name {
    message_id: Option<String>,
    reference: Option<String>,
}

#[derive(Deserialize)]
struct Text {
    #[serde(flatten)]
    name: Name,
    status: TextStatus,
    code: Option<u32>,
    /// Decimal, such as `0.0333`.
    price: Option<String>,
    currency: Option<String>,
    at: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum TextStatus {
    Delivered,
    Failed,
    Pending,
}

#[derive(Deserialize)]
struct Mail {
    #[serde(flatten)]
    name: Name,
    r#type: MailEvent,
    #[serde(default)]
    permanent: bool,
    code: Option<u32>,
    at: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum MailEvent {
    Bounce,
    Complaint,
    Delivered,
}

pub fn texts(secret: &SigningSecret, request: &ReceiptRequest<'_>) -> Result<Vec<Receipt>, ReceiptFault> {
    verify(secret, request)?;
    let text: Text = serde_json::from_slice(request.body).map_err(|_| ReceiptFault::Unreadable)?;
    let outcome = match text.status {
        TextStatus::Delivered => Outcome::Delivered,
        TextStatus::Failed => Outcome::Failed { code: text.code },
        TextStatus::Pending => Outcome::Pending,
    };
    let (reference, message_id) = names(&text.name)?;
    let price = price(text.price.as_deref(), text.currency.as_deref());
    let at = moment(text.at.as_deref(), request.now);
    Ok(vec![Receipt { reference, message_id, outcome, price, at }])
}

/// A complaint is a failure: the person does not want the mail.
pub fn mails(secret: &SigningSecret, request: &ReceiptRequest<'_>) -> Result<Vec<Receipt>, ReceiptFault> {
    verify(secret, request)?;
    let mail: Mail = serde_json::from_slice(request.body).map_err(|_| ReceiptFault::Unreadable)?;
    let outcome = match mail.r#type {
        MailEvent::Delivered => Outcome::Delivered,
        MailEvent::Complaint => Outcome::Failed { code: mail.code },
        MailEvent::Bounce if mail.permanent => Outcome::Failed { code: mail.code },
        MailEvent::Bounce => Outcome::Pending,
    };
    let (reference, message_id) = names(&mail.name)?;
    let at = moment(mail.at.as_deref(), request.now);
    Ok(vec![Receipt { reference, message_id, outcome, price: None, at }])
}

fn verify(secret: &SigningSecret, request: &ReceiptRequest<'_>) -> Result<(), ReceiptFault> {
    let id = header(request, "webhook-id")?;
    let seconds: i64 = header(request, "webhook-timestamp")?.parse().map_err(|_| ReceiptFault::Forged)?;
    if !secret.verifies(header(request, "webhook-signature")?, (id, seconds, request.body)) {
        return Err(ReceiptFault::Forged);
    }
    timely(seconds, request.now)
}

fn names(name: &Name) -> Result<(String, Option<String>), ReceiptFault> {
    let message_id = maybe_reference(name.message_id.as_deref());
    let reference = maybe_reference(name.reference.as_deref()).or_else(|| message_id.clone());
    Ok((reference.ok_or(ReceiptFault::Unreadable)?, message_id))
}
