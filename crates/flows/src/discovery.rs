//! Discovery: a person proves an address first and chooses an organization after.
//!
//! What is carried across organizations is what the person proved to the
//! project: an address, a number. What an organization's administrator could
//! have arranged stays behind (`Bag::of`).

mod exchange;
mod founding;

pub use exchange::{Exchange, SessionExchange, exchange, exchange_session};
pub use founding::{Founding, create};

use crate::{
    Call, Result, login,
    members::create::{Newcomer, begin},
    presented::{self, Credentials, Presented},
};
use domain::{
    Refusal, Timestamp,
    email::EmailAddress,
    factors::{Bag, Factor, Proven},
    id::OrganizationId,
    intermediate_sessions::{self as intermediate, IntermediateSession},
    login_policy::{Primary, PrimaryMethod},
    members::{Member, Status},
    mfa::{Methods, Verdict},
    token::Token,
};
use store::{Conn, Tenant, Tx, discovery, intermediate_sessions};

/// Where a proved address leads.
pub struct Found {
    pub token: Token,
    pub expires_at: Timestamp,
    pub address: EmailAddress,
    pub discovered: Vec<Discovered>,
}

/// An organization that is open to the person.
pub struct Discovered {
    pub tenant: Tenant,
    pub membership: Membership,
    /// What an exchange would still ask for; nothing when it would log the member in.
    pub primary_required: Option<Vec<PrimaryMethod>>,
    pub second_required: Option<Methods>,
    /// The member, or what the person would become.
    pub member: Member,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    Active,
    Pending,
    Invited,
    /// Not yet a member; the organization lists the domain of the address.
    EligibleByEmailDomain,
}

/// An address just proved, kept for the choice of an organization.
pub(crate) struct Room {
    token: Token,
    expires_at: Timestamp,
    address: EmailAddress,
    bag: Bag,
}

/// Keeps a proved address in a new intermediate session, in the transaction
/// that spent the proof.
pub(crate) async fn arrive(
    call: &mut Call,
    tx: &mut Tx,
    address: EmailAddress,
    factor: Factor,
) -> Result<Room> {
    let token = Token::random("intermediate-session-", &mut call.rng);
    let bag = Bag::default().and(Proven::by_address(factor, call.now));
    let it = IntermediateSession {
        token_digest: token.digest(),
        project_id: call.project.project_id.clone(),
        organization_id: None,
        member_id: None,
        email_address: address.in_canonical_form(),
        bag: bag.clone(),
        created_at: call.now,
        expires_at: call.now.plus(intermediate::LIFETIME),
    };
    intermediate_sessions::create(tx, &it, call.now).await?;
    Ok(Room { token, expires_at: it.expires_at, address, bag })
}

/// What the room leads to; asked after the commit.
pub(crate) async fn look_around(call: &mut Call, room: Room) -> Result<Found> {
    let app = call.app.clone();
    let mut conn = app.db.read().await?;
    let discovered = open_to(call, &mut conn, &room.address, &room.bag, Reach::Eligible).await?;
    let Room { token, expires_at, address, bag: _ } = room;
    Ok(Found { token, expires_at, address, discovered })
}

/// What [`list`] answers.
pub struct Listed {
    pub address: EmailAddress,
    pub discovered: Vec<Discovered>,
    /// The organization that the intermediate session began in.
    pub hint: Option<OrganizationId>,
}

/// The organizations open to the holder of an intermediate session or a
/// session; consumes nothing.
///
/// A session that does not carry a proof of its address leads to its own
/// organization alone: an administrator there may have chosen the address.
///
/// # Errors
/// `NoSessionArguments`, `TooManySessionArguments`, `IntermediateSessionNotFound`,
/// `SessionNotFound`, `InvalidIntermediateSessionForOrganization` when all it
/// holds counts in one organization alone.
pub async fn list(call: &mut Call, shown: &Credentials) -> Result<Listed> {
    let app = call.app.clone();
    let mut conn = app.db.read().await?;
    match presented::anybodys(call, &mut conn, shown).await? {
        (Presented::Intermediate(it), _) => {
            let address = address_of(&it)?;
            let discovered = open_to(call, &mut conn, &address, &it.bag, Reach::Eligible).await?;
            Ok(Listed { address, discovered, hint: it.organization_id })
        }
        (Presented::Session(session), Some(live)) => {
            let address = live.member.email_address.clone();
            let mut discovered = open_to(call, &mut conn, &address, &session.bag, Reach::Members).await?;
            if !session.bag.speaks_for(&address) {
                discovered.retain(|it| it.member.member_id == live.member.member_id);
            }
            Ok(Listed { address, discovered, hint: None })
        }
        (Presented::Session(_), None) => Err(Refusal::SessionNotFound.into()),
    }
}

/// The address of an intermediate session, if it speaks for it everywhere.
fn address_of(it: &IntermediateSession) -> Result<EmailAddress> {
    if it.bag.speaks_for(&it.email_address) {
        Ok(it.email_address.clone())
    } else {
        Err(Refusal::InvalidIntermediateSessionForOrganization.into())
    }
}

/// Whether organizations count that the person could join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Members,
    Eligible,
}

async fn open_to(
    call: &mut Call,
    conn: &mut Conn,
    address: &EmailAddress,
    bag: &Bag,
    reach: Reach,
) -> Result<Vec<Discovered>> {
    let project = call.project.project_id.clone();
    let mut found: Vec<Discovered> = Vec::new();
    for (tenant, member) in discovery::memberships(conn, &project, address).await? {
        let membership = match member.status {
            Status::Active => Membership::Active,
            Status::Pending => Membership::Pending,
            Status::Invited => Membership::Invited,
            Status::Deleted => continue,
        };
        found.push(ahead(call, (tenant, member), membership, bag));
    }
    if reach == Reach::Members {
        return Ok(found);
    }
    for tenant in discovery::listing_domain(conn, &project, address.domain()).await? {
        let is_member = found.iter().any(|it| it.tenant.organization_id() == tenant.organization_id());
        if !is_member && may_join(conn, &tenant, address).await?.is_ok() {
            let prospect = begin(call, &tenant, Newcomer::of(address.clone(), Status::Pending));
            found.push(ahead(call, (tenant, prospect), Membership::EligibleByEmailDomain, bag));
        }
    }
    Ok(found)
}

/// Whether an address may become a member by its domain. Somebody must have
/// shown before that addresses of the domain belong here.
async fn may_join(
    conn: &mut Conn,
    tenant: &Tenant,
    address: &EmailAddress,
) -> Result<std::result::Result<(), Refusal>> {
    if let Err(refusal) = tenant.organization().settings.admit_by_domain(address) {
        return Ok(Err(refusal));
    }
    if store::organizations::domain_is_claimed_elsewhere(conn, tenant, address.domain()).await? {
        return Ok(Err(Refusal::EmailDomainIsClaimed));
    }
    let known = discovery::has_verified_address_in(conn, tenant, address.domain()).await?;
    Ok(if known { Ok(()) } else { Err(Refusal::InvalidEmailForJitProvisioning) })
}

/// What stands between the person and a session there, were they to go now.
fn ahead(call: &Call, (tenant, member): (Tenant, Member), membership: Membership, bag: &Bag) -> Discovered {
    let (primary, verdict) = login::weigh(&tenant, &member, bag, call.now);
    let second_required = match verdict {
        Verdict::Authenticated => None,
        Verdict::SecondFactorRequired { usable, .. } => Some(usable),
        Verdict::PrimaryRequired { second } => second,
    };
    let primary_required = match primary {
        Primary::Met => None,
        Primary::Required(methods) => Some(methods),
    };
    Discovered { tenant, membership, primary_required, second_required, member }
}
