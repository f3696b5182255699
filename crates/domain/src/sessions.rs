//! Sessions: somebody is inside.

use crate::{
    Refusal, Timestamp,
    custom_claims::CustomClaims,
    digest::Digest,
    factors::Bag,
    id::{MemberId, MemberSessionId, OrganizationId, ProjectId},
    time::Span,
};

#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    pub member_session_id: MemberSessionId,
    pub project_id: ProjectId,
    pub organization_id: OrganizationId,
    pub member_id: MemberId,
    pub token_digest: Digest,
    pub bag: Bag,
    pub custom_claims: CustomClaims,
    pub started_at: Timestamp,
    pub last_accessed_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A wanted length of a session: 5 to 527040 minutes (366 days).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionDuration(Span);

impl SessionDuration {
    /// What a session lasts when the caller does not say.
    pub const DEFAULT: Self = Self(Span::minutes(60));
    const MOST: i64 = 527_040;

    /// # Errors
    /// `InvalidSessionDurationMinutes`.
    pub fn minutes(minutes: i64) -> Result<Self, Refusal> {
        let acceptable = (5..=Self::MOST).contains(&minutes);
        acceptable.then(|| Self(Span::minutes(minutes))).ok_or(Refusal::InvalidSessionDurationMinutes)
    }

    /// The end of a session that is extended now. However often it is
    /// extended, a session ends 366 days after its start.
    pub fn end(self, started_at: Timestamp, now: Timestamp) -> Timestamp {
        now.plus(self.0).min(started_at.plus(Span::minutes(Self::MOST)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_extension_carries_a_session_past_366_days() {
        let start = Timestamp::from_milliseconds(0);
        let day_365 = start.plus(Span::days(365));
        let longest = SessionDuration::minutes(527_040).unwrap();
        assert_eq!(longest.end(start, day_365), start.plus(Span::days(366)));
        assert_eq!(SessionDuration::DEFAULT.end(start, day_365), day_365.plus(Span::hours(1)));
    }

    #[test]
    fn a_duration_has_bounds() {
        assert!(SessionDuration::minutes(5).is_ok() && SessionDuration::minutes(527_040).is_ok());
        assert!([4, 0, -1, 527_041, i64::MAX].iter().all(|it| SessionDuration::minutes(*it).is_err()));
    }
}
