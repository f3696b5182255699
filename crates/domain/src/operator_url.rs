//! URLs that the operator configures and the server calls.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use url::{Host, Url};

/// An absolute URL without user information or fragment: https, or http on a
/// loopback host. The operator may name private hosts; nobody else names any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OperatorUrl(Url);

impl OperatorUrl {
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// Whether it stays on this machine, in the clear.
    pub fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }
}

impl FromStr for OperatorUrl {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let complaint = || "an https URL without user or fragment, or http on a loopback host".to_owned();
        let url = Url::parse(text).map_err(|_| complaint())?;
        let here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => return Err(complaint()),
        };
        let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        let private = url.scheme() == "https" || (url.scheme() == "http" && here);
        if text.len() <= 1024 && plain && private { Ok(Self(url)) } else { Err(complaint()) }
    }
}

impl TryFrom<String> for OperatorUrl {
    type Error = String;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<OperatorUrl> for String {
    fn from(url: OperatorUrl) -> Self {
        url.0.into()
    }
}

impl fmt::Display for OperatorUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_on_this_machine() {
        for url in [
            "https://old.acme.com/userinfo?x=1",
            "https://10.0.0.1/u",
            "http://localhost:1/u",
            "http://[::1]/",
        ] {
            assert!(url.parse::<OperatorUrl>().is_ok(), "{url}");
        }
        for url in [
            "http://old.acme.com/",
            "https://a:b@acme.com/",
            "https://acme.com/#x",
            "ftp://localhost/",
            "acme",
            "",
        ] {
            assert!(url.parse::<OperatorUrl>().is_err(), "{url}");
        }
    }
}
