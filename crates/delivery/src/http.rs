//! Calls to HTTP providers, bounded in time and size.

use crate::{
    fault::{ConfigurationFault, DeliveryFault},
    network::{CALL_LIMIT, CONNECT_LIMIT, is_loopback},
};
use reqwest::{Client, RequestBuilder, Response, Url, redirect::Policy};
use secrecy::{ExposeSecret, SecretString};

const BODY_CAP: usize = 64 * 1024;

/// An https URL, or an http one on loopback, naming no user.
pub fn endpoint(text: &str) -> Result<Url, ConfigurationFault> {
    let url = Url::parse(text).map_err(|_| ConfigurationFault::Url)?;
    let private = url.scheme() == "https" || (url.scheme() == "http" && stays_here(&url));
    let anonymous = url.username().is_empty() && url.password().is_none();
    if private && anonymous { Ok(url) } else { Err(ConfigurationFault::Url) }
}

/// A secret that is there.
pub fn secret(given: SecretString) -> Result<SecretString, ConfigurationFault> {
    let printable = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
    if printable(given.expose_secret()) { Ok(given) } else { Err(ConfigurationFault::Secret) }
}

/// A number or a sender id, one line.
pub fn sender(given: String) -> Result<String, ConfigurationFault> {
    let fits = !given.trim().is_empty() && !given.chars().any(char::is_control);
    if fits { Ok(given) } else { Err(ConfigurationFault::Sender) }
}

/// A client for one provider, to be shared by all calls to it.
pub fn client(url: &Url) -> Result<Client, ConfigurationFault> {
    let builder = Client::builder()
        .connect_timeout(CONNECT_LIMIT)
        .timeout(CALL_LIMIT)
        .redirect(Policy::none())
        .user_agent("Vestibule");
    // A proxy from the environment would carry loopback traffic off this machine in the clear.
    let builder = if stays_here(url) { builder.no_proxy() } else { builder };
    builder.build().map_err(|_| ConfigurationFault::Tls)
}

/// The provider's answer, whatever its status.
pub async fn call(request: RequestBuilder) -> Result<Response, DeliveryFault> {
    request.send().await.map_err(|error| {
        // Without the URL: it may hold an operator's token.
        let error = error.without_url();
        tracing::debug!(?error, "no answer from the provider");
        fault_of(&error)
    })
}

/// What arrives of the body, 64 KiB at most. The status is known by now, so a
/// body that breaks off is no fault.
pub async fn capped_body(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = BODY_CAP - body.len();
        body.extend(chunk.iter().take(room));
        if body.len() == BODY_CAP {
            break;
        }
    }
    body
}

fn stays_here(url: &Url) -> bool {
    url.host_str().is_some_and(is_loopback)
}

fn fault_of(error: &reqwest::Error) -> DeliveryFault {
    if error.is_builder() {
        DeliveryFault::Unsendable
    } else if error.is_connect() {
        DeliveryFault::Unreachable
    } else if error.is_timeout() {
        DeliveryFault::TimedOut
    } else {
        DeliveryFault::BrokenOff
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plaintext_is_for_loopback_only() {
        for url in
            ["https://sms.acme.com/hook", "http://localhost:8080/x", "http://127.0.0.1", "http://[::1]:9/"]
        {
            assert!(endpoint(url).is_ok(), "{url}");
        }
        for url in ["http://sms.acme.com", "http://127.0.0.1.acme.com", "ftp://localhost", "sms.acme.com", ""]
        {
            assert_eq!(endpoint(url), Err(ConfigurationFault::Url), "{url}");
        }
    }

    #[test]
    fn a_url_with_a_password_is_refused() {
        for url in ["https://ada:secret@sms.acme.com", "https://ada@sms.acme.com", "http://a:b@localhost"] {
            assert_eq!(endpoint(url), Err(ConfigurationFault::Url), "{url}");
        }
    }

    #[tokio::test]
    async fn a_body_ends_at_64_kib() {
        let long = axum::http::Response::new(vec![b'x'; 100_000]);
        assert_eq!(capped_body(Response::from(long)).await.len(), 65_536);
    }
}
