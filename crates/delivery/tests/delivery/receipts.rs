//! Receipts as the documentation of each provider shows them, signed and forged.

use crate::samples::{NOW, provider};
use aws_lc_rs::{digest, hmac};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use data_encoding::HEXLOWER;
use delivery::{
    Bird, BirdConfig, Carrier, MailReceipts, Mailer, Outbound, Outcome, Provider, Receipt, ReceiptFault,
    ReceiptRequest, Security, SignedWebhook, Smtp, SmtpConfig, Twilio, TwilioConfig, Vonage, VonageConfig,
    WebhookConfig,
    receipts::{read, read_mail},
};
use domain::{Timestamp, email::EmailAddress, time::Span};
use serde_json::json;

const URL: &str = "https://auth.example.com/receipts/sample";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const KEY: &str = include_str!("../data/sns-key.pem");

struct Post {
    headers: Vec<(&'static str, String)>,
    body: String,
}

async fn at(
    provider: &Provider,
    url: &str,
    post: &Post,
    now: Timestamp,
) -> Result<Vec<Receipt>, ReceiptFault> {
    let headers = post.headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    let (headers, url) = (headers.collect(), url.parse().unwrap());
    let request = ReceiptRequest { url: &url, headers: &headers, body: post.body.as_bytes(), now };
    read(provider, &request, &Outbound::default()).await
}

async fn outcome(provider: &Provider, post: &Post) -> Result<Outcome, ReceiptFault> {
    at(provider, URL, post, NOW).await.map(|it| it[0].outcome)
}

fn mac(algorithm: hmac::Algorithm, key: &[u8], text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(algorithm, key), text).as_ref().to_vec()
}

fn twilio() -> Provider {
    let config = TwilioConfig {
        account_sid: "AC0123".to_owned(),
        auth_token: "t0p-secret".into(),
        from: "+15005550006".to_owned(),
        base_url: None,
        receipts: None,
    };
    provider(Carrier::Twilio(Twilio::new(config).unwrap()))
}

/// `fields` in the order of their names.
fn twilio_post(fields: &[(&str, &str)], token: &[u8]) -> Post {
    let signed = fields.iter().fold(URL.to_owned(), |all, (name, value)| all + name + value);
    let tag = mac(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token, signed.as_bytes());
    let body: Vec<String> = fields.iter().map(|(n, v)| format!("{n}={}", v.replace('+', "%2B"))).collect();
    Post { headers: vec![("x-twilio-signature", STANDARD.encode(tag))], body: body.join("&") }
}

#[tokio::test]
async fn twilio_is_believed_by_its_signature_over_the_public_url() {
    let fields = |status| {
        [("ErrorCode", "30003"), ("MessageSid", "SM1"), ("MessageStatus", status), ("To", "+12025550123")]
    };
    let post = |status| twilio_post(&fields(status), b"t0p-secret");
    for (status, outcome_of_it) in [
        ("delivered", Outcome::Delivered),
        ("sent", Outcome::Pending),
        ("undelivered", Outcome::Failed { code: Some(30003) }),
    ] {
        assert_eq!(outcome(&twilio(), &post(status)).await, Ok(outcome_of_it), "{status}");
    }
    let elsewhere = at(&twilio(), "https://evil.example/receipts/sample", &post("delivered"), NOW).await;
    assert_eq!(elsewhere, Err(ReceiptFault::Forged));
    let forged = twilio_post(&fields("delivered"), b"another");
    assert_eq!(outcome(&twilio(), &forged).await, Err(ReceiptFault::Forged));
    let changed = Post { body: post("failed").body.replace("SM1", "SM2"), ..post("failed") };
    assert_eq!(outcome(&twilio(), &changed).await, Err(ReceiptFault::Forged));
    let bare = Post { headers: Vec::new(), ..post("delivered") };
    assert_eq!(outcome(&twilio(), &bare).await, Err(ReceiptFault::Forged));
}

fn vonage() -> Provider {
    let config = VonageConfig {
        application_id: "aaaaaaaa-bbbb".to_owned(),
        private_key: KEY.into(),
        from: "Acme".to_owned(),
        signature_secret: Some("signature-secret".into()),
        receipts: None,
        base_url: None,
    };
    provider(Carrier::Vonage(Vonage::new(config).unwrap()))
}

fn vonage_post(body: &str, alg: &str, key: &str, iat: i64) -> Post {
    let hash = HEXLOWER.encode(digest::digest(&digest::SHA256, body.as_bytes()).as_ref());
    let claims =
        json!({"iat": iat, "jti": "c5ba8f24", "iss": "Vonage", "payload_hash": hash, "api_key": "a1b2c3d"});
    let part = |it: serde_json::Value| URL_SAFE_NO_PAD.encode(it.to_string());
    let signed = format!("{}.{}", part(json!({"alg": alg, "typ": "JWT"})), part(claims));
    let tag = URL_SAFE_NO_PAD.encode(mac(hmac::HMAC_SHA256, key.as_bytes(), signed.as_bytes()));
    Post { headers: vec![("authorization", format!("Bearer {signed}.{tag}"))], body: body.to_owned() }
}

#[tokio::test]
async fn vonage_is_believed_by_a_token_that_names_the_body() {
    let body = r#"{"message_uuid": "aaaaaaaa-bbbb-cccc-dddd-0123456789ab", "to": "447700900000",
        "from": "447700900001", "timestamp": "2023-05-01T14:00:00.000Z", "status": "rejected",
        "error": {"type": "https://developer.vonage.com/api-errors/messages#1260", "title": "1260"},
        "usage": {"currency": "EUR", "price": "0.0333"}, "client_ref": "text-1"}"#;
    let (now, key) = (NOW.seconds(), "signature-secret");
    let receipts = at(&vonage(), URL, &vonage_post(body, "HS256", key, now), NOW).await.unwrap();
    assert_eq!(
        receipts,
        [Receipt {
            reference: "aaaaaaaa-bbbb-cccc-dddd-0123456789ab".to_owned(),
            message_id: Some("text-1".to_owned()),
            outcome: Outcome::Failed { code: Some(1260) },
            price: Some((33_300, "EUR".to_owned())),
            at: "2023-05-01T14:00:00.000Z".parse().unwrap(),
        }]
    );
    for (post, fault) in [
        (vonage_post(body, "HS256", "another-secret", now), ReceiptFault::Forged),
        (vonage_post(body, "none", key, now), ReceiptFault::Forged),
        (vonage_post(body, "HS256", key, now - 301), ReceiptFault::Untimely),
        (vonage_post(body, "HS256", key, now + 301), ReceiptFault::Untimely),
        (vonage_post("{}", "HS256", key, now), ReceiptFault::Unreadable),
    ] {
        assert_eq!(outcome(&vonage(), &post).await, Err(fault));
    }
    let swapped = Post { body: body.replace("text-1", "text-2"), ..vonage_post(body, "HS256", key, now) };
    assert_eq!(outcome(&vonage(), &swapped).await, Err(ReceiptFault::Forged));
}

fn bird() -> Provider {
    let config = BirdConfig {
        access_key: "b1rd-key".into(),
        workspace: "ws".to_owned(),
        channel: "ch".to_owned(),
        signing_key: Some("secureSigningKey".into()),
        base_url: None,
    };
    provider(Carrier::Bird(Bird::new(config).unwrap()))
}

fn bird_post(status: &str, time: i64) -> Post {
    let body = format!(
        r#"{{"service": "channels", "event": "sms.outbound", "payload": {{"id": "bird-1", "reference": "text-1", "status": "{status}"}}}}"#
    );
    let digest = digest::digest(&digest::SHA256, body.as_bytes());
    let signed = [format!("{time}\n{URL}\n").as_bytes(), digest.as_ref()].concat();
    let tag = STANDARD.encode(mac(hmac::HMAC_SHA256, b"secureSigningKey", &signed));
    Post {
        headers: vec![("messagebird-signature", tag), ("messagebird-request-timestamp", time.to_string())],
        body,
    }
}

#[tokio::test]
async fn bird_is_believed_by_its_signature_over_time_url_and_body() {
    let now = NOW.seconds();
    assert_eq!(outcome(&bird(), &bird_post("delivered", now)).await, Ok(Outcome::Delivered));
    assert_eq!(
        outcome(&bird(), &bird_post("delivery_failed", now)).await,
        Ok(Outcome::Failed { code: None })
    );
    assert_eq!(outcome(&bird(), &bird_post("delivered", now - 301)).await, Err(ReceiptFault::Untimely));
    let changed = Post { body: bird_post("delivered", now).body, ..bird_post("failed", now) };
    assert_eq!(outcome(&bird(), &changed).await, Err(ReceiptFault::Forged));
}

fn webhook() -> Provider {
    let config = WebhookConfig { url: "https://sms.acme.com".to_owned(), secret: SECRET.into() };
    provider(Carrier::Webhook(SignedWebhook::new(&config).unwrap()))
}

fn standard_post(body: &str, time: i64) -> Post {
    let key = STANDARD.decode(&SECRET["whsec_".len()..]).unwrap();
    let tag = STANDARD.encode(mac(hmac::HMAC_SHA256, &key, format!("msg-1.{time}.{body}").as_bytes()));
    let headers = vec![
        ("webhook-id", "msg-1".to_owned()),
        ("webhook-timestamp", time.to_string()),
        ("webhook-signature", format!("v1a,AAAA v1,{tag}")),
    ];
    Post { headers, body: body.to_owned() }
}

#[tokio::test]
async fn a_gateway_is_believed_for_five_minutes_either_way() {
    let body = r#"{"message_id": "text-1", "status": "delivered", "price": "0.05", "currency": "chf"}"#;
    for (late, read) in [(0, true), (300, true), (-300, true), (301, false), (-301, false)] {
        let told =
            at(&webhook(), URL, &standard_post(body, NOW.seconds()), NOW.plus(Span::seconds(late))).await;
        assert_eq!(told.is_ok(), read, "{late} s");
    }
    let told = at(&webhook(), URL, &standard_post(body, NOW.seconds()), NOW).await.unwrap();
    assert_eq!(
        (told[0].reference.as_str(), told[0].price.clone()),
        ("text-1", Some((50_000, "CHF".to_owned())))
    );
}

#[tokio::test]
async fn a_receipt_of_one_provider_is_nothing_to_another() {
    let now = NOW.seconds();
    let posts = [
        twilio_post(&[("MessageSid", "SM1"), ("MessageStatus", "delivered")], b"t0p-secret"),
        vonage_post(r#"{"message_uuid": "a", "status": "delivered"}"#, "HS256", "signature-secret", now),
        bird_post("delivered", now),
        standard_post(r#"{"message_id": "text-1", "status": "delivered"}"#, now),
    ];
    for (whose, provider) in [twilio(), vonage(), bird(), webhook()].iter().enumerate() {
        for (of, post) in posts.iter().enumerate() {
            let told = outcome(provider, post).await;
            assert_eq!(told, if whose == of { Ok(Outcome::Delivered) } else { Err(ReceiptFault::Forged) });
        }
    }
}

#[tokio::test]
async fn what_is_signed_and_cannot_be_read_is_refused() {
    for body in [
        "",
        "{",
        "[]",
        r#"{"status": "delivered"}"#,
        r#"{"message_id": "a b", "status": "delivered"}"#,
        r#"{"message_id": "a", "status": "flown"}"#,
    ] {
        let told = outcome(&webhook(), &standard_post(body, NOW.seconds())).await;
        assert_eq!(told, Err(ReceiptFault::Unreadable), "{body}");
    }
}

#[tokio::test]
async fn bounces_of_mails_are_receipts() {
    let config = SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port: 25,
        security: Security::None,
        credentials: None,
        from_name: String::new(),
        from_address: EmailAddress::parse("door@acme.example").unwrap(),
        trusted: None,
        dkim: Vec::new(),
    };
    let smtp = Smtp::new(&config).unwrap();
    let believing = smtp.clone().with_receipts(MailReceipts::webhook(&SECRET.into()).unwrap());
    let (deaf, mailer) = (Mailer::Smtp(Box::new(smtp)), Mailer::Smtp(Box::new(believing)));
    for (body, outcome) in [
        (
            r#"{"message_id": "mail-1", "type": "bounce", "permanent": true, "code": 550}"#,
            Outcome::Failed { code: Some(550) },
        ),
        (r#"{"message_id": "mail-1", "type": "bounce"}"#, Outcome::Pending),
        (r#"{"message_id": "mail-1", "type": "complaint"}"#, Outcome::Failed { code: None }),
        (r#"{"message_id": "mail-1", "type": "delivered"}"#, Outcome::Delivered),
    ] {
        let post = standard_post(body, NOW.seconds());
        let headers =
            post.headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        let (headers, url) = (headers.collect(), URL.parse().unwrap());
        let request = ReceiptRequest { url: &url, headers: &headers, body: body.as_bytes(), now: NOW };
        let told = read_mail(&mailer, &request, &Outbound::default()).await.unwrap();
        assert_eq!((told[0].reference.as_str(), told[0].outcome), ("mail-1", outcome));
        let unheard = read_mail(&deaf, &request, &Outbound::default()).await;
        assert_eq!(unheard, Err(ReceiptFault::Unexpected));
    }
}
