//! Sessions: somebody is inside.

use crate::{
    Refusal, Timestamp,
    custom_claims::CustomClaims,
    digest::{Digest, FIRST, split},
    factors::Bag,
    id::{MemberId, MemberSessionId, OrganizationId, ProjectId},
    sealing::{SealError, Sealed},
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

/// What the token of a session is had from, together with the server key.
/// The database holds the seed and the digest; without the key, neither is a
/// token. So a caller who shows the session's JWT can be given the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenSeed(Seed);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Seed {
    /// The token is derived from it under a version of the key.
    Random { version: u32, seed: String },
    /// The token itself, sealed: what a seed becomes when its key is replaced,
    /// for the member keeps the token.
    Kept(Sealed),
}

impl TokenSeed {
    /// 256 random bits; a new one whenever the token changes.
    pub fn random(key: &ServerKey, rng: &mut impl RngCore) -> Self {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        Self(Seed::Random { version: key.sealing(), seed: HEXLOWER.encode(&bytes) })
    }

    /// The token of a session: HMAC-SHA-256 over its id and this seed.
    ///
    /// # Errors
    /// When the version of the key is gone, or the row was altered.
    pub fn token(&self, key: &ServerKey, session: &MemberSessionId) -> Result<Token, SealError> {
        match &self.0 {
            Seed::Random { version, seed } => {
                let key = key.session_token_key_of(*version)?.key;
                Ok(Token::derived("session-", &key, &["session_token", session.as_str(), seed]))
            }
            Seed::Kept(sealed) => {
                let token = sealed.open(key, &["sessions", session.as_str()])?;
                let token = String::from_utf8(token.to_vec()).map_err(|_| SealError::Damaged)?;
                Ok(Token::received(token))
            }
        }
    }

    /// The version of the server key that it takes.
    pub fn key_version(&self) -> u32 {
        match &self.0 {
            Seed::Random { version, .. } => *version,
            Seed::Kept(sealed) => sealed.version(),
        }
    }

    /// For the same token, under the version that seals now.
    ///
    /// # Errors
    /// As of [`TokenSeed::token`].
    pub fn renewed(
        &self,
        key: &ServerKey,
        session: &MemberSessionId,
        rng: &mut impl RngCore,
    ) -> Result<Self, SealError> {
        let token = self.token(key, session)?;
        let place = ["sessions", session.as_str()];
        Ok(Self(Seed::Kept(Sealed::seal(key, &place, token.expose().as_bytes(), rng)?)))
    }
}

impl fmt::Display for TokenSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Seed::Random { version, seed } if *version == FIRST => f.write_str(seed),
            Seed::Random { version, seed } => write!(f, "v{version}:{seed}"),
            Seed::Kept(sealed) => write!(f, "sealed:{sealed}"),
        }
    }
}

impl FromStr for TokenSeed {
    type Err = SealError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(sealed) = text.strip_prefix("sealed:") {
            return Ok(Self(Seed::Kept(sealed.parse()?)));
        }
        let (version, seed) = split(text).unwrap_or((FIRST, text));
        Ok(Self(Seed::Random { version, seed: seed.to_owned() }))
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
        let (seed, other) = (TokenSeed::random(&ours, rng), TokenSeed::random(&ours, rng));
        let (one, two) = (MemberSessionId::random(Test, rng), MemberSessionId::random(Test, rng));
        let token = seed.token(&ours, &one).unwrap();
        assert!(token == seed.token(&ours, &one).unwrap());
        assert!(
            [other.token(&ours, &one), seed.token(&theirs, &one), seed.token(&ours, &two)]
                .into_iter()
                .all(|it| it.unwrap() != token)
        );
    }

    #[test]
    fn a_token_survives_the_key_it_was_derived_under() {
        let rng = &mut ChaCha20Rng::seed_from_u64(1);
        let (old, new) = (ServerKey::generate(rng), ServerKey::generate_version(2, rng));
        let (key, id) = (ServerKey::parse(&old).unwrap(), MemberSessionId::random(Test, rng));
        let seed = TokenSeed::random(&key, rng);
        let token = seed.token(&key, &id).unwrap();
        key.take_up(ServerKey::parse(&format!("{}{}", *old, *new)).unwrap()).unwrap();
        key.seal_with(2).unwrap();
        let renewed: TokenSeed = seed.renewed(&key, &id, rng).unwrap().to_string().parse().unwrap();
        assert_eq!((seed.key_version(), renewed.key_version()), (1, 2));
        assert_eq!(TokenSeed::random(&key, rng).to_string().parse::<TokenSeed>().unwrap().key_version(), 2);
        key.take_up(ServerKey::parse(&new).unwrap()).unwrap();
        assert!(renewed.token(&key, &id).unwrap() == token);
        assert_eq!(seed.token(&key, &id), Err(SealError::MissingVersion(1)));
    }

    #[test]
    fn a_duration_has_bounds() {
        assert!(SessionDuration::minutes(5).is_ok() && SessionDuration::minutes(527_040).is_ok());
        assert!([4, 0, -1, 527_041, i64::MAX].iter().all(|it| SessionDuration::minutes(*it).is_err()));
    }
}
