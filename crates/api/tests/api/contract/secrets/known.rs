//! The secrets that a test has seen, and the search for them.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use domain::factors::totp::TotpSecret;
use std::collections::{BTreeMap, BTreeSet};
use testkit::Value;

/// By the form in which each would be found: what it is.
#[derive(Default)]
pub struct Secrets {
    forms: BTreeMap<String, String>,
    kinds: BTreeSet<String>,
    /// Stored as they are, and told nobody.
    unlogged: BTreeMap<String, String>,
}

/// A number says whose it is, whole; masked it may be told.
const NUMBERS: [&str; 2] = ["mfa_phone_number", "phone_number"];

const FIELDS: [&str; 16] = [
    "access_token",
    "client_secret",
    "code",
    "discovery_magic_links_token",
    "existing_password",
    "intermediate_session_token",
    "magic_links_token",
    "new_password",
    "next_client_secret",
    "password",
    "password_reset_token",
    "recovery_code",
    "recovery_codes",
    "secret",
    "session_jwt",
    "session_token",
];

impl Secrets {
    pub fn add(&mut self, what: &str, secret: &str) {
        if secret.is_empty() {
            return;
        }
        self.kinds.insert(what.to_owned());
        let mut forms = vec![secret.to_owned(), secret.replace('-', "")];
        if what == "secret" {
            let secret = TotpSecret::parse(secret).expect("a secret");
            let bytes = secret.expose_bytes();
            let digits = bytes.iter().flat_map(|it| [it >> 4, it & 15]);
            let hex = digits.filter_map(|it| char::from_digit(it.into(), 16)).collect();
            forms.extend([text(bytes), hex, STANDARD_NO_PAD.encode(bytes)]);
        } else {
            forms.push(STANDARD.encode(secret));
        }
        self.forms.extend(forms.into_iter().map(|form| (form, what.to_owned())));
    }

    /// Adds what the database holds as it is, and logs do not.
    pub fn add_unlogged(&mut self, what: &str, it: &str) {
        self.unlogged.insert(it.trim_start_matches('+').to_owned(), what.to_owned());
    }

    /// What of it is to be read there.
    pub fn told_of_people(&self, place: &str) -> Vec<String> {
        assert!(self.unlogged.values().any(|it| it == "a number"), "no scenario has a number");
        let found = self.unlogged.iter().filter(|(form, _)| place.contains(form.as_str()));
        found.map(|(form, what)| format!("{what}: {form}")).collect()
    }

    /// Adds what stands in the secret fields of a request or an answer, and of a client in it.
    pub fn add_from(&mut self, body: &Value) {
        if let Some(client) = body.get("m2m_client") {
            self.add_from(client);
        }
        for number in NUMBERS.iter().filter_map(|it| body[*it].as_str()).filter(|it| it.len() > 8) {
            self.add_unlogged("a number", number);
        }
        for field in FIELDS {
            match &body[field] {
                Value::String(it) => self.add(field, it),
                Value::Array(list) => {
                    for it in list.iter().filter_map(Value::as_str) {
                        self.add(field, it);
                    }
                }
                _ => {}
            }
        }
    }

    /// What is to be read there.
    pub fn found_in(&self, place: &[u8]) -> Vec<String> {
        let missing: Vec<&&str> = FIELDS.iter().filter(|it| !self.kinds.contains(**it)).collect();
        assert!(missing.is_empty(), "no scenario has {missing:?}");
        let place = text(place);
        let found = self.forms.iter().filter(|(form, _)| stands_in(form, &place));
        found.map(|(form, what)| format!("{what}: {form}")).collect()
    }
}

/// A character for each byte, to be searched as texts are.
fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|it| char::from(*it)).collect()
}

/// Six digits are found by themselves only: longer numbers and digests hold many.
fn stands_in(form: &str, place: &str) -> bool {
    let is_free = |beside: Option<char>| beside.is_none_or(|it| !it.is_ascii_alphanumeric());
    place.match_indices(form).any(|(at, _)| {
        let (before, after) = (&place[..at], &place[at + form.len()..]);
        form.len() > 6 || is_free(before.chars().next_back()) && is_free(after.chars().next())
    })
}

#[test]
fn a_secret_is_found_in_each_of_its_forms() {
    let mut secrets = Secrets::default();
    for field in FIELDS.into_iter().filter(|it| *it != "secret") {
        secrets.add(field, "123456");
    }
    secrets.add("recovery_code", "abcd-ef01-2345");
    secrets.add("secret", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    for (place, expected) in [
        ("(a,123456,b)", true),
        ("1700123456789", false),
        ("abcdef012345", true),
        ("…JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP…", true),
        ("48656c6c6f21deadbeef48656c6c6f21deadbeef", true),
        ("\"SGVsbG8h3q2+70hlbGxvId6tvu8=\"", true),
        ("nothing", false),
    ] {
        assert_eq!(!secrets.found_in(place.as_bytes()).is_empty(), expected, "{place}");
    }
}
