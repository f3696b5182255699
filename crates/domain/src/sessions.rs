//! Sessions: somebody is inside.

use crate::{
    Refusal, Timestamp,
    custom_claims::CustomClaims,
    digest::Digest,
    factors::Bag,
    id::{MemberId, MemberSessionId, OrganizationId, ProjectId},
    server_key::ServerKey,
    time::Span,
    token::Token,
};
use data_encoding::HEXLOWER;
use rand::RngCore;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    pub member_session_id: MemberSessionId,
    pub project_id: ProjectId,
    pub organization_id: OrganizationId,
    pub member_id: MemberId,
    pub token_digest: Digest,
    pub token_seed: TokenSeed,
    pub bag: Bag,
    pub custom_claims: CustomClaims,
    pub started_at: Timestamp,
    pub last_accessed_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Session {
    /// Names the present token without telling it. A raise in assurance
    /// changes the token, and so whatever names the old one is dead.
    pub fn version(&self) -> &str {
        &self.token_digest.as_str()[..16]
    }

    /// Whether somebody acts in the member's name (impersonation). Such a
    /// session changes no way in, is not extended and not exchanged.
    pub fn is_impersonated(&self) -> bool {
        self.bag.iter().any(|it| it.factor.is_impersonation())
    }
}

/// What the token of a session is derived from, together with the server key.
/// The database holds the seed and the digest; without the key, neither is a
/// token. So a caller who shows the session's JWT can be given the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenSeed(String);

impl TokenSeed {
    /// 256 random bits; a new one whenever the token changes.
    pub fn random(rng: &mut impl RngCore) -> Self {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        Self(HEXLOWER.encode(&bytes))
    }

    /// The token of a session: HMAC-SHA-256 over its id and this seed.
    pub fn token(&self, key: &ServerKey, session: &MemberSessionId) -> Token {
        Token::derived("session-", key.session_token_key(), &["session_token", session.as_str(), &self.0])
    }
}

impl fmt::Display for TokenSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for TokenSeed {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

/// What a project says of all its sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionRules {
    /// From its start to its end, whatever durations are asked for.
    pub longest_minutes: u32,
    /// Live sessions a member can have; the oldest ends for a new one.
    pub limit_per_member: u32,
}

impl SessionRules {
    /// 366 days.
    pub const MOST_MINUTES: u32 = 527_040;
}

impl Default for SessionRules {
    fn default() -> Self {
        Self { longest_minutes: Self::MOST_MINUTES, limit_per_member: 100 }
    }
}

/// A wanted length of a session: 5 to 527040 minutes (366 days).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionDuration(Span);

impl SessionDuration {
    /// What a session lasts when the caller does not say.
    pub const DEFAULT: Self = Self(Span::minutes(60));
    const MOST: i64 = SessionRules::MOST_MINUTES as i64;

    /// # Errors
    /// `InvalidSessionDurationMinutes`.
    pub fn minutes(minutes: i64) -> Result<Self, Refusal> {
        let acceptable = (5..=Self::MOST).contains(&minutes);
        acceptable.then(|| Self(Span::minutes(minutes))).ok_or(Refusal::InvalidSessionDurationMinutes)
    }

    /// The end of a session that is extended now. However often it is
    /// extended, a session ends after the project's longest life, counted from its start.
    pub fn end(self, rules: SessionRules, started_at: Timestamp, now: Timestamp) -> Timestamp {
        now.plus(self.0).min(started_at.plus(Span::minutes(i64::from(rules.longest_minutes))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::projects::Environment::Test;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    #[test]
    fn no_extension_carries_a_session_past_366_days() {
        let start = Timestamp::from_milliseconds(0);
        let day_365 = start.plus(Span::days(365));
        let longest = SessionDuration::minutes(527_040).unwrap();
        let rules = SessionRules::default();
        assert_eq!(longest.end(rules, start, day_365), start.plus(Span::days(366)));
        assert_eq!(SessionDuration::DEFAULT.end(rules, start, day_365), day_365.plus(Span::hours(1)));
    }

    #[test]
    fn a_project_can_shorten_every_session() {
        let (start, rules) = (
            Timestamp::from_milliseconds(0),
            SessionRules { longest_minutes: 30, ..SessionRules::default() },
        );
        let in_20 = start.plus(Span::minutes(20));
        assert_eq!(SessionDuration::DEFAULT.end(rules, start, start), start.plus(Span::minutes(30)));
        assert_eq!(SessionDuration::DEFAULT.end(rules, start, in_20), start.plus(Span::minutes(30)));
    }

    #[test]
    fn a_token_follows_from_its_seed_its_session_and_the_key() {
        let rng = &mut ChaCha20Rng::seed_from_u64(1);
        let mut key = || ServerKey::parse(&ServerKey::generate(rng)).unwrap();
        let (ours, theirs) = (key(), key());
        let (seed, other) = (TokenSeed::random(rng), TokenSeed::random(rng));
        let (one, two) = (MemberSessionId::random(Test, rng), MemberSessionId::random(Test, rng));
        let token = seed.token(&ours, &one);
        assert!(token == seed.token(&ours, &one));
        assert!(
            [other.token(&ours, &one), seed.token(&theirs, &one), seed.token(&ours, &two)]
                .iter()
                .all(|it| *it != token)
        );
    }

    #[test]
    fn a_duration_has_bounds() {
        assert!(SessionDuration::minutes(5).is_ok() && SessionDuration::minutes(527_040).is_ok());
        assert!([4, 0, -1, 527_041, i64::MAX].iter().all(|it| SessionDuration::minutes(*it).is_err()));
    }
}
