//! Changing a password by the one before.

use super::{
    super::{Arrival, Login, tell},
    Authenticate, fresh, kept, known, note_failure, reserve, settle, verify,
};
use crate::{
    Call, Result,
    factors::guard,
    figures::{self, Beginning},
    notices::{self, Notice},
    presented,
};
use domain::{Refusal, factors::Factor, passwords::Password};
use std::sync::Arc;
use store::{members, tenant};

/// Changes the password of a member who knows it. The guess at the old one is
/// counted as at a login; what can be said of the new one is said before, the
/// same for right and wrong guesses.
///
/// # Errors
/// Those of a login by password, and `WeakPassword`.
pub async fn reset(call: &mut Call, wanted: Authenticate, new: Password) -> Result<Login> {
    figures::login(Beginning::PasswordReset, replace(call, wanted, new).await, |it| it)
}

async fn replace(call: &mut Call, wanted: Authenticate, new: Password) -> Result<Login> {
    let (tenant, member, password) = known(call, &wanted).await?;
    if new.expose() == wanted.password.expose() {
        return Err(Refusal::WeakPassword.into());
    }
    let new = Arc::new(new);
    fresh::judge(call, &new, &member.email_address).await?;
    let old = Arc::new(wanted.password);
    let outworn = fresh::must_be_reset(call, &old, &member.email_address).await? || password.must_reset;
    let app = call.app.clone();
    let turn = app.hashing.turn().await?; // first: whoever is turned away has not guessed
    let closes = reserve(call, &tenant, &member).await?;
    if verify(call, turn, (old, password.hash.clone())).await?.is_none() {
        note_failure(call, (&tenant, &member), closes).await?;
        return Err(Refusal::WrongPassword.into());
    }
    let hash = fresh::hash(call, new).await?;
    let mut tx = call.app.db.write().await?;
    kept::lock_sharers(call, &mut tx, &member.email_address).await?;
    let member = members::lock(&mut tx, &tenant, &member.member_id, call.now).await?;
    let member = member.filter(|it| !it.is_deleted()).ok_or(Refusal::EmailNotFound)?;
    let tenant = tenant::by_id(&mut tx, tenant.project_id(), tenant.organization_id()).await?;
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    guard::unlocked(call, &member)?;
    settle(call, &mut tx, (&tenant, &member), (&password, None)).await?;
    if outworn {
        tx.commit().await?; // a right guess is no failure
        return Err(Refusal::MemberResetPassword.into());
    }
    let carried = presented::carried(call, &mut tx, &wanted.credentials, (&tenant, &member)).await?;
    let member = fresh::put(call, &mut tx, (&tenant, member), &hash, &carried).await?;
    let (email_id, email_address) = (member.email_id.clone(), member.email_address.clone());
    let factor = Factor::Password { email_id, email_address, set_by_mail: false };
    let (wishes, locale) = (wanted.wishes, wanted.locale);
    let arrival = Arrival { tenant, member, factor, carried, wishes, locale };
    let entered = fresh::enter_anew(call, &mut tx, arrival).await?;
    notices::write(call, &mut tx, (&entered.0, &entered.1), Notice::PasswordChanged).await?;
    tx.commit().await?;
    Ok(tell(call, entered).await)
}
