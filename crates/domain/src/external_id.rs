//! Names that callers choose for their own organizations and members.

use crate::id::looks_like_an_id;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// 1 to 128 characters: letters, digits, `.`, `_`, `-`, `|`; not shaped like
/// an identifier of ours and not a word that a route uses.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ExternalId(String);

/// Words that stand where an identifier could, in some route.
pub(crate) const RESERVED: &[&str] =
    &["search", "authenticate", "me", "members", "mfa_phone_numbers", "passwords"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an external id")]
pub struct NotAnExternalId;

impl ExternalId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ExternalId {
    type Err = NotAnExternalId;
    fn from_str(text: &str) -> Result<Self, NotAnExternalId> {
        let plain = (1..=128).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-|".contains(&b));
        let free =
            plain && !looks_like_an_id(text) && !RESERVED.contains(&text) && !text.bytes().all(|b| b == b'.');
        free.then(|| Self(text.to_owned())).ok_or(NotAnExternalId)
    }
}

impl TryFrom<String> for ExternalId {
    type Error = NotAnExternalId;
    fn try_from(text: String) -> Result<Self, NotAnExternalId> {
        text.parse()
    }
}

impl From<ExternalId> for String {
    fn from(id: ExternalId) -> String {
        id.0
    }
}

impl fmt::Display for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_external_id_never_shadows_an_identifier_or_a_route() {
        for odd in [
            "",
            "..",
            "search",
            "passwords",
            "a b",
            "a/b",
            "member-test-00000000-0000-4000-8000-000000000001",
        ] {
            assert_eq!(odd.parse::<ExternalId>(), Err(NotAnExternalId), "{odd}");
        }
        assert!("crm|42.a_b-c".parse::<ExternalId>().is_ok());
        assert!("x".repeat(129).parse::<ExternalId>().is_err());
    }
}
