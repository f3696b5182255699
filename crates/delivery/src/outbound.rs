//! Fetching documents from hosts that are not ours.
//!
//! Two kinds of URL: those that somebody else may have chosen go to public
//! addresses over https only, and every address a name has is looked at before
//! one is connected to; those in the operator's configuration may be private,
//! and plain on this machine. No redirect is followed, no proxy asked, nothing
//! waits longer than five seconds or grows larger than 1 MiB.

use crate::network::is_loopback;
use reqwest::{
    Client, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{ACCEPT, AUTHORIZATION, HeaderValue},
    redirect::Policy,
};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, OnceLock},
    time::Duration,
};
use thiserror::Error;

/// From the first byte to the last.
const LIMIT: Duration = Duration::from_secs(5);
const BODY_CAP: usize = 1024 * 1024;

/// Why nothing was fetched; never names the host or repeats what it said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OutboundFault {
    #[error("the URL is not one that may be called")]
    Forbidden,
    #[error("there was no answer in time")]
    Unreachable,
    #[error("the answer was status {0}")]
    Status(u16),
    #[error("the answer was larger than 1 MiB, broke off, or was no JSON")]
    Unreadable,
}

/// Whose URL it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Anybody's: https to public addresses.
    Public,
    /// The operator's own: private addresses, too, and http on loopback.
    Operator,
}

/// Clients for both kinds, made when they are first needed.
#[derive(Debug, Default)]
pub struct Outbound {
    public: OnceLock<Option<Client>>,
    operator: OnceLock<Option<Client>>,
}

impl Outbound {
    /// Fetches a JSON document, with a bearer token if there is one.
    ///
    /// # Errors
    /// Anything but a whole answer of status 200 and type JSON.
    pub async fn json(
        &self,
        url: &Url,
        reach: Reach,
        bearer: Option<&str>,
    ) -> Result<Vec<u8>, OutboundFault> {
        let client = self.client(url, reach)?;
        let mut request = client.get(url.clone()).header(ACCEPT, "application/json");
        if let Some(token) = bearer {
            let mut value =
                HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| OutboundFault::Forbidden)?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        let fetched = tokio::time::timeout(LIMIT, async {
            let answer = request.send().await.map_err(|error| {
                tracing::debug!(error = ?error.without_url(), "no answer from outside");
                OutboundFault::Unreachable
            })?;
            read(answer, Kind::Json).await
        });
        fetched.await.unwrap_or(Err(OutboundFault::Unreachable))
    }

    /// Fetches a document of any type.
    ///
    /// # Errors
    /// Anything but a whole answer of status 200.
    pub(crate) async fn document(&self, url: &Url, reach: Reach) -> Result<Vec<u8>, OutboundFault> {
        let request = self.client(url, reach)?.get(url.clone());
        let fetched = tokio::time::timeout(LIMIT, async {
            let answer = request.send().await.map_err(|_| OutboundFault::Unreachable)?;
            read(answer, Kind::Any).await
        });
        fetched.await.unwrap_or(Err(OutboundFault::Unreachable))
    }

    fn client(&self, url: &Url, reach: Reach) -> Result<&Client, OutboundFault> {
        let host = url.host_str().ok_or(OutboundFault::Forbidden)?;
        let anonymous = url.username().is_empty() && url.password().is_none();
        let allowed = match reach {
            Reach::Public => url.scheme() == "https" && literal(host).is_none_or(is_public),
            Reach::Operator => url.scheme() == "https" || (url.scheme() == "http" && is_loopback(host)),
        };
        if !allowed || !anonymous {
            return Err(OutboundFault::Forbidden);
        }
        let built = match reach {
            Reach::Public => self.public.get_or_init(|| build(true)),
            Reach::Operator => self.operator.get_or_init(|| build(false)),
        };
        built.as_ref().ok_or(OutboundFault::Forbidden)
    }
}

fn build(public_only: bool) -> Option<Client> {
    let builder = Client::builder()
        .timeout(LIMIT)
        .redirect(Policy::none())
        .no_proxy() // a proxy would connect to an address that nobody looked at
        .user_agent("Vestibule");
    let builder = if public_only { builder.dns_resolver(Arc::new(PublicOnly)) } else { builder };
    builder.build().ok()
}

/// What a document has to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Json,
    Any,
}

async fn read(mut answer: reqwest::Response, wanted: Kind) -> Result<Vec<u8>, OutboundFault> {
    if answer.status() != reqwest::StatusCode::OK {
        return Err(OutboundFault::Status(answer.status().as_u16()));
    }
    let kind = answer.headers().get(reqwest::header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if wanted == Kind::Json && kind != "application/json" && !kind.ends_with("+json") {
        return Err(OutboundFault::Unreadable);
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| OutboundFault::Unreadable)? {
        if body.len() + chunk.len() > BODY_CAP {
            return Err(OutboundFault::Unreadable);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Resolves names whose every address is public, and no others: the address
/// that is looked at is the one connected to.
#[derive(Debug)]
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(public_addresses(name))
    }
}

async fn public_addresses(name: Name) -> Result<Addrs, Box<dyn std::error::Error + Send + Sync>> {
    let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
    if found.is_empty() || !found.iter().all(|it| is_public(it.ip())) {
        return Err("an address of the host is not public".into());
    }
    Ok(Box::new(found.into_iter()))
}

/// A host that is an address already, which no resolver sees.
pub(crate) fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Whether an address is anybody's in the open Internet.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(it: Ipv4Addr) -> bool {
    let [a, b, c, _] = it.octets();
    let special = it.is_loopback()
        || it.is_private()
        || it.is_link_local()
        || it.is_multicast()
        || it.is_broadcast()
        || it.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b)) // carriers' own
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b)); // benchmarks
    !special
}

fn is_public_v6(it: Ipv6Addr) -> bool {
    if let Some(v4) = it.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let [first, second, ..] = it.segments();
    // 2000::/3 is what is given out; 6to4, Teredo and documentation lead elsewhere.
    (0x2000..0x4000).contains(&first)
        && first != 0x2002
        && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
        && !(first == 0x3fff && second < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().unwrap())
    }

    #[test]
    fn addresses_that_are_nobodys_or_ours_are_not_public() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "::127.0.0.1",
        ] {
            assert!(!public(address), "{address}");
        }
        for address in
            ["8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2001:4860::8888"]
        {
            assert!(public(address), "{address}");
        }
    }

    #[tokio::test]
    async fn a_url_that_may_not_be_called_is_not() {
        let outbound = Outbound::default();
        for url in [
            "http://example.com/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://169.254.169.254/latest",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://ada:secret@example.com/",
        ] {
            let fetched = outbound.json(&Url::parse(url).unwrap(), Reach::Public, None).await;
            assert_eq!(fetched, Err(OutboundFault::Forbidden), "{url}");
        }
        let named = outbound.json(&Url::parse("https://localhost/").unwrap(), Reach::Public, None).await;
        assert_eq!(named, Err(OutboundFault::Unreachable), "a name is resolved, and its address looked at");
        let plain = outbound.json(&Url::parse("http://example.com/").unwrap(), Reach::Operator, None).await;
        assert_eq!(plain, Err(OutboundFault::Forbidden));
    }
}
