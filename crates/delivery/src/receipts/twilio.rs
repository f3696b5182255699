//! Twilio's status callbacks: a form, signed over URL and fields by HMAC-SHA-1
//! under the auth token. The signature bears no time: an old callback can be
//! sent again, and says again what it said.

use super::{Outcome, Receipt, ReceiptFault, ReceiptRequest, header, reference};
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded;

pub fn read(token: &SecretString, request: &ReceiptRequest<'_>) -> Result<Vec<Receipt>, ReceiptFault> {
    let mut fields: Vec<(String, String)> = form_urlencoded::parse(request.body).into_owned().collect();
    fields.sort();
    let tag = STANDARD.decode(header(request, "x-twilio-signature")?).map_err(|_| ReceiptFault::Forged)?;
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.expose_secret().as_bytes());
    hmac::verify(&key, signed(request.url.as_str(), &fields).as_bytes(), &tag)
        .map_err(|_| ReceiptFault::Forged)?;
    receipt(&fields, request).map(|it| vec![it])
}

fn signed(url: &str, fields: &[(String, String)]) -> String {
    fields.iter().fold(url.to_owned(), |all, (name, value)| all + name + value)
}

fn receipt(fields: &[(String, String)], request: &ReceiptRequest<'_>) -> Result<Receipt, ReceiptFault> {
    let field = |name: &str| fields.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str());
    let code = field("ErrorCode").and_then(|it| it.parse().ok());
    let outcome = match field("MessageStatus").ok_or(ReceiptFault::Unreadable)? {
        "delivered" | "read" => Outcome::Delivered,
        "undelivered" | "failed" | "canceled" => Outcome::Failed { code },
        "accepted" | "scheduled" | "queued" | "sending" | "sent" => Outcome::Pending,
        _ => return Err(ReceiptFault::Unreadable),
    };
    Ok(Receipt {
        reference: reference(field("MessageSid").ok_or(ReceiptFault::Unreadable)?)?,
        message_id: None,
        outcome,
        price: None,
        at: request.now,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Twilio's page on webhook security.
    #[test]
    fn a_published_request_has_the_published_signature() {
        let from = "+14158675309";
        let fields = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", from),
            ("Digits", "1234"),
            ("From", from),
            ("To", "+18005551212"),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, b"12345");
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let tag = hmac::sign(&key, signed(url, &fields).as_bytes());
        assert_eq!(STANDARD.encode(tag), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    }
}
