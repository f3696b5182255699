//! What DNS says of a DKIM key, beside the key that signs: RFC 6376, section 3.6.1.

use crate::Dkim;
use base64::{Engine, engine::general_purpose::STANDARD};

/// How the records at the name of a key stand to the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// Who receives a mail can check its signature.
    Same,
    /// There is no DKIM record at that name.
    Missing,
    /// More than one, of which nobody knows which holds.
    Several,
    /// The record says that the key was taken back.
    Revoked,
    /// The record is of another key.
    Another,
    /// Receivers are told to treat signatures as if there were none (`t=y`).
    Testing,
    /// The record does not let the key sign mails with SHA-256.
    Restricted,
}

impl Dkim {
    /// Compares the key with the texts of the TXT records at [`record_name`](Self::record_name).
    pub fn compare(&self, found: &[String]) -> Published {
        let ours = self.record();
        let of_dkim = found.iter().filter(|it| tag(it, "v").is_none_or(|it| it == "DKIM1"));
        let records: Vec<&String> = of_dkim.filter(|it| tag(it, "p").is_some()).collect();
        match records[..] {
            [] => Published::Missing,
            [one] => compare(&ours, one),
            [..] => Published::Several,
        }
    }
}

fn compare(ours: &str, theirs: &str) -> Published {
    let kind = |text| tag(text, "k").unwrap_or("rsa").to_owned();
    let lists = |name, wanted: [&str; 2]| {
        let mut listed = tag(theirs, name).unwrap_or(wanted[0]).split(':').map(str::trim);
        listed.any(|it| wanted.contains(&it))
    };
    let key = public(theirs);
    if key.as_ref().is_some_and(Vec::is_empty) {
        Published::Revoked
    } else if key.is_none() || key != public(ours) || kind(theirs) != kind(ours) {
        Published::Another
    } else if !lists("h", ["sha256", "sha256"]) || !lists("s", ["*", "email"]) {
        Published::Restricted
    } else if tag(theirs, "t").is_some_and(|it| it.split(':').any(|flag| flag.trim() == "y")) {
        Published::Testing
    } else {
        Published::Same
    }
}

/// The public key; blanks may be anywhere in it.
fn public(record: &str) -> Option<Vec<u8>> {
    let text: String = tag(record, "p")?.split_whitespace().collect();
    STANDARD.decode(text).ok()
}

fn tag<'a>(record: &'a str, name: &str) -> Option<&'a str> {
    let mut tags = record.split(';').filter_map(|it| it.split_once('='));
    tags.find(|(it, _)| it.trim() == name).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DkimConfig;

    fn dkim(pem: &str) -> Dkim {
        let config = DkimConfig {
            domain: "example.com".to_owned(),
            selector: "a".to_owned(),
            private_key: pem.into(),
        };
        Dkim::new(&config, "example.com").expect("a key")
    }

    #[test]
    fn what_is_published_is_compared_with_the_key_that_signs() {
        let dkim = dkim(include_str!("../tests/data/dkim-rsa.pem"));
        let ours = dkim.record();
        let key = tag(&ours, "p").expect("a key").to_owned();
        let spaced = format!("k=rsa; p={} {}", &key[..40], &key[40..]);
        let spf = "v=spf1 -all".to_owned();
        for (found, expected) in [
            (vec![ours.clone()], Published::Same),
            (vec![spf.clone(), spaced], Published::Same),
            (vec![format!("p={key};")], Published::Same),
            (vec![format!("v=DKIM1; h=sha1:sha256; s=email; p={key}")], Published::Same),
            (vec![], Published::Missing),
            (vec![spf], Published::Missing),
            (vec![ours.clone(), ours.clone()], Published::Several),
            (vec!["v=DKIM1; k=rsa; p=".to_owned()], Published::Revoked),
            (vec![ours.replace(&key[..40], &key[40..80])], Published::Another),
            (vec![ours.replace("k=rsa", "k=ed25519")], Published::Another),
            (vec!["v=DKIM1; p=%%%".to_owned()], Published::Another),
            (vec![format!("v=DKIM1; t=s:y; p={key}")], Published::Testing),
            (vec![format!("v=DKIM1; h=sha1; p={key}")], Published::Restricted),
            (vec![format!("v=DKIM1; s=other; p={key}")], Published::Restricted),
        ] {
            assert_eq!(dkim.compare(&found), expected, "{found:?}");
        }
    }
}
