//! How fast callers may call, and whose word counts for where they are.

use api::endpoint::limits::Rates;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    pub project_calls_per_second: u32,
    pub address_calls_per_second: u32,
    pub address_failures_per_second: u32,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Proxy {
    pub trusted_hops: Option<u8>,
}

impl Limits {
    /// One hop is trusted behind a proxy, unless it is said how many; none otherwise.
    pub fn rates(&self, proxy: &Proxy, behind_proxy: bool) -> Rates {
        Rates {
            calls_of_a_project: self.project_calls_per_second,
            visits: self.address_calls_per_second,
            failures: self.address_failures_per_second,
            trusted_hops: proxy.trusted_hops.unwrap_or(u8::from(behind_proxy)).into(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            project_calls_per_second: 1000,
            address_calls_per_second: 200,
            address_failures_per_second: 20,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_trusted_who_is_not_there() {
        let hops = |said, behind| Limits::default().rates(&Proxy { trusted_hops: said }, behind).trusted_hops;
        assert_eq!(
            [hops(None, false), hops(None, true), hops(Some(2), true), hops(Some(0), true)],
            [0, 1, 2, 0]
        );
    }
}
