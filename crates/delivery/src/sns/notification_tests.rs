//! Posts signed with a key of our own, under a certificate of our own.

use super::*;
use crate::PrivateKey;
use serde_json::{Value, json};
use std::time::Duration;

const ARN: &str = "arn:aws:sns:us-west-2:123456789012:MyTopic";
const CERTIFICATE_URL: &str = "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ec.pem";
const CERTIFICATE: &[u8] = include_bytes!("../../tests/data/sns-cert.pem");
const KEY: &str = include_str!("../../tests/data/sns-key.pem");

fn now() -> Timestamp {
    "2026-11-25T10:00:00.000Z".parse().expect("a time")
}

/// The post of Amazon's documentation, of this hour and signed by us.
fn post(change: impl FnOnce(&mut Value)) -> Value {
    let mut post = json!({
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": ARN,
        "Subject": "My First Message",
        "Message": "Hello world!",
        "Timestamp": "2026-11-25T09:59:59.000Z",
        "SignatureVersion": "2",
        "SigningCertURL": CERTIFICATE_URL,
        "Signature": "",
    });
    change(&mut post);
    let read: Post = serde_json::from_value(post.clone()).expect("a post");
    let text = signed(&read).expect("something to sign");
    let signature = PrivateKey::from_pem(&KEY.into()).expect("a key").sign(text.as_bytes());
    post["Signature"] = json!(STANDARD.encode(signature.expect("a signature")));
    post
}

async fn open(post: &Value) -> Result<Option<String>, ReceiptFault> {
    let topic = Topic::parse(ARN).expect("a topic");
    let kept = Some((CERTIFICATE_URL.to_owned(), CERTIFICATE.to_vec()));
    *topic.certificate.lock().expect("nobody else") = kept;
    let url = Url::parse("https://auth.example.com/receipts/sns").expect("a URL");
    let (headers, body) = (reqwest::header::HeaderMap::new(), post.to_string());
    let request = ReceiptRequest { url: &url, headers: &headers, body: body.as_bytes(), now: now() };
    let outbound = Outbound::default();
    let opened = topic.open(&request, &outbound);
    tokio::time::timeout(Duration::from_secs(8), opened).await.expect("an answer")
}

#[tokio::test]
async fn both_versions_of_the_signature_are_known() {
    assert_eq!(open(&post(|_| ())).await, Ok(Some("Hello world!".to_owned())));
    // Version 1 is SHA-1, which this program can verify and not make: by openssl, with the same key.
    let mut first = post(|it| it["SignatureVersion"] = json!("1"));
    first["Signature"] = json!(include_str!("../../tests/data/sns-sha1.txt").trim());
    assert_eq!(open(&first).await, Ok(Some("Hello world!".to_owned())));
    let unknown = post(|it| it["SignatureVersion"] = json!("3"));
    assert_eq!(open(&unknown).await, Err(ReceiptFault::Forged));
}

#[tokio::test]
async fn what_was_changed_after_signing_is_refused() {
    for field in ["Message", "MessageId", "Subject", "Timestamp"] {
        let mut post = post(|_| ());
        post[field] = json!("2026-11-25T09:59:58.000Z");
        assert_eq!(open(&post).await, Err(ReceiptFault::Forged), "{field}");
    }
}

#[tokio::test]
async fn another_topic_an_old_post_and_a_foreign_certificate_are_refused() {
    let other = post(|it| it["TopicArn"] = json!("arn:aws:sns:us-west-2:999999999999:MyTopic"));
    assert_eq!(open(&other).await, Err(ReceiptFault::Forged));
    for time in ["2026-11-25T08:59:59.000Z", "2026-11-25T10:05:01.000Z"] {
        let untimely = post(|it| it["Timestamp"] = json!(time));
        assert_eq!(open(&untimely).await, Err(ReceiptFault::Untimely), "{time}");
    }
    for url in [
        "http://sns.us-west-2.amazonaws.com/x.pem",
        "https://sns.us-west-2.amazonaws.com.evil.com/x.pem",
        "https://sns.us-east-1.amazonaws.com/x.pem",
        "https://sns.us-west-2.amazonaws.com@evil.com/x.pem",
        "https://sns.us-west-2.amazonaws.com:8443/x.pem",
        "https://sns.us-west-2.amazonaws.com/?Action=x",
        "https://169.254.169.254/x.pem",
    ] {
        let foreign = post(|it| it["SigningCertURL"] = json!(url));
        assert_eq!(open(&foreign).await, Err(ReceiptFault::Forged), "{url}");
    }
}

#[tokio::test]
async fn a_confirmation_that_leads_elsewhere_is_not_followed() {
    let post = post(|it| {
        it["Type"] = json!("SubscriptionConfirmation");
        it["Token"] = json!("2336412f37");
        it["SubscribeURL"] = json!("https://169.254.169.254/latest/meta-data");
    });
    assert_eq!(open(&post).await, Err(ReceiptFault::Forged));
}

#[test]
fn only_the_arn_of_a_topic_is_one() {
    for arn in [
        "",
        "arn:aws:sns:us-west-2:123456789012",
        "arn:aws:sqs:us-west-2:123456789012:q",
        "arn:aws:sns:us-west-2.evil.com#:123456789012:t",
    ] {
        assert_eq!(Topic::parse(arn).err(), Some(ConfigurationFault::SnsTopic), "{arn}");
    }
}
