//! What a client is called: a name of ours, or the one it had where it came from.

use crate::{
    Refusal,
    id::{M2mClientId, looks_like_an_id},
    projects::Environment,
};
use rand::RngCore;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// 1 to 128 letters, digits, `.`, `_`, `-` and `|`. It may have the form of a
/// client's identifier of ours, as clients that move in do, but of no other
/// identifier, and is not a word that a route uses.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientId(String);

const LONGEST: usize = 128;
/// `GET …/clients/search` finds the route of searching, not a client.
const RESERVED: [&str; 1] = ["search"];

impl ClientId {
    /// A new one; never reused.
    pub fn random(environment: Environment, rng: &mut impl RngCore) -> Self {
        Self(M2mClientId::random(environment, rng).into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ClientId {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let plain = (1..=LONGEST).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-|".contains(&b))
            && !text.bytes().all(|b| b == b'.');
        let is_ours = text.parse::<M2mClientId>().is_ok();
        let free = is_ours || !looks_like_an_id(text) && !RESERVED.contains(&text);
        if plain && free { Ok(Self(text.to_owned())) } else { Err(Refusal::M2mClientInvalidClientId) }
    }
}

impl TryFrom<String> for ClientId {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Self, Refusal> {
        text.parse()
    }
}

impl From<ClientId> for String {
    fn from(id: ClientId) -> String {
        id.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_keeps_the_name_it_comes_with() {
        let from_elsewhere = "m2m-client-live-00000000-0000-4000-8000-000000000001";
        for name in ["billing", "crm|7", "a.b_c-D", from_elsewhere] {
            assert_eq!(name.parse::<ClientId>().unwrap().as_str(), name);
        }
    }

    #[test]
    fn a_name_that_could_be_something_else_is_refused() {
        let project = "project-test-00000000-0000-4000-8000-000000000001";
        let long = "x".repeat(129);
        for name in ["", "search", "..", "a:b", "a b", "a/b", "ä", project, &long] {
            assert_eq!(name.parse::<ClientId>(), Err(Refusal::M2mClientInvalidClientId), "{name}");
        }
    }
}
