//! Passwords: logging in, importing, checking strength.

pub mod existing;
mod fresh;
pub mod in_session;
pub(crate) mod kept;
pub mod migrate;
pub mod require_reset;
pub mod reset;
pub mod reset_start;
pub mod shared;

use super::{Arrival, Login, enter, tell};
use crate::{
    Call, Caller, Error, Result, audit,
    factors::guard,
    figures::{self, Beginning, Lock},
    hashing::Turn,
    login::SessionWishes,
    presented::{self, Credentials},
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    email::EmailAddress,
    factors::Factor,
    locale::Locale,
    login_policy::PrimaryMethod,
    members::Member,
    passwords::{
        Password, PasswordHash,
        strength::{self, Strength},
    },
};
use kept::Kept;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use std::sync::Arc;
use store::{Tenant, Tx, members, tenant};

pub struct Authenticate {
    pub organization: String,
    pub email: EmailAddress,
    pub password: Password,
    pub credentials: Credentials,
    pub wishes: SessionWishes,
    pub locale: Locale,
}

/// Checks a password and asks the policy. The guess is counted and committed
/// before the slow comparison; no transaction is open while hashing.
///
/// # Errors
/// `EmailNotFound`, `MemberPasswordNotFound`, `WrongPassword`, `MemberResetPassword`, `PasswordValidationTimeout`,
/// `RestrictedByAuthMethods`, `UserLockLimitReached`, `TooManyRequests` when the hashing pool is full.
pub async fn authenticate(call: &mut Call, wanted: Authenticate) -> Result<Login> {
    figures::login(Beginning::Password, compare(call, wanted).await, |it| it)
}

async fn compare(call: &mut Call, wanted: Authenticate) -> Result<Login> {
    let found = known(call, &wanted).await;
    let given = Arc::new(wanted.password);
    let (tenant, member, password) = match found {
        Ok(found) => found,
        Err(error) => return Err(as_slowly(call, error, given).await),
    };
    let outworn = fresh::must_be_reset(call, &given, &member.email_address).await? || password.must_reset;
    let app = call.app.clone();
    let turn = app.hashing.turn().await?; // first: whoever is turned away has not guessed
    let closes = reserve(call, &tenant, &member).await?;
    let verified = verify(call, turn, (given, password.hash.clone())).await?;
    let Some(better) = verified else {
        note_failure(call, (&tenant, &member), closes).await?;
        return Err(Refusal::WrongPassword.into());
    };
    let mut tx = call.app.db.write().await?;
    let member = members::lock(&mut tx, &tenant, &member.member_id, call.now).await?;
    let member = member.filter(|it| !it.is_deleted()).ok_or(Refusal::EmailNotFound)?;
    let tenant = tenant::by_id(&mut tx, tenant.project_id(), tenant.organization_id()).await?;
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    guard::unlocked(call, &member)?;
    settle(call, &mut tx, (&tenant, &member), (&password, better)).await?;
    if outworn {
        tx.commit().await?; // a right guess is no failure
        return Err(Refusal::MemberResetPassword.into());
    }
    let carried = presented::carried(call, &mut tx, &wanted.credentials, (&tenant, &member)).await?;
    let (email_id, email_address) = (member.email_id.clone(), member.email_address.clone());
    let factor = Factor::Password { email_id, email_address, set_by_mail: false };
    let (wishes, locale) = (wanted.wishes, wanted.locale);
    let arrival = Arrival { tenant, member, factor, carried, wishes, locale };
    let entered = enter(call, &mut tx, arrival).await?;
    tx.commit().await?;
    Ok(tell(call, entered).await)
}

/// The judgement on a password that nobody sets.
pub struct Rating {
    pub strength: Strength,
    /// Whether new passwords are looked up among breached ones.
    pub looked_up: bool,
    pub breached: bool,
}

/// Rates a password against the project's policy; changes nothing.
///
/// # Errors
/// `PasswordValidationTimeout`, `TooManyRequests` when the hashing pool is full.
pub async fn strength(call: &Call, password: Password, email: Option<EmailAddress>) -> Result<Rating> {
    let looked_up = call.project.settings.password_checks.breaches_on_create && call.app.breaches.is_on();
    let breached = looked_up && fresh::is_breached(call, &password).await?;
    let policy = call.project.settings.password_policy;
    let strength = call.app.hashing.run(move || strength::check(policy, &password, email.as_ref())).await?;
    Ok(Rating { strength, looked_up, breached })
}

async fn known(call: &Call, wanted: &Authenticate) -> Result<(Tenant, Member, Kept)> {
    let mut conn = call.app.db.read().await?;
    let tenant = tenant::resolve(&mut conn, &call.project.project_id, &wanted.organization).await?;
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    let member = members::by_email(&mut conn, &tenant, &wanted.email).await?.ok_or(Refusal::EmailNotFound)?;
    if !tenant.organization().accepted_of(&member).contains(PrimaryMethod::Password) {
        return Err(Refusal::RestrictedByAuthMethods.into());
    }
    guard::unlocked(call, &member)?;
    let password = kept::find(call, &mut conn, (&tenant, &member)).await?;
    // What cannot be had is refused before the password is looked at.
    let carried = presented::carried(call, &mut conn, &wanted.credentials, (&tenant, &member)).await?;
    wanted.wishes.claims_after(carried.custom_claims())?;
    Ok((tenant, member, password.ok_or(Refusal::MemberPasswordNotFound)?))
}

/// A refusal of a password that was not looked at. A visitor waits for it as
/// long as for a wrong one; the project's backend is told at once.
async fn as_slowly(call: &Call, error: Error, given: Arc<Password>) -> Error {
    let Caller::Visitor = call.caller else { return error };
    let cost = call.app.password_cost;
    match call.app.hashing.run(move || PasswordHash::decoy(cost).matches(&given)).await {
        Ok(_) => error,
        Err(turned_away) => turned_away,
    }
}

/// Counts the guess; whether it closes the lock, if it turns out wrong.
async fn reserve(call: &Call, tenant: &Tenant, member: &Member) -> Result<bool> {
    let mut tx = call.app.db.write().await?;
    let reserved = kept::reserve(call, &mut tx, (tenant, member)).await?;
    tx.commit().await?;
    Ok(reserved.ok_or(Refusal::UserLockLimitReached)?)
}

/// What a right password leaves to do: a better hash, if the stored one is outdated.
type Better = Option<PasswordHash>;

/// None for a wrong password. A wrong guess at an imported hash costs as much
/// as one at a native hash, so that time does not tell them apart.
async fn verify(
    call: &mut Call,
    turn: Turn<'_>,
    (password, hash): (Arc<Password>, PasswordHash),
) -> Result<Option<Better>> {
    let cost = call.app.password_cost;
    let mut rng = ChaCha20Rng::from_rng(&mut call.rng); // a stream apart: the salt is no secret, what follows is
    turn.run(move || match (hash.matches(&password), hash.is_outdated(cost)) {
        (true, false) => Some(None),
        (true, true) => Some(Some(PasswordHash::of(&password, cost, &mut rng))),
        (false, true) => {
            PasswordHash::decoy(cost).matches(&password);
            None
        }
        (false, false) => None,
    })
    .await
}

/// A right password: its hash may be replaced by a better one, its failures are forgotten.
async fn settle(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    (verified, better): (&Kept, Better),
) -> Result<()> {
    // Deleted or set anew while it was hashed: what was verified is no longer
    // the password. The identity of a password outlives a better hash of it.
    kept::forgive(call, tx, (tenant, member)).await?; // locks the row of a shared one
    let current = kept::find(call, tx, (tenant, member)).await?;
    if current.is_none_or(|it| it.id != verified.id || it.must_reset != verified.must_reset) {
        return Err(Refusal::WrongPassword.into());
    }
    if let Some(better) = better
        && kept::rehash(call, tx, (tenant, member), (&verified.hash, &better)).await?
    {
        let event = (Action::PasswordRehashed, Actor::Member);
        audit::note(call, tx, tenant, Some(&member.member_id), event, &[]).await?;
    }
    Ok(())
}

async fn note_failure(call: &mut Call, (tenant, member): (&Tenant, &Member), locked: bool) -> Result<()> {
    let mut tx = call.app.db.write().await?;
    let event = (Action::PasswordFailed, Actor::Member);
    audit::note(call, &mut tx, tenant, Some(&member.member_id), event, &[]).await?;
    if locked {
        figures::locked(Lock::Passwords);
        let event = (Action::PasswordLocked, Actor::Member);
        audit::note(call, &mut tx, tenant, Some(&member.member_id), event, &[]).await?;
    }
    Ok(tx.commit().await?)
}
