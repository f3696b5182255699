//! DKIM as whoever receives a mail checks it: from the letter as it came and the published record, by RFC 6376 and
//! RFC 8463, with no code of the signer's.

use crate::{
    post_office::{Manner, PostOffice},
    samples::{NOW, mail},
};
use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use delivery::{DkimConfig, Mail, Mailer, Security, Smtp, SmtpConfig};
use domain::email::EmailAddress;
use std::collections::BTreeMap;

fn key(selector: &str, pem: &str) -> DkimConfig {
    DkimConfig {
        domain: "vestibule.example".to_owned(),
        selector: selector.to_owned(),
        private_key: pem.into(),
    }
}

/// What arrived, signed by both keys, and their records by name.
async fn received(mail: &Mail) -> (String, BTreeMap<String, String>) {
    let office = PostOffice::open(Manner::Obliging).await;
    let config = SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port: office.port,
        security: Security::None,
        credentials: None,
        from_name: "Acme  &  Söhne".to_owned(),
        from_address: EmailAddress::parse("door@vestibule.example").unwrap(),
        trusted: None,
        dkim: vec![
            key("rsa", include_str!("../data/dkim-rsa.pem")),
            key("ed", include_str!("../data/dkim-ed25519.pem")),
        ],
    };
    let smtp = Smtp::new(&config).unwrap();
    let records = smtp.dkim().iter().map(|it| (it.record_name(), it.record())).collect();
    Mailer::Smtp(Box::new(smtp)).send(mail, NOW).await.unwrap();
    let lines = office.letter();
    let unstuffed = lines.iter().map(|it| it.strip_prefix('.').unwrap_or(it));
    (unstuffed.flat_map(|it| [it, "\r\n"]).collect(), records)
}

/// Name and value of each header, lines of one joined.
fn headers(head: &str) -> Vec<(String, String)> {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let split =
        |line: &str| line.split_once(':').map(|(name, value)| (name.trim().to_lowercase(), squeezed(value)));
    unfolded.split("\r\n").filter_map(split).collect()
}

fn squeezed(text: &str) -> String {
    text.split([' ', '\t']).filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

fn body_hash(body: &str) -> String {
    let squeezed_line = |line: &str| {
        let begins = if line.starts_with([' ', '\t']) && !squeezed(line).is_empty() { " " } else { "" };
        format!("{begins}{}\r\n", squeezed(line))
    };
    let mut canonical: String =
        body.strip_suffix("\r\n").unwrap_or(body).split("\r\n").map(squeezed_line).collect();
    while canonical.ends_with("\r\n\r\n") {
        canonical.truncate(canonical.len() - 2);
    }
    STANDARD.encode(digest(&SHA256, canonical.as_bytes()))
}

fn tags(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split(';').filter_map(|it| it.split_once('='));
    pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

/// How many signatures there are, and how many of them are good.
fn judged(letter: &str, records: &BTreeMap<String, String>) -> (usize, usize) {
    let (head, body) = letter.split_once("\r\n\r\n").unwrap();
    let headers = headers(head);
    let signatures: Vec<&String> =
        headers.iter().filter(|it| it.0 == "dkim-signature").map(|it| &it.1).collect();
    let good = signatures.iter().filter(|it| is_good(it, &headers, body, records)).count();
    (signatures.len(), good)
}

fn is_good(own: &str, headers: &[(String, String)], body: &str, records: &BTreeMap<String, String>) -> bool {
    let said = tags(own);
    let record = tags(&records[&format!("{}._domainkey.{}", said["s"], said["d"])]);
    let mut left = headers.to_vec();
    let mut signed = String::new();
    for name in said["h"].split(':').map(|it| it.trim().to_lowercase()) {
        if let Some(at) = left.iter().rposition(|it| it.0 == name) {
            let (name, value) = left.remove(at);
            signed.extend([&name, ":", &value, "\r\n"]);
        }
    }
    let (unsigned, _) = own.split_once("; b=").unwrap();
    signed.extend(["dkim-signature:", unsigned, "; b="]);
    let signature = STANDARD.decode(said["b"].replace(' ', "")).unwrap();
    let public = STANDARD.decode(&record["p"]).unwrap();
    let verified = match (said["a"].as_str(), record["k"].as_str()) {
        ("rsa-sha256", "rsa") => {
            UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public).verify(signed.as_bytes(), &signature)
        }
        ("ed25519-sha256", "ed25519") => {
            let hash = digest(&SHA256, signed.as_bytes());
            UnparsedPublicKey::new(&ED25519, public).verify(hash.as_ref(), &signature)
        }
        other => panic!("{other:?}"),
    };
    said["c"] == "relaxed/relaxed" && verified.is_ok() && said["bh"].replace(' ', "") == body_hash(body)
}

fn awkward() -> Mail {
    let text = "Grüße  \n\n.\n..two\n \t blanks\t\n\n\n".to_owned();
    Mail { subject: "Zürich: ".repeat(30), text, ..mail("mail-1") }
}

#[tokio::test]
async fn a_letter_is_signed_by_both_kinds_of_key() {
    for mail in [mail("mail-1"), awkward()] {
        let (letter, records) = received(&mail).await;
        // For another verifier, such as dkimpy, which takes them too.
        if let Ok(folder) = std::env::var("VESTIBULE_LETTERS") {
            std::fs::write(format!("{folder}/{}.eml", mail.subject.len()), &letter).unwrap();
        }
        assert_eq!(judged(&letter, &records), (2, 2), "{letter}");
    }
}

#[tokio::test]
async fn what_was_changed_on_the_way_is_signed_no_more() {
    let (letter, records) = received(&mail("mail-1")).await;
    for (before, after) in [
        ("Subject: Sign in", "Subject: Sign up"),
        ("<door@vestibule.example>", "<door@vestibule.examp1e>"),
        ("To: Ada@acme.com", "To: Eve@acme.com"),
        ("token=t0ken", "token=other"),
        ("From: ", "From: eve@evil.example\r\nFrom: "), // one more on top
    ] {
        let changed = letter.replacen(before, after, 1);
        assert!(changed != letter && judged(&changed, &records) == (2, 0), "{before} -> {after}");
    }
}
