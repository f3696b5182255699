//! What a client may do, in words of the project's own.

use crate::Refusal;
use std::{fmt, str::FromStr};

/// Distinct scopes in the order they were given. Each is a `scope-token` of
/// RFC 6749, section 3.3: printable ASCII without space, `"` and `\`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes(Vec<String>);

const MOST: usize = 100;
const LONGEST: usize = 128;
/// All of them in a token, which travels in a header of 8 KB at most servers.
const MOST_BYTES: usize = 4096;

impl Scopes {
    /// # Errors
    /// `InvalidM2mClientScope`, `TooManyM2mClientScopes`.
    pub fn parse(wanted: Vec<String>) -> Result<Self, Refusal> {
        if wanted.len() > MOST {
            return Err(Refusal::TooManyM2mClientScopes);
        }
        let mut scopes = Vec::with_capacity(wanted.len());
        for scope in wanted {
            if !is_scope(&scope) {
                return Err(Refusal::InvalidM2mClientScope);
            }
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        let this = Self(scopes);
        if this.to_string().len() > MOST_BYTES { Err(Refusal::TooManyM2mClientScopes) } else { Ok(this) }
    }

    /// What a token gets: what was asked for, or everything when nothing was.
    ///
    /// # Errors
    /// `InvalidScope` when one that was asked for is not the client's.
    pub fn granted(&self, wanted: &[String]) -> Result<Self, Refusal> {
        if wanted.is_empty() {
            return Ok(self.clone());
        }
        let mut granted = Vec::new();
        for scope in wanted {
            if !self.0.contains(scope) {
                return Err(Refusal::InvalidScope);
            }
            if !granted.contains(scope) {
                granted.push(scope.clone());
            }
        }
        Ok(Self(granted))
    }

    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

/// Whether the text can be a scope at all.
fn is_scope(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\')
}

/// As tokens carry them: separated by spaces.
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl FromStr for Scopes {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        Self::parse(text.split_ascii_whitespace().map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Scopes {
        text.parse().unwrap()
    }

    #[test]
    fn a_token_gets_what_was_asked_for_or_everything() {
        let own = of("read:users write:users");
        assert_eq!(own.granted(&[]), Ok(own.clone()));
        assert_eq!(own.granted(&["write:users".to_owned(), "write:users".to_owned()]), Ok(of("write:users")));
        assert_eq!(own.granted(&["write:*".to_owned()]), Err(Refusal::InvalidScope));
    }

    #[test]
    fn a_scope_is_one_printable_word() {
        let long = "x".repeat(129);
        for wrong in ["", "a b", "a\"", "a\\", "ä", "a\n", &long] {
            assert_eq!(Scopes::parse(vec![wrong.to_owned()]), Err(Refusal::InvalidM2mClientScope), "{wrong}");
        }
        assert_eq!(Scopes::parse(vec!["a".to_owned(); 2]), Ok(of("a")));
    }

    #[test]
    fn scopes_have_room_in_a_header() {
        let many = |length: usize, count: usize| {
            Scopes::parse((0..count).map(|n| format!("{n:0length$}")).collect())
        };
        assert!(many(30, 100).is_ok());
        assert_eq!(many(3, 101), Err(Refusal::TooManyM2mClientScopes));
        assert_eq!(many(128, 32), Err(Refusal::TooManyM2mClientScopes));
    }
}
