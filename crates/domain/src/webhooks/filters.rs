//! Which events an endpoint is told.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Event types, each whole or ending in `*`: `direct.member.update`,
/// `direct.member.*`, `*`. One that matches is enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Filters(Vec<String>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "1 to 20 event types such as direct.member.update, each of at most 64 letters, dots and underscores, which may end in *"
)]
pub struct NotAFilter;

const MOST: usize = 20;
const LONGEST: usize = 64;

impl Filters {
    /// None given are those of the contract: names of our own would be
    /// unknown to a backend that was written for it.
    ///
    /// # Errors
    /// When there are too many, or one cannot match anything.
    pub fn parse(given: Vec<String>) -> Result<Self, NotAFilter> {
        if given.is_empty() {
            return Ok(Self::default());
        }
        let can_be = |it: &String| {
            let name = it.strip_suffix('*').unwrap_or(it);
            it.len() <= LONGEST
                && !it.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_'))
        };
        if given.len() <= MOST && given.iter().all(can_be) { Ok(Self(given)) } else { Err(NotAFilter) }
    }

    pub fn matches(&self, event_type: &str) -> bool {
        self.0.iter().any(|it| match it.strip_suffix('*') {
            Some(prefix) => event_type.starts_with(prefix),
            None => event_type == it,
        })
    }

    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

impl Default for Filters {
    fn default() -> Self {
        Self(["direct.*", "dashboard.*", "scim.*"].map(ToOwned::to_owned).to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters(given: &[&str]) -> Result<Filters, NotAFilter> {
        Filters::parse(given.iter().map(|&it| it.to_owned()).collect())
    }

    #[test]
    fn a_filter_is_a_whole_name_or_a_beginning() {
        let members = filters(&["direct.member.*", "direct.organization.delete"]).unwrap();
        for (event, told) in [
            ("direct.member.update", true),
            ("direct.organization.delete", true),
            ("direct.organization.delete_all", false),
            ("dashboard.member.update", false),
        ] {
            assert_eq!(members.matches(event), told, "{event}");
        }
        assert!(filters(&["*"]).unwrap().matches("vestibule.session.create"));
    }

    #[test]
    fn what_was_not_asked_for_is_not_told() {
        assert!(filters(&[]).unwrap().matches("direct.member.create"));
        assert!(!filters(&[]).unwrap().matches("vestibule.session.create"));
    }

    #[test]
    fn what_can_match_nothing_is_refused() {
        for odd in ["", "direct.*.update", "Direct.member", "a b", "a\r\nb"] {
            assert_eq!(filters(&[odd]), Err(NotAFilter), "{odd:?}");
        }
        assert_eq!(filters(&["a"; 21]), Err(NotAFilter));
    }
}
