//! How the server is watched and stopped.

use crate::Failure;
use serde::{Deserialize, Serialize};
use std::{net::SocketAddr, time::Duration};

/// The operator's listener.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Operations {
    pub enabled: bool,
    pub listen: String,
    pub public: bool,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shutdown {
    pub delay_seconds: u64,
}

/// A load balancer needs no longer, and a service manager gives no more.
const LONGEST_DELAY: u64 = 60;

impl Operations {
    /// Where to listen, if at all.
    ///
    /// # Errors
    /// For the address of the API, and for one that others can reach, unless that is wanted.
    pub fn check(&self, api: SocketAddr) -> Result<Option<SocketAddr>, Failure> {
        let listen: SocketAddr = self
            .listen
            .parse()
            .map_err(|_| "operations.listen: an address and port such as 127.0.0.1:7651")?;
        if self.enabled && !listen.ip().is_loopback() && !self.public {
            return Err(format!(
                "operations.listen: {listen} is not loopback and asks nobody for credentials; \
                 set operations.public = true only on a network of your own"
            )
            .into());
        }
        if self.enabled && is_taken_by(api, listen) {
            return Err(format!(
                "operations.listen: {listen} is where the API listens ({api}); the operator's port is another"
            )
            .into());
        }
        Ok(self.enabled.then_some(listen))
    }
}

/// Port 0 is a port of its own each time.
fn is_taken_by(api: SocketAddr, listen: SocketAddr) -> bool {
    let is_everywhere = api.ip().is_unspecified() || listen.ip().is_unspecified();
    listen.port() != 0 && listen.port() == api.port() && (is_everywhere || api.ip() == listen.ip())
}

impl Shutdown {
    /// How long the server goes on serving when it was told to stop.
    ///
    /// # Errors
    /// When that is longer than a minute.
    pub fn check(&self) -> Result<Duration, Failure> {
        if self.delay_seconds <= LONGEST_DELAY {
            Ok(Duration::from_secs(self.delay_seconds))
        } else {
            Err("shutdown.delay_seconds: 0 to 60".into())
        }
    }
}

impl Default for Operations {
    fn default() -> Self {
        Self { enabled: true, listen: "127.0.0.1:7651".to_owned(), public: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const API: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7650);

    #[test]
    fn two_listeners_do_not_share_an_address() {
        let check = |listen: &str| {
            let operations = Operations { listen: listen.to_owned(), public: true, ..Operations::default() };
            operations.check(API).is_ok()
        };
        assert!(!check("127.0.0.1:7650") && !check("0.0.0.0:7650"));
        assert!(check("127.0.0.1:7651") && check("127.0.0.2:7650") && check("127.0.0.1:0"));
    }

    #[test]
    fn an_address_that_others_reach_is_wanted_or_refused() {
        let on =
            |listen: &str, public| Operations { listen: listen.to_owned(), public, ..Operations::default() };
        assert!(on("127.0.0.1:7651", false).check(API).unwrap().is_some());
        assert!(on("0.0.0.0:7651", false).check(API).unwrap_err().to_string().contains("operations.public"));
        assert!(on("0.0.0.0:7651", true).check(API).unwrap().is_some());
        let off = Operations { enabled: false, ..on("0.0.0.0:7651", false) };
        assert_eq!(off.check(API).unwrap(), None);
    }

    #[test]
    fn a_delay_is_a_minute_at_most() {
        assert!(Shutdown { delay_seconds: 60 }.check().is_ok());
        assert!(Shutdown { delay_seconds: 61 }.check().is_err());
    }
}
