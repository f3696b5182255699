//! Setting a password by a mailed link.

use super::{
    super::{Arrival, Login, tell},
    fresh, kept,
};
use crate::{
    Call, Error, Result, audit,
    factors::guard,
    figures::{self, Beginning},
    login::SessionWishes,
    notices::{self, Notice},
    presented::{self, Credentials},
};
use domain::{
    Refusal,
    audit::Action,
    digest::Digest,
    factors::Factor,
    id::{EmailId, MemberId},
    locale::Locale,
    login_policy::PrimaryMethod,
    members::Member,
    passwords::Password,
    pkce::Challenge,
    token::Token,
};
use std::sync::Arc;
use store::{Tenant, members, messages, password_resets, password_resets::PasswordReset, tenant};

pub struct Reset {
    pub token: Token,
    pub password: Password,
    pub pkce_verifier: Option<String>,
    pub credentials: Credentials,
    pub wishes: SessionWishes,
    pub locale: Locale,
}

/// Trades a mailed token for a new password, and takes the member to the first
/// door: a second factor stays due. The token is spent by a password that is
/// acceptable, not by one that is weak.
///
/// # Errors
/// `UnableToAuthPasswordResetToken`, the PKCE refusals, `RestrictedByAuthMethods`,
/// `WeakPassword`, `UserLockLimitReached`, `TooManyRequests` when the hashing pool is full.
pub async fn reset(call: &mut Call, wanted: Reset) -> Result<(Login, EmailId)> {
    let digest = wanted.token.digest();
    let done = match replace(call, wanted).await {
        Err(Error::Refused(refusal)) => Err(failed(call, &digest, refusal).await),
        done => done,
    };
    figures::login(Beginning::PasswordReset, done, |(login, _)| login)
}

/// Puts on record that a member's link set no password. A token that never was
/// one names nobody; a password that is not good enough leaves the link as it was.
async fn failed(call: &mut Call, digest: &Digest, refusal: Refusal) -> Error {
    if matches!(refusal, Refusal::WeakPassword | Refusal::BreachedPassword | Refusal::TooManyRequests) {
        return refusal.into();
    }
    match owner(call, digest).await {
        Ok(Some((tenant, member))) => {
            audit::failure(call, (&tenant, &member), Action::PasswordResetFailed, refusal).await
        }
        Ok(None) => refusal.into(),
        Err(fault) => fault.into(),
    }
}

async fn owner(
    call: &Call,
    digest: &Digest,
) -> std::result::Result<Option<(Tenant, MemberId)>, store::Fault> {
    let (mut conn, project) = (call.app.db.read().await?, &call.project.project_id);
    let Some(reset) = password_resets::find(&mut conn, project, digest).await? else { return Ok(None) };
    let tenant = tenant::by_id(&mut conn, project, &reset.organization_id).await?;
    Ok(tenant.map(|it| (it, reset.member_id)))
}

async fn replace(call: &mut Call, wanted: Reset) -> Result<(Login, EmailId)> {
    let (reset, tenant, member) = open(call, &wanted).await?;
    let password = Arc::new(wanted.password);
    fresh::judge(call, &password, &member.email_address).await?;
    let hash = fresh::hash(call, password).await?;
    let mut tx = call.app.db.write().await?;
    kept::lock_sharers(call, &mut tx, &member.email_address).await?;
    let member = members::lock(&mut tx, &tenant, &member.member_id, call.now).await?;
    let member = member.filter(|it| !it.is_deleted()).ok_or(Refusal::UnableToAuthPasswordResetToken)?;
    let tenant = tenant::by_id(&mut tx, tenant.project_id(), tenant.organization_id()).await?;
    let tenant = tenant.ok_or(Refusal::UnableToAuthPasswordResetToken)?;
    may_reset(call, &tenant, &member)?;
    let carried = presented::carried(call, &mut tx, &wanted.credentials, (&tenant, &member)).await?;
    let bound = (&member.member_id, &reset.email_id);
    let spent = password_resets::spend(&mut tx, &tenant, bound, &wanted.token.digest(), call.now).await?;
    if member.email_id != reset.email_id || !spent {
        return Err(Refusal::UnableToAuthPasswordResetToken.into());
    }
    messages::verified(&mut tx, &call.project.project_id, &wanted.token.digest(), call.now).await?;
    let member = fresh::put(call, &mut tx, (&tenant, member), &hash, &carried).await?;
    let (email_id, email_address) = (member.email_id.clone(), member.email_address.clone());
    let factor = Factor::Password { email_id, email_address, set_by_mail: true };
    let (wishes, locale) = (wanted.wishes, wanted.locale);
    let arrival = Arrival { tenant, member, factor, carried, wishes, locale };
    let entered = fresh::enter_anew(call, &mut tx, arrival).await?;
    notices::write(call, &mut tx, (&entered.0, &entered.1), Notice::PasswordChanged).await?;
    tx.commit().await?;
    Ok((tell(call, entered).await, reset.email_id))
}

/// What can be refused before the password is looked at.
async fn open(call: &Call, wanted: &Reset) -> Result<(PasswordReset, Tenant, Member)> {
    let gone = Refusal::UnableToAuthPasswordResetToken;
    let mut conn = call.app.db.read().await?;
    let found = password_resets::find(&mut conn, &call.project.project_id, &wanted.token.digest()).await?;
    let reset = found.filter(|it| it.is_open(call.now)).ok_or(gone.clone())?;
    let tenant = tenant::by_id(&mut conn, &call.project.project_id, &reset.organization_id).await?;
    let tenant = tenant.ok_or(gone.clone())?;
    let member = members::by_id(&mut conn, &tenant, &reset.member_id).await?;
    let member = member.filter(|it| !it.is_deleted() && it.email_id == reset.email_id).ok_or(gone)?;
    Challenge::check(reset.pkce_challenge.as_ref(), wanted.pkce_verifier.as_deref())?;
    may_reset(call, &tenant, &member)?;
    let carried = presented::carried(call, &mut conn, &wanted.credentials, (&tenant, &member)).await?;
    wanted.wishes.claims_after(carried.custom_claims())?;
    Ok((reset, tenant, member))
}

fn may_reset(call: &Call, tenant: &Tenant, member: &Member) -> Result<()> {
    guard::unlocked(call, member)?;
    let accepted = tenant.organization().accepted_of(member).contains(PrimaryMethod::Password);
    if accepted { Ok(()) } else { Err(Refusal::RestrictedByAuthMethods.into()) }
}
