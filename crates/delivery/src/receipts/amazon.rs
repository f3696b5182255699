//! What Amazon publishes to a topic: events of texts (End User Messaging, or the
//! delivery log of SNS) and of mails (SES).

use super::{Outcome, Receipt, ReceiptFault, maybe_reference, millionths, moment, reference};
use domain::Timestamp;
use serde::Deserialize;
use serde_json::{Number, Value};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TextEvent {
    message_id: String,
    message_status: String,
    event_timestamp: Option<i64>,
    total_message_price: Option<Number>,
}

#[derive(Deserialize)]
struct LogLine {
    notification: Logged,
    delivery: Delivery,
    status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Logged {
    message_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delivery {
    #[serde(rename = "priceInUSD")]
    price: Option<Number>,
    provider_response: Option<String>,
}

#[derive(Deserialize)]
struct MailEvent {
    #[serde(alias = "eventType", rename = "notificationType")]
    kind: String,
    mail: Mail,
    bounce: Option<Bounce>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    message_id: String,
    timestamp: Option<String>,
    headers: Option<Vec<Header>>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    bounce_type: String,
    timestamp: Option<String>,
}

pub fn texts(message: Option<String>, now: Timestamp) -> Result<Vec<Receipt>, ReceiptFault> {
    let Some(message) = message else { return Ok(Vec::new()) };
    let event: Value = serde_json::from_str(&message).map_err(|_| ReceiptFault::Unreadable)?;
    let receipt = if event.get("notification").is_some() {
        serde_json::from_value(event).ok().and_then(|it| of_log(&it, now))
    } else {
        serde_json::from_value(event).ok().and_then(|it| of_event(&it, now))
    };
    receipt.map(|it| vec![it]).ok_or(ReceiptFault::Unreadable)
}

pub fn mails(message: Option<String>, now: Timestamp) -> Result<Vec<Receipt>, ReceiptFault> {
    let Some(message) = message else { return Ok(Vec::new()) };
    let event: MailEvent = serde_json::from_str(&message).map_err(|_| ReceiptFault::Unreadable)?;
    let outcome = match (event.kind.as_str(), &event.bounce) {
        ("Delivery", _) => Outcome::Delivered,
        ("Bounce", Some(bounce)) if bounce.bounce_type == "Permanent" => Outcome::Failed { code: None },
        ("Complaint" | "Reject", _) => Outcome::Failed { code: None },
        ("Bounce" | "DeliveryDelay" | "Send", _) => Outcome::Pending,
        _ => return Ok(Vec::new()), // opens, clicks and what else SES tells
    };
    let happened = event.bounce.as_ref().and_then(|it| it.timestamp.as_deref());
    Ok(vec![Receipt {
        reference: reference(&event.mail.message_id)?,
        message_id: event.mail.headers.as_deref().and_then(our_id),
        outcome,
        price: None,
        at: moment(happened.or(event.mail.timestamp.as_deref()), now),
    }])
}

/// "Accepted by the carrier" is no delivery, final or not.
fn of_event(event: &TextEvent, now: Timestamp) -> Option<Receipt> {
    let outcome = match event.message_status.as_str() {
        "DELIVERED" => Outcome::Delivered,
        "SUCCESSFUL" | "PENDING" | "QUEUED" | "SENT" => Outcome::Pending,
        _ => Outcome::Failed { code: None },
    };
    Some(Receipt {
        reference: reference(&event.message_id).ok()?,
        message_id: None,
        outcome,
        price: event.total_message_price.as_ref().and_then(dollars),
        at: event.event_timestamp.map_or(now, |it| Timestamp::from_milliseconds(it).min(now)),
    })
}

fn of_log(line: &LogLine, now: Timestamp) -> Option<Receipt> {
    let said = line.delivery.provider_response.as_deref().unwrap_or_default();
    let outcome = match line.status.as_str() {
        "SUCCESS" if said.contains("accepted") => Outcome::Pending,
        "SUCCESS" => Outcome::Delivered,
        "FAILURE" => Outcome::Failed { code: None },
        _ => return None,
    };
    Some(Receipt {
        reference: reference(&line.notification.message_id).ok()?,
        message_id: None,
        outcome,
        price: line.delivery.price.as_ref().and_then(dollars),
        at: now,
    })
}

fn dollars(amount: &Number) -> Option<(i64, String)> {
    Some((millionths(&amount.to_string())?, "USD".to_owned()))
}

/// The left part of the Message-ID that we gave the mail.
fn our_id(headers: &[Header]) -> Option<String> {
    let it = headers.iter().find(|it| it.name.eq_ignore_ascii_case("message-id"))?;
    let (left, _) = it.value.trim().strip_prefix('<')?.split_once('@')?;
    maybe_reference(Some(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_milliseconds(1_800_000_000_000)
    }

    /// The example of Amazon's documentation of message events.
    #[test]
    fn an_event_of_a_text_is_a_receipt() {
        let message = r#"{"eventType": "TEXT_DELIVERED", "eventVersion": "1.0", "eventTimestamp": 1686975103470,
            "isFinal": true, "messageId": "862a8790-60c0-4430-9b2b-658bdexample", "messageStatus": "DELIVERED",
            "totalMessageParts": 1, "totalMessagePrice": 0.09582}"#;
        let receipts = texts(Some(message.to_owned()), now()).expect("a receipt");
        assert_eq!(receipts[0].reference, "862a8790-60c0-4430-9b2b-658bdexample");
        assert_eq!(receipts[0].outcome, Outcome::Delivered);
        assert_eq!(receipts[0].price, Some((95_820, "USD".to_owned())));
        let accepted = message.replace("\"DELIVERED\"", "\"SUCCESSFUL\"");
        let receipts = texts(Some(accepted), now()).expect("a receipt");
        assert_eq!(receipts[0].outcome, Outcome::Pending, "the carrier took it, no more");
    }

    /// The examples of the delivery log in Amazon's documentation.
    #[test]
    fn a_line_of_the_delivery_log_is_a_receipt() {
        let line = r#"{"notification": {"messageId": "34d9b400-c6dd-5444-820d-fbeb0f1f54cf", "timestamp": "2016-06-28 00:40:34.558"},
            "delivery": {"phoneCarrier": "My Phone Carrier", "priceInUSD": 0.00645, "destination": "+1XXX5550100",
            "providerResponse": "Message has been delivered"}, "status": "SUCCESS"}"#;
        let receipts = texts(Some(line.to_owned()), now()).expect("a receipt");
        assert_eq!(
            (receipts[0].outcome, receipts[0].price.clone()),
            (Outcome::Delivered, Some((6_450, "USD".to_owned())))
        );
        let failed = line.replace("SUCCESS", "FAILURE");
        assert_eq!(texts(Some(failed), now()).expect("a receipt")[0].outcome, Outcome::Failed { code: None });
    }

    #[test]
    fn bounces_of_ses_are_told_apart() {
        let event = |kind: &str, bounce: &str| {
            let event = format!(
                r#"{{"notificationType": "{kind}", "bounce": {{"bounceType": "{bounce}", "timestamp": "2016-01-27T14:59:38.237Z"}},
                "mail": {{"messageId": "00000138111222aa-33322211", "timestamp": "2016-01-27T14:59:38.237Z",
                "headers": [{{"name": "Message-ID", "value": "<mail-1@example.com>"}}]}}}}"#
            );
            let receipt = mails(Some(event), now()).expect("a receipt").remove(0);
            assert_eq!(
                (receipt.reference.as_str(), receipt.message_id.as_deref()),
                ("00000138111222aa-33322211", Some("mail-1"))
            );
            receipt.outcome
        };
        assert_eq!(event("Bounce", "Permanent"), Outcome::Failed { code: None });
        assert_eq!(event("Bounce", "Transient"), Outcome::Pending);
        assert_eq!(event("Complaint", ""), Outcome::Failed { code: None });
        assert_eq!(event("Delivery", ""), Outcome::Delivered);
    }
}
