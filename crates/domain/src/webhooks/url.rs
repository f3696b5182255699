//! Where a webhook goes.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use thiserror::Error;
use url::{Host, Url};

/// An absolute URL without user information or fragment: https, or http on a
/// loopback host, which only a development server calls. Which addresses may
/// be called is asked anew at every attempt: a name can change its mind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HookUrl(Url);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an https URL of at most 1024 characters, without user name, password and fragment")]
pub struct NotAHookUrl;

impl HookUrl {
    pub fn as_url(&self) -> &Url {
        &self.0
    }
}

impl FromStr for HookUrl {
    type Err = NotAHookUrl;
    fn from_str(text: &str) -> Result<Self, NotAHookUrl> {
        // The parser would quietly drop line breaks and turn backslashes into slashes.
        let is_plain =
            (1..=1024).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
        let url = Url::parse(text).map_err(|_| NotAHookUrl)?;
        let is_here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => return Err(NotAHookUrl),
        };
        let is_private = url.scheme() == "https" || (url.scheme() == "http" && is_here);
        let is_anonymous = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        let is_real = url.port() != Some(0);
        if is_plain && is_private && is_anonymous && is_real { Ok(Self(url)) } else { Err(NotAHookUrl) }
    }
}

impl TryFrom<String> for HookUrl {
    type Error = NotAHookUrl;
    fn try_from(text: String) -> Result<Self, NotAHookUrl> {
        text.parse()
    }
}

impl From<HookUrl> for String {
    fn from(url: HookUrl) -> Self {
        url.0.into()
    }
}

impl fmt::Display for HookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_lead_elsewhere_or_is_too_long_is_refused() {
        for url in ["https://hooks.acme.com/in?x=1", "https://acme.com:8443/", "http://localhost:1/"] {
            assert!(url.parse::<HookUrl>().is_ok(), "{url}");
        }
        let long = format!("https://acme.com/{}", "x".repeat(1024));
        for url in [
            "http://acme.com/",
            "ftp://acme.com/",
            "https://ada:secret@acme.com/",
            "https://ada@acme.com/",
            "https://acme.com/#x",
            "https://acme.com/\r\nX-Evil: 1",
            "https://acme.com/\n",
            "https:\\\\acme.com/",
            "https://acme.com:0/",
            "https://",
            "acme.com",
            "",
            &long,
        ] {
            assert_eq!(url.parse::<HookUrl>(), Err(NotAHookUrl), "{url:?}");
        }
    }
}
