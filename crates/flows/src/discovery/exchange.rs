//! Entering an organization with what was proved before.

use super::{address_of, may_join};
use crate::{
    Call, Result,
    factors::guard,
    figures::{self, Beginning},
    login::{self, SessionWishes, Step},
    members::create::{Newcomer, admit},
    presented::{self, Carried, Credentials},
    primary::{Login, tell},
};
use domain::{
    Refusal, email::EmailAddress, factors::Bag, locale::Locale, members::Member, members::Status,
    token::Token,
};
use store::{Tenant, Tx, members, sessions, tenant};

pub struct Exchange {
    pub organization: String,
    pub token: Token,
    pub wishes: SessionWishes,
    pub locale: Locale,
}

/// Takes an intermediate session into an organization: as the member with its
/// address, or as a new one whom the organization admits by domain.
///
/// # Errors
/// `IntermediateSessionNotFound`, `InvalidIntermediateSessionForOrganization`,
/// `OrganizationNotFound`, the refusals of provisioning, `UserLockLimitReached`.
pub async fn exchange(call: &mut Call, wanted: Exchange) -> Result<Login> {
    figures::login(Beginning::Discovery, move_in(call, wanted).await, |it| it)
}

async fn move_in(call: &mut Call, wanted: Exchange) -> Result<Login> {
    let tenant = named(call, &wanted.organization).await?;
    let mut tx = call.app.db.write().await?;
    let it = presented::intermediate(call, &mut tx, &wanted.token).await?;
    let it = it.ok_or(Refusal::IntermediateSessionNotFound)?;
    let member = match who(call, &mut tx, &tenant, &address_of(&it)?).await? {
        Some(member) => member,
        None => join(call, &mut tx, &tenant, address_of(&it)?).await?,
    };
    let carried = Carried { intermediate: Some(it), intermediate_token: Some(wanted.token), session: None };
    enter(call, tx, (tenant, member), (carried, Bag::default()), (wanted.wishes, wanted.locale)).await
}

pub struct SessionExchange {
    pub organization: String,
    pub credentials: Credentials,
    pub wishes: SessionWishes,
    pub locale: Locale,
}

/// Begins a session in another organization where the person is a member,
/// with those factors of a session that carry over. The session given stays;
/// in its own organization it is raised instead, and its token replaced.
///
/// # Errors
/// `NoSessionArguments`, `TooManySessionArguments`, `SessionNotFound`,
/// `OrganizationNotFound`, `MemberDoesNotExistInOrganization`,
/// `InsufficientFactorsForSessionExchange`, `UserLockLimitReached`.
pub async fn exchange_session(call: &mut Call, wanted: SessionExchange) -> Result<Login> {
    figures::login(Beginning::Session, move_over(call, wanted).await, |it| it)
}

async fn move_over(call: &mut Call, wanted: SessionExchange) -> Result<Login> {
    let tenant = named(call, &wanted.organization).await?;
    let mut tx = call.app.db.write().await?;
    let from = crate::sessions::find(call, &mut tx, &wanted.credentials).await?;
    // Asked first: whoever has proved no address learns nothing about it.
    let address = &from.member.email_address;
    if !from.session.bag.speaks_for(address) {
        return Err(Refusal::InsufficientFactorsForSessionExchange.into());
    }
    let member = who(call, &mut tx, &tenant, address).await?;
    let member = member.ok_or(Refusal::MemberDoesNotExistInOrganization)?;
    // As it is now: it may have ended while this waited for the member's row.
    let session = sessions::lock(&mut tx, &from.tenant, &from.session.token_digest, call.now).await?;
    let session = session.ok_or(Refusal::SessionNotFound)?;
    if session.bag.of(&member).is_empty() {
        return Err(Refusal::InsufficientFactorsForSessionExchange.into());
    }
    // In the member's own organization it is the session itself that goes on.
    let with = if session.member_id == member.member_id {
        (Carried { session: Some(session), ..Carried::default() }, Bag::default())
    } else {
        (Carried::default(), session.bag)
    };
    enter(call, tx, (tenant, member), with, (wanted.wishes, wanted.locale)).await
}

async fn named(call: &Call, organization: &str) -> Result<Tenant> {
    let mut conn = call.app.db.read().await?;
    let found = tenant::resolve(&mut conn, &call.project.project_id, organization).await?;
    Ok(found.ok_or(Refusal::OrganizationNotFound)?)
}

/// The member with the address, locked.
async fn who(call: &Call, tx: &mut Tx, tenant: &Tenant, address: &EmailAddress) -> Result<Option<Member>> {
    let Some(found) = members::by_email(tx, tenant, address).await? else { return Ok(None) };
    let member = members::lock(tx, tenant, &found.member_id, call.now).await?;
    Ok(member.filter(|it| !it.is_deleted()))
}

async fn join(call: &mut Call, tx: &mut Tx, tenant: &Tenant, address: EmailAddress) -> Result<Member> {
    may_join(tx, tenant, &address).await??;
    admit(call, tx, tenant, Newcomer::of(address, Status::Pending)).await
}

async fn enter(
    call: &mut Call,
    mut tx: Tx,
    (tenant, member): (Tenant, Member),
    (carried, brought): (Carried, Bag),
    (wishes, locale): (SessionWishes, Locale),
) -> Result<Login> {
    // As it is now: the member's row is locked, and policies do not change behind it.
    let tenant = tenant::by_id(&mut tx, tenant.project_id(), tenant.organization_id()).await?;
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    guard::unlocked(call, &member)?;
    let step = Step { tenant: tenant.clone(), member, proven: None, brought, carried, wishes, locale };
    let (member, progress) = login::advance(call, &mut tx, step).await?;
    tx.commit().await?;
    Ok(tell(call, (tenant, member, progress)).await)
}
