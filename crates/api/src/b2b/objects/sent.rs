//! What is answered when something was mailed.

use super::{Member, Organization};
use domain::{Timestamp, id::MemberId};
use flows::primary::Sent;
use schemars::JsonSchema;
use serde::Serialize;

/// To somebody in an organization; the mail's content is never told.
#[derive(Serialize, JsonSchema)]
pub struct SentResponse {
    member_id: MemberId,
    member_created: bool,
    member: Member,
    organization: Organization,
}

/// To an address: nothing is told of it.
#[derive(Serialize, JsonSchema)]
pub struct Accepted {}

impl SentResponse {
    pub fn new(sent: &Sent, now: Timestamp) -> Self {
        Self {
            member_id: sent.member.member_id.clone(),
            member_created: sent.created,
            member: Member::new(&sent.member, &sent.tenant, now),
            organization: sent.tenant.organization().into(),
        }
    }
}
