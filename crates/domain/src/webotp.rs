//! The last line of a text with a code that a browser reads, and fills in on pages of one host alone
//! (WICG, origin-bound one-time codes delivered via SMS).

use crate::factors::sms_otp::Passcode;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The host whose pages may read the code: a name in lower case, without port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Host(String);

impl Host {
    /// The whole line. A text that bears it ends with it.
    pub fn line(&self, code: &Passcode) -> String {
        format!("@{} #{}", self.0, code.expose())
    }
}

impl FromStr for Host {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let is_label = |it: &str| {
            let bytes = it.as_bytes();
            (1..=63).contains(&bytes.len())
                && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
                && !it.starts_with('-')
                && !it.ends_with('-')
        };
        let is_name = matches!(url::Host::parse(text), Ok(url::Host::Domain(_)));
        if is_name && text.len() <= 253 && text.split('.').all(is_label) {
            return Ok(Self(text.to_owned()));
        }
        Err("a host name such as login.example.com, in lower case, without scheme and port".to_owned())
    }
}

impl TryFrom<String> for Host {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Host> for String {
    fn from(host: Host) -> Self {
        host.0
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_and_nothing_else() {
        for right in ["example.com", "localhost", "xn--bcher-kva.example", "a-1.b"] {
            assert!(right.parse::<Host>().is_ok(), "{right}");
        }
        for wrong in [
            "",
            "https://a.b",
            "a.b:80",
            "a.b/",
            "A.b",
            "a..b",
            "-a.b",
            "a b",
            "a.b\n",
            "a.b #1",
            "@a",
            "bücher.de",
            "127.0.0.1",
            "[::1]",
            "a.b.",
        ] {
            assert!(wrong.parse::<Host>().is_err(), "{wrong:?}");
        }
        assert!(format!("{}.com", "a".repeat(64)).parse::<Host>().is_err());
    }

    #[test]
    fn the_line_is_as_browsers_read_it() {
        let (host, code) = ("login.acme.com".parse::<Host>().unwrap(), Passcode::parse("012345").unwrap());
        assert_eq!(host.line(&code), "@login.acme.com #012345");
    }
}
