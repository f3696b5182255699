//! A message of each kind.

use delivery::{Accepted, CALL_LIMIT, Carrier, DeliveryFault, Mail, Provider, TextMessage};
use domain::{Timestamp, email::EmailAddress, phone::PhoneNumber};
use std::{future::Future, time::Duration};

pub const NOW: Timestamp = Timestamp::from_milliseconds(1_700_000_000_250);

/// Long enough for anything that happens at all.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Short enough to wait for in a test.
pub const MOMENT: Duration = Duration::from_millis(50);

pub fn text(id: &str) -> TextMessage {
    TextMessage {
        id: id.to_owned(),
        to: PhoneNumber::parse("+12025550123").unwrap(),
        text: "Your code is 493027 & nothing else".to_owned(),
        code: Some("493027".to_owned()),
    }
}

pub fn mail(id: &str) -> Mail {
    Mail {
        id: id.to_owned(),
        to: EmailAddress::parse("Ada@acme.com").unwrap(),
        subject: "Sign in to Acme".to_owned(),
        text: "Open https://acme.com/in?token=t0ken".to_owned(),
        html: "<a href=\"https://acme.com/in?token=t0ken\">Sign in</a>".to_owned(),
        link: Some("https://acme.com/in?token=t0ken".to_owned()),
        code: Some("493027".to_owned()),
    }
}

pub fn provider(carrier: Carrier) -> Provider {
    Provider::new("sample", Vec::new(), carrier).unwrap()
}

/// One message through one provider, with all the time there is.
pub async fn send_by(carrier: Carrier) -> Result<Accepted, DeliveryFault> {
    provider(carrier).send(&text("text-1"), NOW, CALL_LIMIT).await
}

pub fn referred_to(reference: &str) -> Accepted {
    Accepted { reference: Some(reference.to_owned()), segments: None }
}

/// The outcome of a send that is given a moment, and must not take the default limit.
pub async fn promptly<T>(send: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(3), send).await.unwrap()
}
