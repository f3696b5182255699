//! The state machine of a login: the only caller of the MFA decision, which
//! opens the door or keeps the member waiting.

mod authority;
mod door;

pub use authority::{Authority, open_by_authority};

use crate::{Call, Result, audit, presented::Carried, sending};
use domain::{
    Refusal, Timestamp,
    audit::{Action, Actor},
    custom_claims::CustomClaims,
    factors::{Bag, Proven},
    intermediate_sessions::{self as intermediate, IntermediateSession},
    locale::Locale,
    login_policy::{self, Primary, PrimaryMethod},
    members::{Member, Status},
    mfa::{self, Methods, Proof, Verdict},
    sessions::{Session, SessionDuration},
    token::Token,
};
use door::open_session;
use serde_json::{Map, Value};
use store::{Tenant, Tx, intermediate_sessions, members};

/// What the caller wants of a session, if there is one at the end.
#[derive(Debug, Default)]
pub struct SessionWishes {
    pub duration: Option<SessionDuration>,
    pub custom_claims: Option<Map<String, Value>>,
}

impl SessionWishes {
    /// The custom claims of a session that had these before. Asked before any
    /// code is compared, too: a refusal of claims must not tell a right code.
    ///
    /// # Errors
    /// `ReservedCustomClaims`, `CustomClaimsTooLarge`.
    pub fn claims_after(&self, before: CustomClaims) -> Result<CustomClaims> {
        Ok(before.merged(self.custom_claims.clone().unwrap_or_default())?)
    }
}

/// A factor just proved, by a member of an organization.
pub struct Step {
    pub tenant: Tenant,
    pub member: Member,
    /// None when the member comes with what was proved before.
    pub proven: Option<Proven>,
    /// Factors of a session in another organization, which stays there.
    pub brought: Bag,
    pub carried: Carried,
    pub wishes: SessionWishes,
    pub locale: Locale,
}

/// Where the login stands now.
#[derive(Debug)]
pub enum Progress {
    Inside(Box<Session>),
    Waiting(Waiting),
}

/// In the room between the doors.
#[derive(Debug)]
pub struct Waiting {
    pub token: Token,
    pub expires_at: Timestamp,
    /// The primary methods still open; none when the first door is passed.
    pub primary_required: Option<Vec<PrimaryMethod>>,
    /// The second factors to choose from; none when none is due.
    pub second_required: Option<Methods>,
    /// To be sent after the commit.
    pub text: Option<sending::Text>,
}

/// Adds the factor to what was proved before, asks the policy, and opens the
/// session or keeps the member waiting. Runs in the transaction that spent the
/// factor, under the organization's policy as read in it. Whoever passes the
/// first door is an active member from then on (MFA rule 7).
///
/// # Errors
/// `IntermediateSessionNotFound` or `SessionNotFound` when what was carried
/// along was consumed meanwhile; the refusals of custom claims.
pub async fn advance(call: &mut Call, tx: &mut Tx, step: Step) -> Result<(Member, Progress)> {
    let Step { tenant, member, proven, brought, carried, wishes, locale } = step;
    if carried.session.as_ref().is_some_and(Session::is_impersonated) {
        return Err(Refusal::SessionNotMutable.into());
    }
    let bag = proven.into_iter().fold(collected(&carried).with(brought), Bag::and);
    let (primary, verdict) = weigh(&tenant, &member, &bag, call.now);
    let member = if primary == Primary::Met { admit(call, tx, &tenant, member, &bag).await? } else { member };
    let progress = match verdict {
        Verdict::Authenticated => {
            let session = open_session(call, tx, (&tenant, &member), bag, (carried, wishes)).await?;
            Progress::Inside(Box::new(session))
        }
        Verdict::SecondFactorRequired { usable, send_sms } => {
            let text =
                if send_sms { sending::automatic(call, tx, &tenant, &member, locale).await? } else { None };
            let waiting = wait(call, tx, (&tenant, &member), bag, carried).await?;
            Progress::Waiting(Waiting { second_required: Some(usable), text, ..waiting })
        }
        Verdict::PrimaryRequired { second } => {
            let open = match primary {
                Primary::Required(methods) => methods,
                Primary::Met => Vec::new(),
            };
            let waiting = wait(call, tx, (&tenant, &member), bag, carried).await?;
            Progress::Waiting(Waiting { primary_required: Some(open), second_required: second, ..waiting })
        }
    };
    Ok((member, progress))
}

/// What both doors say of a bag, as the organization and the member are now.
pub(crate) fn weigh(tenant: &Tenant, member: &Member, bag: &Bag, now: Timestamp) -> (Primary, Verdict) {
    let accepted = tenant.organization().accepted_of(member);
    let primary = login_policy::decide(&accepted, member, bag);
    let verdict = verdict(tenant, member, (primary == Primary::Met, bag), now);
    (primary, verdict)
}

/// What the second door says of a bag.
fn verdict(tenant: &Tenant, member: &Member, (primary, bag): (bool, &Bag), now: Timestamp) -> Verdict {
    let proof = Proof { primary, second: member.second_factors_in(bag, now) };
    mfa::decide(tenant.organization().mfa_policy(), member.enrollment(now), proof)
}

fn collected(carried: &Carried) -> Bag {
    let of_intermediate = carried.intermediate.as_ref().map(|it| it.bag.clone()).unwrap_or_default();
    let of_session = carried.session.as_ref().map(|it| it.bag.clone()).unwrap_or_default();
    of_intermediate.with(of_session)
}

/// A member who came through the first door is active, and an address proved on the way is verified.
async fn admit(call: &mut Call, tx: &mut Tx, tenant: &Tenant, before: Member, bag: &Bag) -> Result<Member> {
    let proves_email = bag.of(&before).proves(&before.email_address);
    if before.status == Status::Active && (before.email_address_verified || !proves_email) {
        return Ok(before);
    }
    let member = members::admit(tx, tenant, &before.member_id, proves_email).await?;
    let member = member.ok_or(Refusal::MemberNotFound)?;
    if before.status != Status::Active {
        let event = (Action::MemberActivated, Actor::Member);
        audit::note(call, tx, tenant, Some(&member.member_id), event, &[]).await?;
    }
    Ok(member)
}

/// Keeps what was proved in the intermediate session that was carried along, or in a new one.
async fn wait(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    bag: Bag,
    carried: Carried,
) -> Result<Waiting> {
    let waiting = |token, expires_at| Waiting {
        token,
        expires_at,
        primary_required: None,
        second_required: None,
        text: None,
    };
    if let Some((it, token)) = carried.intermediate.zip(carried.intermediate_token) {
        let (kept, to) = (bag.kept_for(member), (&member.member_id, &it.token_digest));
        if !intermediate_sessions::fill(tx, tenant, to, &kept, call.now).await? {
            return Err(Refusal::IntermediateSessionNotFound.into());
        }
        return Ok(waiting(token, it.expires_at));
    }
    let token = Token::random("intermediate-session-", &mut call.rng);
    let it = IntermediateSession {
        token_digest: token.digest(),
        project_id: tenant.project_id().clone(),
        organization_id: Some(tenant.organization_id().clone()),
        member_id: Some(member.member_id.clone()),
        email_address: member.email_address.in_canonical_form(),
        bag: bag.kept_for(member),
        created_at: call.now,
        expires_at: call.now.plus(intermediate::LIFETIME),
    };
    intermediate_sessions::create(tx, &it, call.now).await?;
    Ok(waiting(token, it.expires_at))
}
