//! Vonage's status webhooks: JSON, with a JWT (HS256) of the account's signature
//! secret that names the SHA-256 of the body.

use super::{
    Outcome, Receipt, ReceiptFault, ReceiptRequest, header, maybe_reference, moment, price, reference, timely,
};
use crate::signed::SharedSecret;
use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use data_encoding::HEXLOWER_PERMISSIVE;
use serde::{Deserialize, de::DeserializeOwned};

#[derive(Deserialize)]
struct Header {
    alg: String,
}

#[derive(Deserialize)]
struct Claims {
    iat: i64,
    payload_hash: String,
}

#[derive(Deserialize)]
struct Status {
    message_uuid: String,
    status: String,
    timestamp: Option<String>,
    client_ref: Option<String>,
    error: Option<Reason>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Reason {
    r#type: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    currency: Option<String>,
    price: Option<String>,
}

pub fn read(secret: &SharedSecret, request: &ReceiptRequest<'_>) -> Result<Vec<Receipt>, ReceiptFault> {
    let token = header(request, "authorization")?.strip_prefix("Bearer ").ok_or(ReceiptFault::Forged)?;
    let claims = claims(secret, token).ok_or(ReceiptFault::Forged)?;
    let hash = HEXLOWER_PERMISSIVE.decode(claims.payload_hash.as_bytes()).ok();
    // Of a public value: its comparison tells nothing.
    if hash.as_deref() != Some(digest::digest(&digest::SHA256, request.body).as_ref()) {
        return Err(ReceiptFault::Forged);
    }
    timely(claims.iat, request.now)?;
    let status: Status = serde_json::from_slice(request.body).map_err(|_| ReceiptFault::Unreadable)?;
    receipt(&status, request).map(|it| vec![it])
}

/// No algorithm but HS256 is known here, whatever the token asks for.
fn claims(secret: &SharedSecret, token: &str) -> Option<Claims> {
    let (signed, tag) = token.rsplit_once('.')?;
    let (head, body) = signed.split_once('.')?;
    if !secret.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(tag).ok()?) {
        return None;
    }
    part::<Header>(head).filter(|it| it.alg == "HS256")?;
    part(body)
}

fn part<T: DeserializeOwned>(encoded: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()
}

fn receipt(status: &Status, request: &ReceiptRequest<'_>) -> Result<Receipt, ReceiptFault> {
    let outcome = match status.status.as_str() {
        "delivered" | "read" => Outcome::Delivered,
        "submitted" => Outcome::Pending,
        "rejected" | "undeliverable" => Outcome::Failed { code: status.error.as_ref().and_then(code) },
        _ => return Err(ReceiptFault::Unreadable),
    };
    let usage = status.usage.as_ref();
    Ok(Receipt {
        reference: reference(&status.message_uuid)?,
        message_id: maybe_reference(status.client_ref.as_deref()),
        outcome,
        price: usage.and_then(|it| price(it.price.as_deref(), it.currency.as_deref())),
        at: moment(status.timestamp.as_deref(), request.now),
    })
}

/// `…/api-errors/messages#1260`.
fn code(reason: &Reason) -> Option<u32> {
    reason.r#type.as_deref()?.rsplit_once('#')?.1.parse().ok()
}
