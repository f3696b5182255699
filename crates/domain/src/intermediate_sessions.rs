//! Intermediate sessions: between the first door and the second.

use crate::{
    Timestamp,
    digest::Digest,
    email::EmailAddress,
    factors::Bag,
    id::{MemberId, OrganizationId, ProjectId},
    time::Span,
};

/// How long an intermediate session lives, from its creation; adding factors does not renew it.
pub const LIFETIME: Span = Span::minutes(10);

/// The most that one member, or one address before an organization is chosen, can have alive at a time; a further one ends the oldest.
pub const MOST_ALIVE: i64 = 20;

#[derive(Debug, Clone, PartialEq)]
pub struct IntermediateSession {
    pub token_digest: Digest,
    pub project_id: ProjectId,
    /// Whose login it is; none before an organization is chosen. It ends with
    /// the member, and with what the member proved.
    pub organization_id: Option<OrganizationId>,
    pub member_id: Option<MemberId>,
    /// In canonical form.
    pub email_address: EmailAddress,
    pub bag: Bag,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}
