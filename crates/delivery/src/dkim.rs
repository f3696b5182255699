//! DKIM signatures on our mails: RFC 6376 with RSA, RFC 8463 with Ed25519;
//! relaxed canonicalization of both parts.
//!
//! Only signing, and only of what [`letter`](crate::letter) writes. The ready
//! crates sign with `rsa`, whose private operations leak through timing.

use crate::{ConfigurationFault, DeliveryFault, PrivateKey};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::Timestamp;
use secrecy::SecretString;

/// What is signed of the header. One `from` more than there is, so that none
/// can be added before it.
const SIGNED: [&str; 9] =
    ["from", "to", "subject", "date", "message-id", "mime-version", "content-type", "auto-submitted", "from"];

pub struct DkimConfig {
    /// The sender's domain, or one above it.
    pub domain: String,
    pub selector: String,
    /// PEM, RSA of at least 2048 bits or Ed25519.
    pub private_key: SecretString,
}

#[derive(Debug, Clone)]
pub struct Dkim {
    domain: String,
    selector: String,
    key: PrivateKey,
}

impl Dkim {
    /// # Errors
    /// What of the configuration is impossible.
    pub fn new(config: &DkimConfig, sender_domain: &str) -> Result<Self, ConfigurationFault> {
        let (domain, selector) = (config.domain.to_ascii_lowercase(), config.selector.clone());
        let sender = sender_domain.to_ascii_lowercase();
        let aligned = sender == domain || sender.ends_with(&format!(".{domain}"));
        if !is_host(&domain) || !is_host(&selector) || !domain.contains('.') || !aligned {
            return Err(ConfigurationFault::Dkim);
        }
        Ok(Self { domain, selector, key: PrivateKey::from_pem(&config.private_key)? })
    }

    /// The name of the DNS record that holds the public key.
    pub fn record_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// What that record has to say.
    pub fn record(&self) -> String {
        let kind = match self.key {
            PrivateKey::Rsa(_) => "rsa",
            PrivateKey::Ed25519(_) => "ed25519",
        };
        format!("v=DKIM1; k={kind}; p={}", STANDARD.encode(self.key.public().unwrap_or_default()))
    }

    /// The header line that signs a letter, to be put before it.
    pub(crate) fn sign(&self, letter: &[u8], now: Timestamp) -> Result<String, DeliveryFault> {
        let letter = std::str::from_utf8(letter).map_err(|_| DeliveryFault::Unsendable)?;
        let (head, body) = letter.split_once("\r\n\r\n").ok_or(DeliveryFault::Unsendable)?;
        let algorithm = match self.key {
            PrivateKey::Rsa(_) => "rsa-sha256",
            PrivateKey::Ed25519(_) => "ed25519-sha256",
        };
        let unsigned = format!(
            "v=1; a={algorithm}; c=relaxed/relaxed;\r\n d={}; s={}; t={};\r\n h={};\r\n bh={};\r\n b=",
            self.domain,
            self.selector,
            now.seconds(),
            SIGNED.join(":"),
            STANDARD.encode(digest(&SHA256, relaxed_body(body).as_bytes())),
        );
        let signature = self.signature(&header_input(head, &SIGNED, &unsigned))?;
        Ok(format!("DKIM-Signature: {unsigned}{}\r\n", folded(&STANDARD.encode(signature))))
    }

    /// RFC 8463 lets Ed25519 sign the digest, not the text.
    fn signature(&self, input: &str) -> Result<Vec<u8>, DeliveryFault> {
        let signed = match self.key {
            PrivateKey::Rsa(_) => self.key.sign(input.as_bytes()),
            PrivateKey::Ed25519(_) => self.key.sign(digest(&SHA256, input.as_bytes()).as_ref()),
        };
        signed.ok_or(DeliveryFault::Unsendable)
    }
}

fn is_host(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    text.len() <= 253 && text.split('.').all(|it| (1..=63).contains(&it.len()) && it.bytes().all(plain))
}

/// The named headers that are there, from the bottom up where a name comes
/// twice, and the signature's own with an empty `b=`.
fn header_input(head: &str, names: &[&str], own: &str) -> String {
    let mut left: Vec<(String, String)> = fields(head).iter().map(|it| relaxed(it)).collect();
    let mut input = String::new();
    for name in names {
        if let Some(place) = left.iter().rposition(|(it, _)| it == name) {
            let (name, value) = left.remove(place);
            input.extend([name.as_str(), ":", value.as_str(), "\r\n"]);
        }
    }
    let (name, value) = relaxed(&format!("DKIM-Signature: {own}"));
    input + &format!("{name}:{value}")
}

/// Header fields with their continuation lines.
fn fields(head: &str) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for line in head.split("\r\n") {
        match fields.last_mut() {
            Some(field) if line.starts_with([' ', '\t']) => *field += line,
            Some(_) | None => fields.push(line.to_owned()),
        }
    }
    fields
}

fn relaxed(field: &str) -> (String, String) {
    let (name, value) = field.split_once(':').unwrap_or((field, ""));
    (name.trim_end().to_ascii_lowercase(), one_blank(value).trim().to_owned())
}

fn relaxed_body(body: &str) -> String {
    let lines: Vec<String> =
        body.split("\r\n").map(|it| one_blank(it).trim_end_matches(' ').to_owned()).collect();
    let kept = lines.iter().rposition(|it| !it.is_empty()).map_or(0, |last| last + 1);
    lines[..kept].iter().flat_map(|line| [line.as_str(), "\r\n"]).collect()
}

/// Each run of blanks as one.
fn one_blank(text: &str) -> String {
    let mut shrunk = String::with_capacity(text.len());
    for c in text.chars() {
        let blank = matches!(c, ' ' | '\t' | '\r' | '\n');
        if !blank {
            shrunk.push(c);
        } else if !shrunk.ends_with(' ') {
            shrunk.push(' ');
        }
    }
    shrunk
}

/// Lines of 72, for a line of a header ends at 78.
fn folded(base64: &str) -> String {
    let lines: Vec<&str> =
        base64.as_bytes().chunks(72).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    lines.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::Ed25519KeyPair;
    use std::sync::Arc;

    const LETTER: &str = "From: Joe SixPack <joe@football.example.com>\r\n\
        To: Suzie Q <suzie@shopping.example.net>\r\n\
        Subject: Is dinner ready?\r\n\
        Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n\
        Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\r\n\
        Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";

    /// Appendix A of RFC 8463.
    #[test]
    fn the_published_letter_has_the_published_signature() {
        let seed = STANDARD.decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=").expect("base64");
        let key = PrivateKey::Ed25519(Arc::new(Ed25519KeyPair::from_seed_unchecked(&seed).expect("a key")));
        let dkim = Dkim { domain: String::new(), selector: String::new(), key };
        let (head, body) = LETTER.split_once("\r\n\r\n").expect("a body");
        let hash = STANDARD.encode(digest(&SHA256, relaxed_body(body).as_bytes()));
        assert_eq!(hash, "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
        let own = format!(
            "v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n d=football.example.com; i=@football.example.com;\r\n \
             q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n subject : date : message-id : from : subject : date;\r\n bh={hash};\r\n b="
        );
        let names = ["from", "to", "subject", "date", "message-id", "from", "subject", "date"];
        let signature = STANDARD.encode(dkim.signature(&header_input(head, &names, &own)).expect("signed"));
        assert_eq!(
            signature,
            "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw=="
        );
    }

    /// Section 3.4.5 of RFC 6376.
    #[test]
    fn the_published_example_of_relaxed_canonicalization_holds() {
        let head = "A: X\r\nB : Y\t\r\n\tZ  ";
        let canonical: Vec<_> = fields(head).iter().map(|it| relaxed(it)).collect();
        assert_eq!(canonical, [("a".to_owned(), "X".to_owned()), ("b".to_owned(), "Y Z".to_owned())]);
        assert_eq!(relaxed_body(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
        assert_eq!(relaxed_body("\r\n"), "");
    }

    #[test]
    fn a_key_signs_for_its_own_domain_only() {
        let key = || include_str!("../tests/data/dkim-rsa.pem").into();
        let of = |domain: &str, selector: &str| {
            let config =
                DkimConfig { domain: domain.to_owned(), selector: selector.to_owned(), private_key: key() };
            Dkim::new(&config, "mail.example.com").err()
        };
        assert_eq!(of("example.com", "vestibule"), None);
        assert_eq!(of("mail.example.com", "a.b"), None);
        for (domain, selector) in
            [("ample.com", "a"), ("com", "a"), ("example.com", "a;b"), ("example.com", "")]
        {
            assert_eq!(of(domain, selector), Some(ConfigurationFault::Dkim), "{domain} {selector}");
        }
        let config = DkimConfig {
            domain: "example.com".to_owned(),
            selector: "a".to_owned(),
            private_key: "not a key".into(),
        };
        assert_eq!(Dkim::new(&config, "example.com").err(), Some(ConfigurationFault::PrivateKey));
    }
}
