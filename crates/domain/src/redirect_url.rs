//! Where mailed links land: URLs registered for the project.

use crate::{Refusal, id::PublicToken, projects::Environment, token::Token};
use serde::{Deserialize, Serialize};
use std::fmt;
use url::{Host, Url};

/// An absolute URL without user information or fragment. https, except that
/// test projects may name a loopback host over http. Compared as it was
/// registered, path and query included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RedirectUrl(String);

impl RedirectUrl {
    /// # Errors
    /// `InvalidUrl`, `UseHttps`, `NoWildcardsInLiveRedirectUrl`.
    pub fn parse(text: &str, environment: Environment) -> Result<Self, Refusal> {
        let url = Url::parse(text).map_err(|_| Refusal::InvalidUrl)?;
        let plain = text.len() <= 1024
            && matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
            && text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
        if !plain {
            return Err(Refusal::InvalidUrl);
        }
        if text.contains('*') {
            return Err(Refusal::NoWildcardsInLiveRedirectUrl);
        }
        let may_be_plain = environment == Environment::Test && is_loopback(&url);
        if url.scheme() == "http" && !may_be_plain {
            return Err(Refusal::UseHttps);
        }
        Ok(Self(text.to_owned()))
    }

    /// The link to mail: the URL with the token and the kind of the token.
    pub fn with_token(&self, token_type: &str, token: &Token) -> String {
        let joint = if self.0.contains('?') { '&' } else { '?' };
        format!("{}{joint}stytch_token_type={token_type}&token={}", self.0, token.expose())
    }

    /// The link of a password reset: it names the project too, for pages that must know it, and what
    /// the pre-built forms open their own by.
    pub fn with_reset_token(&self, public_token: &PublicToken, token_type: &str, token: &Token) -> String {
        let joint = if self.0.contains('?') { '&' } else { '?' };
        let reset = format!("public_token={public_token}&stytch_redirect_type=reset_password");
        Self(format!("{}{joint}{reset}", self.0)).with_token(token_type, token)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl fmt::Display for RedirectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_loopback_in_test_projects() {
        let local = "http://localhost:3000/authenticate";
        assert!(RedirectUrl::parse(local, Environment::Test).is_ok());
        assert_eq!(RedirectUrl::parse(local, Environment::Live), Err(Refusal::UseHttps));
        assert_eq!(RedirectUrl::parse("http://acme.com/", Environment::Test), Err(Refusal::UseHttps));
    }

    #[test]
    fn what_could_lead_elsewhere_is_refused() {
        for odd in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//acme.com",
            "https://acme.com@evil.com/",
            "https://acme.com/#f",
            "https://acme.com\\@evil.com",
            "/relative",
            "https:// acme.com",
        ] {
            assert_eq!(RedirectUrl::parse(odd, Environment::Test), Err(Refusal::InvalidUrl), "{odd}");
        }
        assert_eq!(
            RedirectUrl::parse("https://*.acme.com/", Environment::Live),
            Err(Refusal::NoWildcardsInLiveRedirectUrl)
        );
    }

    #[test]
    fn a_token_joins_the_query_that_is_there() {
        let token = Token::received("t".to_owned());
        let url = RedirectUrl::parse("https://acme.com/in?next=1", Environment::Live).unwrap();
        assert_eq!(
            url.with_token("kind", &token),
            "https://acme.com/in?next=1&stytch_token_type=kind&token=t"
        );
    }
}
