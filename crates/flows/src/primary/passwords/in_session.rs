//! Setting a password by a session in which something was proved just now.

use super::{
    super::{Arrival, Login, enter, tell},
    fresh, kept,
};
use crate::{
    Call, Result,
    factors::guard,
    figures::{self, Beginning},
    login::SessionWishes,
    notices::{self, Notice},
    presented::{self, Carried, Credentials},
};
use domain::{
    Refusal,
    email::EmailAddress,
    factors::{Factor, Proven},
    locale::Locale,
    login_policy::PrimaryMethod,
    members::Member,
    passwords::Password,
    sessions::Session,
    time::Span,
};
use std::sync::Arc;
use store::{Conn, Tenant, members, tenant};

/// How long ago a factor may have been proved.
const FRESH_MINUTES: i64 = 5;

pub struct SessionReset {
    pub organization: String,
    pub password: Password,
    pub credentials: Credentials,
    pub wishes: SessionWishes,
    pub locale: Locale,
}

/// Sets the password of a member with a fresh session, which gains the factor
/// and goes on under a new token; every other session ends.
///
/// # Errors
/// `NoSessionArguments`, `TooManySessionArguments`, `SessionNotFound`,
/// `SessionTooOldToResetPassword`, `RestrictedByAuthMethods`, `WeakPassword`,
/// `UserLockLimitReached`, `TooManyRequests` when the hashing pool is full.
pub async fn reset(call: &mut Call, wanted: SessionReset) -> Result<Login> {
    figures::login(Beginning::PasswordReset, replace(call, wanted).await, |it| it)
}

async fn replace(call: &mut Call, wanted: SessionReset) -> Result<Login> {
    let (tenant, member) = {
        let mut conn = call.app.db.read().await?;
        let tenant = tenant::resolve(&mut conn, &call.project.project_id, &wanted.organization).await?;
        let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
        let session = fresh_session(call, &mut conn, (&tenant, &wanted.credentials)).await?;
        let member = members::by_id(&mut conn, &tenant, &session.member_id).await?;
        let member = member.ok_or(Refusal::SessionNotFound)?;
        is_fresh(call, &session, &member)?;
        may_reset(call, &tenant, &member)?;
        wanted.wishes.claims_after(session.custom_claims)?;
        (tenant, member)
    };
    let password = Arc::new(wanted.password);
    fresh::judge(call, &password, &member.email_address).await?;
    let hash = fresh::hash(call, password).await?;
    let mut tx = call.app.db.write().await?;
    kept::lock_sharers(call, &mut tx, &member.email_address).await?;
    let member = members::lock(&mut tx, &tenant, &member.member_id, call.now).await?;
    let member = member.filter(|it| !it.is_deleted()).ok_or(Refusal::SessionNotFound)?;
    let tenant = tenant::by_id(&mut tx, tenant.project_id(), tenant.organization_id()).await?;
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    may_reset(call, &tenant, &member)?;
    let session = fresh_session(call, &mut tx, (&tenant, &wanted.credentials)).await?;
    is_fresh(call, &session, &member)?;
    refuse_reset_by_mail(call, &mut tx, (&tenant, &member)).await?;
    let carried = Carried { session: Some(session), ..Carried::default() };
    let member = fresh::put(call, &mut tx, (&tenant, member), &hash, &carried).await?;
    let (email_id, email_address) = (member.email_id.clone(), member.email_address.clone());
    let factor = Factor::Password { email_id, email_address, set_by_mail: false };
    let (wishes, locale) = (wanted.wishes, wanted.locale);
    let arrival = Arrival { tenant, member, factor, carried, wishes, locale };
    let entered = enter(call, &mut tx, arrival).await?;
    notices::write(call, &mut tx, (&entered.0, &entered.1), Notice::PasswordChanged).await?;
    tx.commit().await?;
    Ok(tell(call, entered).await)
}

/// The session that was sent; one of another organization is none.
async fn fresh_session(
    call: &Call,
    conn: &mut Conn,
    (tenant, shown): (&Tenant, &Credentials),
) -> Result<Session> {
    let session = presented::session_alone(call, conn, shown).await?;
    if &session.organization_id != tenant.organization_id() {
        return Err(Refusal::SessionNotFound.into());
    }
    Ok(session)
}

/// A password that serves every organization is set by what proves the address
/// to the project: a session that an administrator of one organization could
/// have arranged must not open the others.
fn is_fresh(call: &Call, session: &Session, member: &Member) -> Result<()> {
    let of_the_address = |factor: &Factor| match factor {
        Factor::Password { email_address, .. } => {
            email_address.canonical() == member.email_address.canonical()
        }
        other => {
            other.proved_address().map(EmailAddress::canonical) == Some(member.email_address.canonical())
        }
    };
    let since = call.now.minus(Span::minutes(FRESH_MINUTES));
    let counts = |it: &&Proven| it.last_at >= since && (!kept::is_shared(call) || of_the_address(&it.factor));
    let found = session.bag.iter().find(counts);
    found.map(|_| ()).ok_or_else(|| Refusal::SessionTooOldToResetPassword.into())
}

/// A password that must be reset by mail is not set otherwise.
async fn refuse_reset_by_mail(
    call: &Call,
    conn: &mut Conn,
    (tenant, member): (&Tenant, &Member),
) -> Result<()> {
    let password = kept::find(call, conn, (tenant, member)).await?;
    if password.is_some_and(|it| it.must_reset) { Err(Refusal::MemberResetPassword.into()) } else { Ok(()) }
}

fn may_reset(call: &Call, tenant: &Tenant, member: &Member) -> Result<()> {
    guard::unlocked(call, member)?;
    let accepted = tenant.organization().accepted_of(member).contains(PrimaryMethod::Password);
    if accepted { Ok(()) } else { Err(Refusal::RestrictedByAuthMethods.into()) }
}
