use crate::{
    gateway::{self, Gateway},
    samples::{MOMENT, NOW, promptly, provider, referred_to, send_by, text},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use delivery::{Accepted, Carrier, ConfigurationFault, DeliveryFault, Twilio, TwilioConfig};

const SENDER: &str = "+15005550006";

fn config(from: &str, base_url: &str) -> TwilioConfig {
    TwilioConfig {
        account_sid: "AC0123".to_owned(),
        auth_token: "t0p-secret".into(),
        from: from.to_owned(),
        base_url: Some(base_url.to_owned()),
        receipts: None,
    }
}

async fn send(from: &str, base_url: &str) -> Result<Accepted, DeliveryFault> {
    send_by(Carrier::Twilio(Twilio::new(config(from, base_url)).unwrap())).await
}

async fn fault_for(status: u16, body: &str) -> DeliveryFault {
    let gateway = Gateway::answering(status, body).await;
    send(SENDER, &gateway.url).await.unwrap_err()
}

#[tokio::test]
async fn a_message_is_posted_as_twilio_wants_it() {
    let gateway = Gateway::answering(201, r#"{"sid": "SM1", "status": "queued"}"#).await;
    assert_eq!(send(SENDER, &format!("{}/", gateway.url)).await, Ok(referred_to("SM1")));

    let call = gateway.only_call();
    assert_eq!(call.path, "/2010-04-01/Accounts/AC0123/Messages.json");
    assert_eq!(call.header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(call.header("authorization"), format!("Basic {}", STANDARD.encode("AC0123:t0p-secret")));
    assert_eq!(call.body, "To=%2B12025550123&From=%2B15005550006&Body=Your+code+is+493027+%26+nothing+else");
}

#[tokio::test]
async fn a_messaging_service_is_named_as_such() {
    let gateway = Gateway::answering(200, "{}").await;
    assert_eq!(send("MG0123", &gateway.url).await, Ok(Accepted::default()), "an answer without a reference");
    assert!(gateway.only_call().body.contains("&MessagingServiceSid=MG0123&"));
}

#[tokio::test]
async fn a_refusal_keeps_the_number_of_the_reason_only() {
    let body = r#"{"code": 30003, "message": "Unreachable: +12025550123", "status": 400}"#;
    let fault = fault_for(400, body).await;
    assert_eq!(fault, DeliveryFault::Rejected { status: 400, code: Some(30003) });
    assert_eq!(fault.to_string(), "the provider rejected the message (status 400, code 30003)");
}

#[tokio::test]
async fn refusals_about_the_recipient_are_told_apart() {
    assert_eq!(fault_for(400, r#"{"code": 21610}"#).await, DeliveryFault::Unsubscribed);
    assert_eq!(fault_for(400, r#"{"code": 21211}"#).await, DeliveryFault::InvalidNumber);
    assert_eq!(fault_for(400, r#"{"code": 21614}"#).await, DeliveryFault::InvalidNumber);
}

#[tokio::test]
async fn a_refusal_without_a_reason_is_still_a_refusal() {
    for body in ["", "<html>", "{}", r#"{"code": "x"}"#] {
        assert_eq!(fault_for(503, body).await, DeliveryFault::Refused { status: 503, code: None }, "{body}");
    }
}

#[tokio::test]
async fn an_oversized_refusal_is_cut() {
    let body = format!(r#"{{"message": "{}", "code": 21610}}"#, "x".repeat(70_000));
    assert_eq!(fault_for(400, &body).await, DeliveryFault::Rejected { status: 400, code: None });
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Gateway::answering(201, "{}").await;
    let gateway = Gateway::redirecting_to(&elsewhere.url).await;
    let sent = send(SENDER, &gateway.url).await;
    assert_eq!(sent, Err(DeliveryFault::Refused { status: 307, code: None }));
    assert!(elsewhere.calls().is_empty());
}

#[tokio::test]
async fn a_silent_twilio_is_given_up_on() {
    let (_listener, url) = gateway::silent().await;
    let twilio = provider(Carrier::Twilio(Twilio::new(config(SENDER, &url)).unwrap()));
    assert_eq!(promptly(twilio.send(&text("text-1"), NOW, MOMENT)).await, Err(DeliveryFault::TimedOut));
}

#[tokio::test]
async fn an_absent_twilio_is_unreachable() {
    assert_eq!(send(SENDER, &gateway::absent().await).await, Err(DeliveryFault::Unreachable));
}

#[test]
fn an_impossible_configuration_is_refused() {
    let good = || config(SENDER, "https://api.acme.com");
    let refused = |config| Twilio::new(config).err();
    assert_eq!(refused(good()), None);
    assert_eq!(refused(TwilioConfig { base_url: None, ..good() }), None);
    let climbing = TwilioConfig { account_sid: "../AC0123".to_owned(), ..good() };
    assert_eq!(refused(climbing), Some(ConfigurationFault::TwilioAccountSid));
    let tokenless = TwilioConfig { auth_token: "".into(), ..good() };
    assert_eq!(refused(tokenless), Some(ConfigurationFault::TwilioAuthToken));
    assert_eq!(refused(config(" ", "https://api.acme.com")), Some(ConfigurationFault::TwilioFrom));
    assert_eq!(refused(config(SENDER, "http://api.acme.com")), Some(ConfigurationFault::Url));
}
