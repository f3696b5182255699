//! Which addresses may be told.

use crate::{
    network::is_loopback,
    outbound::{is_public, literal},
};
use ipnet::IpNet;
use reqwest::Url;
use std::net::IpAddr;
use thiserror::Error;

/// Public addresses, and what the operator allows beside them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Targets {
    networks: Vec<IpNet>,
    /// Wherever they lead.
    hosts: Vec<String>,
    /// http to this machine: development only.
    plain_loopback: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}: write a network such as 10.0.0.0/8, an address or the name of a host")]
pub struct NotATarget(String);

impl Targets {
    /// Of networks, addresses and names of hosts.
    ///
    /// # Errors
    /// Names what is none of them.
    pub fn allowing(private: &[String]) -> Result<Self, NotATarget> {
        let mut targets = Self::default();
        for text in private {
            let host = text.trim_end_matches('.').to_ascii_lowercase();
            let named = |it: &str| {
                let letters =
                    |it: &str| it.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
                it.split('.').all(|part| !part.is_empty() && letters(part))
                    && it.bytes().any(|b| b.is_ascii_alphabetic())
            };
            match (text.parse::<IpNet>(), text.parse::<IpAddr>()) {
                (Ok(network), _) => targets.networks.push(network.trunc()),
                (_, Ok(address)) => targets.networks.push(address.into()),
                _ if named(&host) => targets.hosts.push(host),
                _ => return Err(NotATarget(text.clone())),
            }
        }
        Ok(targets)
    }

    /// With http to this machine, as development servers have it.
    #[must_use]
    pub fn and_plain_loopback(self) -> Self {
        Self { plain_loopback: true, ..self }
    }

    /// Whether a URL may be called as far as it alone tells.
    pub(super) fn allow_url(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let is_anonymous = url.username().is_empty() && url.password().is_none();
        let is_private = match url.scheme() {
            "https" => true,
            "http" => self.plain_loopback && is_loopback(host),
            _ => false,
        };
        is_anonymous && is_private && literal(host).is_none_or(|address| self.allow(host, address))
    }

    /// Whether an address of a host may be connected to.
    pub(super) fn allow(&self, host: &str, address: IpAddr) -> bool {
        let address = address.to_canonical(); // an IPv4 address in an IPv6 coat is what is inside
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        is_public(address)
            || self.networks.iter().any(|it| it.contains(&address))
            || self.hosts.contains(&host)
            || (self.plain_loopback && address.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(private: &[&str]) -> Targets {
        Targets::allowing(&private.iter().map(|&it| it.to_owned()).collect::<Vec<_>>()).unwrap()
    }

    fn allow(targets: &Targets, url: &str) -> bool {
        targets.allow_url(&Url::parse(url).unwrap())
    }

    #[test]
    fn nothing_private_is_called_in_whatever_spelling() {
        for url in [
            "https://127.0.0.1/",
            "https://10.1.2.3/",
            "https://172.16.0.1/",
            "https://192.168.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://100.100.100.200/",
            "https://0.0.0.0/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[::ffff:a9fe:a9fe]/",
            "https://[fd00:ec2::254]/",
            "https://[fe80::1]/",
            "https://[64:ff9b::a00:1]/",
            "https://[2002:7f00:1::]/",
            "http://8.8.8.8/",
            "http://localhost/",
            "https://ada:secret@8.8.8.8/",
        ] {
            assert!(!allow(&targets(&[]), url), "{url}");
        }
        assert!(allow(&targets(&[]), "https://8.8.8.8:8443/"));
        assert!(
            allow(&targets(&[]), "https://hooks.acme.com/"),
            "its addresses are looked at with every call"
        );
    }

    #[test]
    fn the_operator_may_allow_networks_addresses_and_hosts() {
        let some = targets(&["10.0.0.0/8", "192.168.1.7", "fd00::/8", "Hooks.Internal."]);
        let address = |it: &str| it.parse::<IpAddr>().unwrap();
        for (host, ip, allowed) in [
            ("a.example", "10.9.9.9", true),
            ("a.example", "::ffff:10.9.9.9", true),
            ("a.example", "192.168.1.7", true),
            ("a.example", "192.168.1.8", false),
            ("a.example", "fd00::1", true),
            ("a.example", "fe80::1", false),
            ("a.example", "169.254.169.254", false),
            ("hooks.internal", "172.16.0.1", true),
            ("HOOKS.internal.", "172.16.0.1", true),
            ("evil.hooks.internal", "172.16.0.1", false),
        ] {
            assert_eq!(some.allow(host, address(ip)), allowed, "{host} {ip}");
        }
        assert!(allow(&some, "https://10.0.0.1/") && !allow(&some, "http://10.0.0.1/"));
    }

    #[test]
    fn what_is_no_target_is_named() {
        for odd in ["10.0.0.0/33", "", "https://hooks.internal", "a b", "10.0.0", "*"] {
            assert_eq!(Targets::allowing(&[odd.to_owned()]), Err(NotATarget(odd.to_owned())));
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_in_development() {
        let dev = targets(&[]).and_plain_loopback();
        for (url, allowed) in [
            ("http://localhost:3000/in", true),
            ("http://127.0.0.1:3000/", true),
            ("http://[::1]:3000/", true),
            ("http://10.0.0.1/", false),
            ("http://acme.com/", false),
            ("https://10.0.0.1/", false),
        ] {
            assert_eq!(allow(&dev, url), allowed, "{url}");
        }
    }
}
