//! Where a request comes from.
//!
//! The socket says so, or the proxies that the operator trusts: each appends
//! to `X-Forwarded-For` whom it was called by, so the last entries are theirs
//! and everything before them is whatever the caller wrote.

use axum::{
    extract::{ConnectInfo, Request},
    http::{Extensions, HeaderMap, request::Parts},
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

const FORWARDED: &str = "x-forwarded-for";

/// The address that limits are counted by. Whoever has an address of IPv6 has
/// 2^64 of them, so they are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Peer(IpAddr);

impl Peer {
    pub(super) fn of_request(request: &Request, trusted_hops: usize) -> Self {
        Self::from((request.extensions(), request.headers()), trusted_hops)
    }

    pub(super) fn of(head: &Parts, trusted_hops: usize) -> Self {
        Self::from((&head.extensions, &head.headers), trusted_hops)
    }

    /// Without a socket, everybody is one: a limit is never skipped.
    fn from((extensions, headers): (&Extensions, &HeaderMap), trusted_hops: usize) -> Self {
        let socket = extensions.get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip());
        let forwarded = forwarded(headers, trusted_hops);
        Self::at(forwarded.or(socket).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))
    }

    fn at(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self(IpAddr::V4(v4)),
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                Self(IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)))
            }
        }
    }
}

/// The entry that the outermost trusted proxy wrote; none where fewer proxies
/// than trusted were passed.
fn forwarded(headers: &HeaderMap, trusted_hops: usize) -> Option<IpAddr> {
    let place = trusted_hops.checked_sub(1)?;
    let lists = headers.get_all(FORWARDED).iter().rev().filter_map(|it| it.to_str().ok());
    let entry = lists.flat_map(|list| list.rsplit(',')).nth(place)?.trim();
    entry.parse().or_else(|_| entry.parse::<SocketAddr>().map(|it| it.ip())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(forwarded: &[&str], trusted_hops: usize) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED, value.parse().unwrap());
        }
        super::forwarded(&headers, trusted_hops).map(|it| it.to_string()).unwrap_or_default()
    }

    #[test]
    fn only_what_trusted_proxies_wrote_is_believed() {
        for (forwarded, hops, expected) in [
            (&["6.6.6.6, 1.2.3.4"][..], 1, "1.2.3.4"),
            (&["6.6.6.6, 1.2.3.4, 10.0.0.2"], 2, "1.2.3.4"),
            (&["6.6.6.6", "1.2.3.4"], 1, "1.2.3.4"),
            (&["1.2.3.4:5678"], 1, "1.2.3.4"),
            (&["1.2.3.4"], 2, ""),
            (&["6.6.6.6"], 0, ""),
            (&["unknown"], 1, ""),
            (&[], 1, ""),
        ] {
            assert_eq!(seen(forwarded, hops), expected, "{forwarded:?} {hops}");
        }
    }

    #[test]
    fn a_network_of_ipv6_is_one_caller() {
        let at = |text: &str| Peer::at(text.parse().unwrap());
        assert_eq!(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::9"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
        assert_eq!(at("::ffff:1.2.3.4"), at("1.2.3.4"));
    }
}
