//! Objects as webhooks hold them: the very JSON that the API answers to the project secret.

use crate::b2b::objects::{Member, MemberSession, Organization};
use flows::webhooks::Objects;
use serde::Serialize;
use serde_json::Value;

/// For the worker that tells backends what happened.
pub const OBJECTS: Objects = Objects {
    organization: |tenant| value(&Organization::from(tenant.organization())),
    member: |member, tenant, now| value(&Member::new(member, tenant, now)),
    session: |session, member, tenant| value(&MemberSession::new(session, member, tenant)),
};

fn value(object: &impl Serialize) -> Value {
    serde_json::to_value(object).expect("a wire object has a JSON form")
}
