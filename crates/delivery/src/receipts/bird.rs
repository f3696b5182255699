//! Bird's webhooks: JSON, signed by HMAC-SHA-256 over time, URL and the digest
//! of the body.

use super::{
    Outcome, Receipt, ReceiptFault, ReceiptRequest, header, maybe_reference, moment, reference, timely,
};
use crate::signed::SharedSecret;
use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;

#[derive(Deserialize)]
struct Event {
    event: String,
    payload: Message,
}

#[derive(Deserialize)]
struct Message {
    id: String,
    status: String,
    reference: Option<String>,
    #[serde(rename = "lastStatusAt")]
    last_status_at: Option<String>,
}

pub fn read(secret: &SharedSecret, request: &ReceiptRequest<'_>) -> Result<Vec<Receipt>, ReceiptFault> {
    let time = header(request, "messagebird-request-timestamp")?;
    let tag = header(request, "messagebird-signature")?;
    let tag = STANDARD.decode(tag).map_err(|_| ReceiptFault::Forged)?;
    let digest = digest::digest(&digest::SHA256, request.body);
    let signed = [format!("{time}\n{}\n", request.url).as_bytes(), digest.as_ref()].concat();
    if !secret.verify(&signed, &tag) {
        return Err(ReceiptFault::Forged);
    }
    timely(time.parse().map_err(|_| ReceiptFault::Unreadable)?, request.now)?;
    let event: Event = serde_json::from_slice(request.body).map_err(|_| ReceiptFault::Unreadable)?;
    if event.event != "sms.outbound" {
        return Ok(Vec::new());
    }
    receipt(&event.payload, request).map(|it| vec![it])
}

fn receipt(message: &Message, request: &ReceiptRequest<'_>) -> Result<Receipt, ReceiptFault> {
    let outcome = match message.status.as_str() {
        "delivered" => Outcome::Delivered,
        "sending_failed" | "delivery_failed" | "failed" | "rejected" | "skipped" => {
            Outcome::Failed { code: None }
        }
        _ => Outcome::Pending, // Bird adds words for stages on the way
    };
    Ok(Receipt {
        reference: reference(&message.id)?,
        message_id: maybe_reference(message.reference.as_deref()),
        outcome,
        price: None,
        at: moment(message.last_status_at.as_deref(), request.now),
    })
}
