//! E-mail addresses in one canonical form.

use crate::Refusal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An address as it was given, trimmed of nothing, with a canonical form for
/// every comparison: lower case, both parts. At most 254 bytes, ASCII
/// (RFC 5321; addresses with non-ASCII parts are refused, so look-alikes are too).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress {
    given: String,
    canonical: String,
}

impl EmailAddress {
    /// # Errors
    /// `InvalidEmail` for anything but one plain address.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let (local, domain) = text.rsplit_once('@').ok_or(Refusal::InvalidEmail)?;
        let local_is_plain = (1..=64).contains(&local.len())
            && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b))
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        if text.len() > 254 || !local_is_plain || !is_domain(domain) {
            return Err(Refusal::InvalidEmail);
        }
        Ok(Self { given: text.to_owned(), canonical: text.to_ascii_lowercase() })
    }

    /// The form to compare and to index by.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// The same address, spelled canonically.
    #[must_use]
    pub fn in_canonical_form(&self) -> Self {
        Self { given: self.canonical.clone(), canonical: self.canonical.clone() }
    }

    /// What an organization is called that its founder did not name: after the
    /// domain, or after the person where the domain is a common provider's or a school's.
    pub fn organization_name(&self) -> String {
        let (local, domain) = self.canonical.rsplit_once('@').unwrap_or((&self.canonical, ""));
        let is_the_persons = is_common_provider(domain) || domain.rsplit('.').next() == Some("edu");
        let name = if is_the_persons { local } else { domain };
        name.chars().take(128).collect()
    }

    /// The part after `@`, lower case.
    pub fn domain(&self) -> &str {
        self.canonical.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    pub fn as_str(&self) -> &str {
        &self.given
    }
}

impl std::str::FromStr for EmailAddress {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        Self::parse(text)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Self, Refusal> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(email: EmailAddress) -> String {
        email.given
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.given)
    }
}

/// Whether the text is a host name of two or more labels (RFC 1035, ASCII or punycode).
pub fn is_domain(text: &str) -> bool {
    let label_is_plain = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(label_is_plain)
}

/// Providers where anybody can have an address: their domains say nothing
/// about belonging to an organization, under any top-level domain.
const COMMON_PROVIDERS: &[&str] = &[
    "gmail",
    "googlemail",
    "aol",
    "yahoo",
    "ymail",
    "icloud",
    "me",
    "mac",
    "hotmail",
    "outlook",
    "live",
    "msn",
    "comcast",
    "att",
    "earthlink",
    "sbcglobal",
    "verizon",
    "ig",
    "mail",
    "hey",
    "laposte",
    "wanadoo",
    "orange",
    "free",
    "rediffmail",
    "uol",
    "bol",
    "gmx",
    "yandex",
    "libero",
];

/// Whether the domain is a common provider's, whatever its top-level domain.
/// Only the first label counts and only in front of a public suffix of one or
/// two short labels: `mail.acme.com` is Acme's, `mail.com` and `yahoo.co.uk` are not.
pub fn is_common_provider(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let suffix_only = match labels.as_slice() {
        [_, _] => true,
        [_, second, top] => second.len() <= 3 && top.len() == 2,
        _ => false,
    };
    suffix_only && labels.first().is_some_and(|name| COMMON_PROVIDERS.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_canonical_form() {
        let shouted = EmailAddress::parse("Ada.Lovelace@Acme.Example").unwrap();
        assert_eq!(shouted.canonical(), "ada.lovelace@acme.example");
        assert_eq!(shouted.domain(), "acme.example");
        assert_eq!(shouted.as_str(), "Ada.Lovelace@Acme.Example");
    }

    #[test]
    fn what_is_not_one_plain_address_is_refused() {
        for odd in [
            "",
            "ada",
            "@acme.com",
            "ada@",
            "ada@acme",
            "a b@acme.com",
            "ada@acme.com ",
            "ada@@acme.com",
            "ada@acme.com\nbcc: x@y.z",
            "аda@acme.com",
            "ada@-acme.com",
            "\"a\"@acme.com",
            "ada@acme..com",
            "a..b@acme.com",
        ] {
            assert_eq!(EmailAddress::parse(odd), Err(Refusal::InvalidEmail), "{odd}");
        }
    }

    #[test]
    fn common_providers_are_known_under_any_top_level_domain() {
        assert!(
            is_common_provider("gmail.com")
                && is_common_provider("yahoo.co.uk")
                && is_common_provider("gmx.de")
        );
        assert!(!is_common_provider("acme.com") && !is_common_provider("mail.acme.com"));
    }
}
