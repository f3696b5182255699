//! The name of an organization in URLs.

use crate::{external_id::RESERVED, id::looks_like_an_id};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// 2 to 128 characters: letters, digits, `-`, `.`, `_`, `~`; not shaped like
/// an identifier of ours, not a word that a route uses, not only dots.
/// Kept as given; compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a slug")]
pub struct NotASlug;

impl Slug {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form to compare and to index by.
    pub fn canonical(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// A slug made from an organization's name, with a suffix that sets it
    /// apart from others of that name.
    pub fn from_name(name: &str, suffix: &str) -> Self {
        let words: String =
            name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let words: Vec<&str> = words.split('-').filter(|it| !it.is_empty()).collect();
        let base: String = words.join("-").chars().take(100).collect();
        let base = if base.is_empty() { "organization".to_owned() } else { base };
        let plain = Self(if suffix.is_empty() { base.clone() } else { format!("{base}-{suffix}") });
        plain
            .as_str()
            .parse()
            .unwrap_or_else(|_| Self(format!("{base}-{}", if suffix.is_empty() { "org" } else { suffix })))
    }
}

impl FromStr for Slug {
    type Err = NotASlug;
    fn from_str(text: &str) -> Result<Self, NotASlug> {
        let plain = (2..=128).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
            && !text.bytes().all(|b| b == b'.');
        let free =
            plain && !looks_like_an_id(text) && !RESERVED.contains(&text.to_ascii_lowercase().as_str());
        free.then(|| Self(text.to_owned())).ok_or(NotASlug)
    }
}

impl TryFrom<String> for Slug {
    type Error = NotASlug;
    fn try_from(text: String) -> Result<Self, NotASlug> {
        text.parse()
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> String {
        slug.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_never_shadows_an_identifier_or_a_route() {
        for odd in [
            "",
            "a",
            "..",
            "...",
            "Search",
            "a b",
            "a|b",
            "organization-test-00000000-0000-4000-8000-000000000001",
        ] {
            assert_eq!(odd.parse::<Slug>(), Err(NotASlug), "{odd}");
        }
    }

    #[test]
    fn a_name_makes_a_slug_whatever_it_is() {
        for (name, slug) in
            [("Acme, Inc.", "acme-inc"), ("日本", "organization"), ("a", "a-org"), ("Search", "search-org")]
        {
            assert_eq!(Slug::from_name(name, "").as_str(), slug);
            assert!(Slug::from_name(name, "").as_str().parse::<Slug>().is_ok());
        }
    }
}
