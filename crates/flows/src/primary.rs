//! How a login begins.

pub mod discovery;
pub(crate) mod email_codes;
pub mod email_otp;
pub mod invites;
pub(crate) mod links;
pub mod magic_links;
pub mod passwords;
mod provisioning;

pub use provisioning::Sent;

use crate::{
    Call, Result, audit,
    login::{self, Progress, SessionWishes, Step},
    presented::Carried,
    sending,
};
use domain::{
    audit::{Action, Actor},
    factors::{Bag, Factor, Proven},
    locale::Locale,
    members::Member,
};
use serde_json::json;
use store::{Tenant, Tx};

/// What every primary login answers with.
pub struct Login {
    pub tenant: Tenant,
    pub member: Member,
    pub progress: Progress,
    /// Whether an automatic text was taken by the provider.
    pub texted: bool,
}

/// What a primary login brings to the first door.
pub(crate) struct Arrival {
    pub tenant: Tenant,
    pub member: Member,
    pub factor: Factor,
    pub carried: Carried,
    pub wishes: SessionWishes,
    pub locale: Locale,
}

/// Takes a member who proved a primary factor to the first door, in the
/// transaction that spent the factor. A factor the organization does not
/// accept activates nobody (MFA rules 6 and 7).
pub(crate) async fn enter(
    call: &mut Call,
    tx: &mut Tx,
    arrival: Arrival,
) -> Result<(Tenant, Member, Progress)> {
    let Arrival { tenant, member, factor, carried, wishes, locale } = arrival;
    let accepted = tenant.organization().accepted_of(&member);
    let is_accepted = factor.primary_method().is_some_and(|it| accepted.contains(it));
    let details = [("factor", json!(factor.name())), ("accepted", json!(is_accepted))];
    let event = (Action::PrimaryProved, Actor::Member);
    audit::note(call, tx, &tenant, Some(&member.member_id), event, &details).await?;
    let proven = Some(Proven::by(&member, factor, call.now));
    let brought = Bag::default();
    let step = Step { tenant: tenant.clone(), member, proven, brought, carried, wishes, locale };
    let (member, progress) = login::advance(call, tx, step).await?;
    Ok((tenant, member, progress))
}

/// After the commit: the automatic text goes out. Its failure is an answer, not an error.
pub(crate) async fn tell(call: &Call, (tenant, member, mut progress): (Tenant, Member, Progress)) -> Login {
    let text = match &mut progress {
        Progress::Waiting(waiting) => waiting.text.take(),
        Progress::Inside(_) => None,
    };
    let texted = match text {
        Some(text) => sending::deliver(call, text).await.is_ok(),
        None => false,
    };
    Login { tenant, member, progress, texted }
}
