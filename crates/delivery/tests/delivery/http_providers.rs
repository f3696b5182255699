//! Vonage, SNS and Bird against a fake that misbehaves.

use crate::{
    gateway::{self, Gateway},
    samples::{MOMENT, NOW, promptly, provider, referred_to, text},
};
use delivery::{
    Bird, BirdConfig, CALL_LIMIT, Carrier, ConfigurationFault, DeliveryFault, Sns, SnsConfig, Vonage,
    VonageConfig,
};
use serde_json::{Value, json};

const KEY: &str = include_str!("../data/sns-key.pem");

fn vonage(url: &str) -> VonageConfig {
    VonageConfig {
        application_id: "aaaaaaaa-bbbb-4ccc-dddd-eeeeeeeeeeee".to_owned(),
        private_key: KEY.into(),
        from: "Acme".to_owned(),
        signature_secret: Some("signature-secret".into()),
        receipts: Some("https://auth.example.com/receipts/vonage".parse().unwrap()),
        base_url: Some(url.to_owned()),
    }
}

fn sns(url: &str) -> SnsConfig {
    SnsConfig {
        region: "eu-central-1".to_owned(),
        access_key_id: "AKIDEXAMPLE".to_owned(),
        secret_access_key: "wJalrXUtnFEMI".into(),
        sender_id: Some("Acme".to_owned()),
        receipts_topic: None,
        base_url: Some(url.to_owned()),
    }
}

fn bird(url: &str) -> BirdConfig {
    BirdConfig {
        access_key: "b1rd-key".into(),
        workspace: "ws-1".to_owned(),
        channel: "ch-1".to_owned(),
        signing_key: None,
        base_url: Some(url.to_owned()),
    }
}

fn all(url: &str) -> [Carrier; 3] {
    [
        Carrier::Vonage(Vonage::new(vonage(url)).unwrap()),
        Carrier::Sns(Sns::new(sns(url)).unwrap()),
        Carrier::Bird(Bird::new(bird(url)).unwrap()),
    ]
}

async fn send(carrier: Carrier) -> Result<delivery::Accepted, DeliveryFault> {
    provider(carrier).send(&text("text-1"), NOW, CALL_LIMIT).await
}

fn json_of(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}

#[tokio::test]
async fn vonage_is_sent_what_its_documentation_asks_for() {
    let gateway = Gateway::answering(202, r#"{"message_uuid": "aaaa-1"}"#).await;
    let [vonage, _, _] = all(&gateway.url);
    assert_eq!(send(vonage).await, Ok(referred_to("aaaa-1")));
    let call = gateway.only_call();
    assert_eq!(call.path, "/v1/messages");
    assert_eq!(
        json_of(&call.body),
        json!({
            "message_type": "text", "channel": "sms", "to": "12025550123", "from": "Acme",
            "text": "Your code is 493027 & nothing else", "client_ref": "text-1",
            "webhook_url": "https://auth.example.com/receipts/vonage", "webhook_version": "v1",
        })
    );
    assert_eq!(call.header("authorization").split('.').count(), 3, "a JWT");
}

#[tokio::test]
async fn sns_is_sent_a_signed_form() {
    let xml = "<PublishResponse><PublishResult><MessageId>567910cd-659e</MessageId></PublishResult></PublishResponse>";
    let gateway = Gateway::answering(200, xml).await;
    let [_, sns, _] = all(&gateway.url);
    assert_eq!(send(sns).await, Ok(referred_to("567910cd-659e")));
    let call = gateway.only_call();
    assert!(call.body.starts_with(
        "Action=Publish&Version=2010-03-31&PhoneNumber=%2B12025550123&Message=Your+code+is+493027+%26+"
    ));
    assert!(call.body.contains("SMSType&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=Transactional"));
    let scope = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20231114/eu-central-1/sns/aws4_request, ";
    assert!(call.header("authorization").starts_with(scope));
}

#[tokio::test]
async fn bird_is_sent_what_its_documentation_asks_for() {
    let gateway = Gateway::answering(202, r#"{"id": "bird-1", "status": "accepted"}"#).await;
    let [_, _, bird] = all(&gateway.url);
    assert_eq!(send(bird).await, Ok(referred_to("bird-1")));
    let call = gateway.only_call();
    assert_eq!(call.path, "/workspaces/ws-1/channels/ch-1/messages");
    assert_eq!(call.header("authorization"), "AccessKey b1rd-key");
    assert_eq!(
        json_of(&call.body),
        json!({
            "receiver": {"contacts": [{"identifierKey": "phonenumber", "identifierValue": "+12025550123"}]},
            "body": {"type": "text", "text": {"text": "Your code is 493027 & nothing else"}},
            "reference": "text-1",
        })
    );
}

#[tokio::test]
async fn refusals_about_the_recipient_are_final() {
    let vonage =
        r#"{"type": "https://developer.vonage.com/api-errors/messages#1240", "title": "Illegal Number"}"#;
    let gateway = Gateway::answering(422, vonage).await;
    let [it, _, _] = all(&gateway.url);
    assert_eq!(send(it).await, Err(DeliveryFault::InvalidNumber));
    for (said, fault) in [
        ("Invalid parameter: PhoneNumber Reason: +12025550123 is not valid", DeliveryFault::InvalidNumber),
        ("Phone number is opted out", DeliveryFault::Unsubscribed),
        ("Rate exceeded", DeliveryFault::Refused { status: 400, code: None }),
        ("Invalid parameter: Message too long", DeliveryFault::Rejected { status: 400, code: None }),
    ] {
        let gateway = Gateway::answering(400, &format!("<Error><Message>{said}</Message></Error>")).await;
        let [_, it, _] = all(&gateway.url);
        assert_eq!(send(it).await, Err(fault), "{said}");
    }
}

#[tokio::test]
async fn a_stumble_after_sending_is_ambiguous_and_a_redirect_is_not_followed() {
    let elsewhere = Gateway::answering(202, "{}").await;
    for place in 0..3 {
        let stumbling = Gateway::answering(500, "<html>oops").await;
        let fault = send(all(&stumbling.url)[place].clone()).await.unwrap_err();
        assert_eq!((fault, fault.is_ambiguous()), (DeliveryFault::Refused { status: 500, code: None }, true));
        let redirecting = Gateway::redirecting_to(&elsewhere.url).await;
        let fault = send(all(&redirecting.url)[place].clone()).await;
        assert_eq!(fault, Err(DeliveryFault::Refused { status: 307, code: None }));
    }
    assert!(elsewhere.calls().is_empty());
}

#[tokio::test]
async fn garbage_in_the_answer_is_an_acceptance_without_a_reference() {
    for garbage in ["", "{", "<MessageId>", "[]", "<MessageId>a b</MessageId>", &"x".repeat(1_000_000)] {
        for place in 0..3 {
            let gateway = Gateway::answering(202, garbage).await;
            let accepted = send(all(&gateway.url)[place].clone()).await.unwrap();
            assert_eq!(accepted.reference, None);
        }
    }
}

#[tokio::test]
async fn a_provider_that_hangs_or_hangs_up_is_told_apart() {
    for place in 0..3 {
        let (_listener, url) = gateway::silent().await;
        let silent = provider(all(&url)[place].clone());
        assert_eq!(promptly(silent.send(&text("text-1"), NOW, MOMENT)).await, Err(DeliveryFault::TimedOut));
        let url = gateway::hanging_up().await;
        assert_eq!(send(all(&url)[place].clone()).await, Err(DeliveryFault::BrokenOff));
        assert_eq!(send(all(&gateway::absent().await)[place].clone()).await, Err(DeliveryFault::Unreachable));
    }
}

#[tokio::test]
async fn a_check_tries_the_credentials_and_sends_nothing() {
    for (place, right) in [(0, 422), (1, 200), (2, 200)] {
        let gateway = Gateway::answering(right, "{}").await;
        assert_eq!(provider(all(&gateway.url)[place].clone()).check(NOW).await, Ok(()));
        assert!(!gateway.only_call().body.contains("Publish"));
        let strict = Gateway::answering(401, "{}").await;
        let checked = provider(all(&strict.url)[place].clone()).check(NOW).await;
        assert_eq!(checked, Err(DeliveryFault::Refused { status: 401, code: None }));
    }
}

#[test]
fn an_impossible_configuration_is_refused() {
    let url = "https://api.example.com";
    let refused = Vonage::new(VonageConfig { private_key: "not a key".into(), ..vonage(url) }).err();
    assert_eq!(refused, Some(ConfigurationFault::PrivateKey));
    let refused = Sns::new(SnsConfig { region: "evil.com/".to_owned(), ..sns(url) }).err();
    assert_eq!(refused, Some(ConfigurationFault::SnsRegion));
    let refused = Bird::new(BirdConfig { channel: "../x".to_owned(), ..bird(url) }).err();
    assert_eq!(refused, Some(ConfigurationFault::BirdChannel));
    let refused = Bird::new(BirdConfig { access_key: "two\nlines".into(), ..bird(url) }).err();
    assert_eq!(refused, Some(ConfigurationFault::Secret));
    let shown = format!("{:?}", all(url));
    assert!(!shown.contains("wJalr") && !shown.contains("b1rd-key"), "{shown}");
}
