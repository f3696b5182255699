//! Proof key for code exchange (RFC 7636), method S256 only.

use crate::Refusal;
use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::str::FromStr;
use subtle::ConstantTimeEq;

/// The base64url SHA-256 of a verifier, 43 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge(String);

impl Challenge {
    /// # Errors
    /// `InvalidPkceCodeChallenge` for what is no SHA-256 in base64url.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let is_digest = URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32);
        is_digest.then(|| Self(text.to_owned())).ok_or(Refusal::InvalidPkceCodeChallenge)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether what came with the token answers what came with its request.
    ///
    /// # Errors
    /// The PKCE refusals; a verifier without a challenge is refused too.
    pub fn check(challenge: Option<&Self>, verifier: Option<&str>) -> Result<(), Refusal> {
        match (challenge, verifier) {
            (None, None) => Ok(()),
            (Some(_), None) => Err(Refusal::PkceExpectedCodeVerifier),
            (None, Some(_)) => Err(Refusal::PkceDidNotExpectCodeVerifier),
            (Some(challenge), Some(verifier)) => challenge.matches(verifier),
        }
    }

    fn matches(&self, verifier: &str) -> Result<(), Refusal> {
        let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
        if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
            return Err(Refusal::InvalidPkceCodeVerifier);
        }
        let expected = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
        let equal = bool::from(expected.as_bytes().ct_eq(self.0.as_bytes()));
        equal.then_some(()).ok_or(Refusal::PkceMismatch)
    }
}

impl FromStr for Challenge {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        Self::parse(text)
    }
}

impl std::fmt::Display for Challenge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_rfc_matches() {
        let challenge = Challenge::parse(CHALLENGE).unwrap();
        assert_eq!(Challenge::check(Some(&challenge), Some(VERIFIER)), Ok(()));
    }

    #[test]
    fn presence_of_one_half_never_skips_the_other() {
        let challenge = Challenge::parse(CHALLENGE).unwrap();
        let other = "x".repeat(43);
        assert_eq!(Challenge::check(Some(&challenge), None), Err(Refusal::PkceExpectedCodeVerifier));
        assert_eq!(Challenge::check(None, Some(VERIFIER)), Err(Refusal::PkceDidNotExpectCodeVerifier));
        assert_eq!(Challenge::check(Some(&challenge), Some(&other)), Err(Refusal::PkceMismatch));
        assert_eq!(
            Challenge::check(Some(&challenge), Some(CHALLENGE)),
            Err(Refusal::PkceMismatch),
            "plain is refused"
        );
    }
}
