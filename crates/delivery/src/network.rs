//! The limits every provider keeps, and the one place plaintext is allowed.

use std::{net::IpAddr, time::Duration};

/// The longest a send takes, connecting included.
pub const CALL_LIMIT: Duration = Duration::from_secs(4);

/// What the first provider is given where there is a second: one that hangs and
/// one that works still deliver within five seconds.
pub const FIRST_LIMIT: Duration = Duration::from_secs(2);

/// The longest connecting takes.
pub(crate) const CONNECT_LIMIT: Duration = Duration::from_secs(2);

/// Whether what is sent to the host stays on this machine. IPv6 with or without brackets.
pub fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.acme.com", "127.0.0.1.acme.com", "10.0.0.1", "0.0.0.0", "::", ""] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
