use crate::{
    gateway::{self, Gateway},
    samples::{MOMENT, NOW, promptly, provider, referred_to, send_by, text},
};
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use delivery::{
    Accepted, CALL_LIMIT, Carrier, ConfigurationFault, DeliveryFault, SignedWebhook, WebhookConfig,
};
use domain::Timestamp;
use serde_json::{Value, json};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn webhook(url: &str) -> SignedWebhook {
    SignedWebhook::new(&config(url, SECRET)).unwrap()
}

fn config(url: &str, secret: &str) -> WebhookConfig {
    WebhookConfig { url: url.to_owned(), secret: secret.into() }
}

async fn send(url: &str) -> Result<Accepted, DeliveryFault> {
    send_by(Carrier::Webhook(webhook(url))).await
}

#[tokio::test]
async fn a_message_reaches_the_operators_url_as_json() {
    let gateway = Gateway::answering(202, "").await;
    assert_eq!(send(&format!("{}/hooks/sms?tenant=7", gateway.url)).await, Ok(referred_to("text-1")));

    let call = gateway.only_call();
    assert_eq!(
        (call.path.as_str(), call.header("content-type")),
        ("/hooks/sms?tenant=7", "application/json")
    );
    let body: Value = serde_json::from_str(&call.body).unwrap();
    assert_eq!(
        body,
        json!({
            "id": "text-1",
            "channel": "sms",
            "to": "+12025550123",
            "text": "Your code is 493027 & nothing else",
            "sent_at": "2023-11-14T22:13:20.25Z",
        })
    );
}

#[tokio::test]
async fn the_signature_covers_id_time_and_body() {
    let gateway = Gateway::answering(200, "").await;
    assert_eq!(send(&gateway.url).await, Ok(referred_to("text-1")));

    let call = gateway.only_call();
    assert_eq!((call.header("webhook-id"), call.header("webhook-timestamp")), ("text-1", "1700000000"));
    let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(&SECRET["whsec_".len()..]).unwrap());
    let tag = STANDARD.decode(call.header("webhook-signature").strip_prefix("v1,").unwrap()).unwrap();
    assert!(hmac::verify(&key, format!("text-1.1700000000.{}", call.body).as_bytes(), &tag).is_ok());
}

#[expect(clippy::disallowed_methods, reason = "the library looks at the clock of the machine")]
fn by_the_machine() -> Timestamp {
    let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp::from_milliseconds(elapsed.as_millis().try_into().unwrap())
}

#[tokio::test]
async fn the_library_of_standard_webhooks_believes_it_and_nothing_else() {
    let gateway = Gateway::answering(200, "").await;
    provider(Carrier::Webhook(webhook(&gateway.url)))
        .send(&text("text-1"), by_the_machine(), CALL_LIMIT)
        .await
        .unwrap();
    let call = gateway.only_call();
    let library = standardwebhooks::Webhook::new(SECRET).unwrap();
    library.verify(call.body.as_bytes(), &call.headers).unwrap();
    assert!(library.verify(call.body.replace("493027", "493028").as_bytes(), &call.headers).is_err());
    let other = standardwebhooks::Webhook::new("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    assert!(other.verify(call.body.as_bytes(), &call.headers).is_err());
}

#[tokio::test]
async fn any_other_status_is_a_refusal() {
    for status in [401, 403, 404, 408, 429, 500, 503] {
        let gateway = Gateway::answering(status, "no").await;
        assert_eq!(send(&gateway.url).await, Err(DeliveryFault::Refused { status, code: None }));
    }
}

#[tokio::test]
async fn a_refusal_of_the_message_itself_is_told_from_one_that_passes() {
    for status in [400, 413, 422] {
        let gateway = Gateway::answering(status, "no").await;
        let fault = send(&gateway.url).await.unwrap_err();
        assert_eq!(fault, DeliveryFault::Rejected { status, code: None });
        assert!(!fault.is_passing() && !fault.is_final(), "another provider may take it");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Gateway::answering(200, "").await;
    let gateway = Gateway::redirecting_to(&elsewhere.url).await;
    assert_eq!(send(&gateway.url).await, Err(DeliveryFault::Refused { status: 307, code: None }));
    assert!(elsewhere.calls().is_empty());
}

#[tokio::test]
async fn a_silent_gateway_is_given_up_on() {
    let (_listener, url) = gateway::silent().await;
    let gateway = provider(Carrier::Webhook(webhook(&url)));
    assert_eq!(promptly(gateway.send(&text("text-1"), NOW, MOMENT)).await, Err(DeliveryFault::TimedOut));
}

#[tokio::test]
async fn an_absent_gateway_is_unreachable() {
    assert_eq!(send(&gateway::absent().await).await, Err(DeliveryFault::Unreachable));
}

#[tokio::test]
async fn an_id_that_would_break_the_headers_is_unsendable() {
    let gateway = Gateway::answering(200, "").await;
    let provider = provider(Carrier::Webhook(webhook(&gateway.url)));
    let sent = provider.send(&text("text-1\r\nx-injected: yes"), NOW, CALL_LIMIT).await;
    assert_eq!(sent, Err(DeliveryFault::Unsendable));
    assert!(gateway.calls().is_empty());
}

#[test]
fn a_secret_that_is_not_a_standard_webhooks_secret_is_refused() {
    let long = format!("whsec_{}", STANDARD.encode([7; 65]));
    for secret in
        ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_not base64", &long]
    {
        let refused = SignedWebhook::new(&config("https://sms.acme.com", secret)).err();
        assert_eq!(refused, Some(ConfigurationFault::WebhookSecret), "{secret}");
    }
}

#[test]
fn plaintext_beyond_loopback_is_refused() {
    let refused = SignedWebhook::new(&config("http://sms.acme.com", SECRET)).err();
    assert_eq!(refused, Some(ConfigurationFault::Url));
    assert!(SignedWebhook::new(&config("https://sms.acme.com", SECRET)).is_ok());
}
