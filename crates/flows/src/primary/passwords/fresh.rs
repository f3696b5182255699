//! New passwords: judged and hashed outside of any transaction, then put in
//! place of the old one together with what must end.

use super::{
    super::{Arrival, enter},
    kept,
};
use crate::{
    Call, Result, audit,
    login::Progress,
    presented::Carried,
    sessions::ending::{self, Because},
};
use delivery::Unanswered;
use domain::{
    Refusal,
    audit::{Action, Actor},
    email::EmailAddress,
    id::{MemberId, MemberPasswordId},
    members::Member,
    passwords::{Password, PasswordHash, strength},
};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use std::sync::Arc;
use store::{
    Tenant, Tx, address_password_resets, address_passwords, discovery, intermediate_sessions, members,
    password_resets, passwords, totps,
};

/// Judges a new password by the project's policy. Nothing is spent before:
/// whoever is told of a weak password may try another.
///
/// # Errors
/// `WeakPassword`, `BreachedPassword`, `PasswordValidationTimeout`, `TooManyRequests` when the hashing pool is full.
pub(super) async fn judge(call: &Call, password: &Arc<Password>, email: &EmailAddress) -> Result<()> {
    if !is_strong(call, password, email).await? {
        return Err(Refusal::WeakPassword.into());
    }
    let checks = call.project.settings.password_checks;
    if checks.breaches_on_create && is_breached(call, password).await? {
        return Err(Refusal::BreachedPassword.into());
    }
    Ok(())
}

/// Whether a password, if it is the right one, must be reset before it is good
/// for a login again. Asked before it is compared, so that neither the time nor
/// a source of breaches that is down tells a right password from a wrong one.
///
/// # Errors
/// `PasswordValidationTimeout`, `TooManyRequests` when the hashing pool is full.
pub(super) async fn must_be_reset(
    call: &Call,
    password: &Arc<Password>,
    email: &EmailAddress,
) -> Result<bool> {
    let checks = call.project.settings.password_checks;
    if checks.strength_on_authentication && !is_strong(call, password, email).await? {
        return Ok(true);
    }
    Ok(checks.breaches_on_authentication && is_breached(call, password).await?)
}

async fn is_strong(call: &Call, password: &Arc<Password>, email: &EmailAddress) -> Result<bool> {
    let (policy, judged, email) = (call.project.settings.password_policy, password.clone(), email.clone());
    let strength = call.app.hashing.run(move || strength::check(policy, &judged, Some(&email))).await?;
    Ok(strength.valid)
}

/// # Errors
/// `PasswordValidationTimeout` when the source does not answer and passwords may not pass then.
pub(super) async fn is_breached(call: &Call, password: &Password) -> Result<bool> {
    let known = call.app.breaches.know(password).await;
    Ok(known.map_err(|Unanswered| Refusal::PasswordValidationTimeout)?)
}

/// # Errors
/// `TooManyRequests` when the hashing pool is full.
pub(super) async fn hash(call: &mut Call, password: Arc<Password>) -> Result<PasswordHash> {
    let cost = call.app.password_cost;
    let mut rng = ChaCha20Rng::from_rng(&mut call.rng);
    call.app.hashing.run(move || PasswordHash::of(&password, cost, &mut rng)).await
}

/// Sets the password of a locked member. Every other way in that rests on the
/// old one ends: sessions, halfway logins, open resets. What the member sent
/// along stays.
///
/// # Errors
/// When the database fails.
pub(super) async fn put(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, Member),
    hash: &PasswordHash,
    carried: &Carried,
) -> Result<Member> {
    let id = if kept::is_shared(call) {
        let own = Some((&member.member_id, carried));
        put_shared(call, tx, &member.email_address, hash, own).await?.0
    } else {
        kept::hold_scope(call, tx).await?;
        let id = MemberPasswordId::random(call.project.environment, &mut call.rng);
        passwords::set(tx, tenant, &member.member_id, (&id, hash), call.now).await?;
        members::set_password_id(tx, tenant, &member.member_id, Some(&id)).await?;
        id
    };
    passwords::clear_guesses(tx, tenant, &member.member_id).await?;
    end_others(call, tx, (tenant, &member), carried).await?;
    let event = (Action::PasswordSet, Actor::Member);
    audit::note(call, tx, tenant, Some(&member.member_id), event, &[]).await?;
    Ok(Member {
        password_id: Some(id),
        password_failures: 0,
        password_locked_at: None,
        password_locked_until: None,
        ..member
    })
}

/// Sets the password of an address. What rested on the old one ends for every
/// member who has the address, except what `own` sent along; the callers hold
/// their locks.
///
/// # Errors
/// When the database fails.
pub(super) async fn put_shared(
    call: &mut Call,
    tx: &mut Tx,
    email: &EmailAddress,
    hash: &PasswordHash,
    own: Option<(&MemberId, &Carried)>,
) -> Result<(MemberPasswordId, Vec<(Tenant, Member)>)> {
    kept::hold_scope(call, tx).await?;
    let project = call.project.project_id.clone();
    let id = MemberPasswordId::random(call.project.environment, &mut call.rng);
    address_passwords::set(tx, &project, email, (&id, hash), call.now).await?;
    address_password_resets::end_all_of(tx, &project, email, call.now).await?;
    match own.and_then(|(_, carried)| carried.intermediate.as_ref()) {
        Some(it) => {
            intermediate_sessions::end_others_of_address(tx, &project, email, &it.token_digest).await?;
        }
        None => intermediate_sessions::end_all_of_address(tx, &project, email).await?,
    }
    let sharers = discovery::memberships(tx, &project, email).await?;
    let in_hand = own.and_then(|(_, carried)| carried.intermediate.clone());
    let in_hand = Carried { intermediate: in_hand, ..Carried::default() };
    for (tenant, member) in &sharers {
        members::set_password_id(tx, tenant, &member.member_id, Some(&id)).await?;
        if own.is_none_or(|(own, _)| own != &member.member_id) {
            end_others(call, tx, (tenant, member), &in_hand).await?;
            let event = (Action::PasswordSet, Actor::Member);
            audit::note(call, tx, tenant, Some(&member.member_id), event, &[]).await?;
        }
    }
    Ok((id, sharers))
}

async fn end_others(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    carried: &Carried,
) -> Result<()> {
    match &carried.session {
        Some(own) => {
            let whose = (tenant, &member.member_id, &own.member_session_id);
            ending::others_of(call, tx, whose, Because::PasswordSet).await?;
        }
        None => ending::all_of(call, tx, (tenant, &member.member_id), Because::PasswordSet).await?,
    }
    match &carried.intermediate {
        Some(own) => {
            intermediate_sessions::end_others_of(tx, tenant, &member.member_id, &own.token_digest).await?;
        }
        None => intermediate_sessions::end_all_of(tx, tenant, &member.member_id).await?,
    }
    totps::delete_pending(tx, tenant, &member.member_id).await?;
    Ok(password_resets::end_all_of(tx, tenant, &member.member_id, call.now).await?)
}

/// Takes the member to the first door. A session sent along that does not lead
/// inside, because a second factor is due that it lacks, ends like the others.
///
/// # Errors
/// Those of a login.
pub(super) async fn enter_anew(
    call: &mut Call,
    tx: &mut Tx,
    arrival: Arrival,
) -> Result<(Tenant, Member, Progress)> {
    let (tenant, member, progress) = enter(call, tx, arrival).await?;
    match &progress {
        Progress::Inside(_) => {}
        Progress::Waiting(_) => {
            let whose = (&tenant, &member.member_id);
            ending::all_of(call, tx, whose, Because::SecondFactorDue).await?;
        }
    }
    Ok((tenant, member, progress))
}
