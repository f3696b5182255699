//! Where a password is kept: with the member, or, in a project whose passwords
//! serve every organization, with the address.

use crate::{Call, Result};
use domain::{Refusal, email::EmailAddress, id::MemberPasswordId, members::Member, passwords::PasswordHash};
use store::{Conn, Tenant, Tx, address_passwords, discovery, members, passwords, projects};

/// A password, with the id that outlives a better hash of it.
pub(super) struct Kept {
    pub id: MemberPasswordId,
    pub hash: PasswordHash,
    /// Good for nothing until it is reset by mail.
    pub must_reset: bool,
}

/// Whether one password serves every organization of the project.
pub(crate) fn is_shared(call: &Call) -> bool {
    call.project.settings.cross_organization_passwords
}

/// # Errors
/// When the database fails.
pub(super) async fn find(
    call: &Call,
    conn: &mut Conn,
    (tenant, member): (&Tenant, &Member),
) -> Result<Option<Kept>> {
    if is_shared(call) {
        let found = address_passwords::find(conn, tenant.project_id(), &member.email_address).await?;
        return Ok(found.map(|it| Kept { id: it.password_id, hash: it.hash, must_reset: it.must_reset }));
    }
    let found = passwords::find_with_id(conn, tenant, &member.member_id).await?;
    Ok(found.map(|(id, hash)| Kept { id, hash, must_reset: false }))
}

/// Counts a guess: none when locked, otherwise whether a wrong one closes the lock.
///
/// # Errors
/// When the database fails.
pub(super) async fn reserve(
    call: &Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
) -> Result<Option<bool>> {
    let lock = call.project.settings.lock;
    if is_shared(call) {
        let (project, email) = (tenant.project_id(), &member.email_address);
        return Ok(address_passwords::reserve_guess(tx, project, email, lock, call.now).await?);
    }
    if !passwords::reserve_guess(tx, tenant, &member.member_id, lock, call.now).await? {
        return Ok(None);
    }
    let current = members::by_id(tx, tenant, &member.member_id).await?;
    Ok(Some(current.is_some_and(|it| it.password_lock().holds(call.now))))
}

/// # Errors
/// When the database fails.
pub(super) async fn rehash(
    call: &Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    (verified, better): (&PasswordHash, &PasswordHash),
) -> Result<bool> {
    let hashes = (verified, better);
    Ok(if is_shared(call) {
        address_passwords::rehash(tx, tenant.project_id(), &member.email_address, hashes).await?
    } else {
        passwords::rehash(tx, tenant, &member.member_id, hashes).await?
    })
}

/// Forgets wrong guesses.
///
/// # Errors
/// When the database fails.
pub(super) async fn forgive(call: &Call, tx: &mut Tx, (tenant, member): (&Tenant, &Member)) -> Result<()> {
    if is_shared(call) {
        address_passwords::clear_guesses(tx, tenant.project_id(), &member.email_address).await?;
    }
    Ok(passwords::clear_guesses(tx, tenant, &member.member_id).await?)
}

/// Locks every member who shares the password, always in the same order; call
/// it before the member itself is locked.
///
/// # Errors
/// When the database fails.
pub(super) async fn lock_sharers(call: &Call, tx: &mut Tx, email: &EmailAddress) -> Result<()> {
    if is_shared(call) {
        for (tenant, member) in discovery::memberships(tx, &call.project.project_id, email).await? {
            members::lock(tx, &tenant, &member.member_id, call.now).await?;
        }
    }
    Ok(())
}

/// Keeps passwords where they are for the rest of the transaction: their scope
/// is not changed under the hands of whoever sets one.
///
/// # Errors
/// `ServerUnavailable` when the scope was changed since the call began.
pub(super) async fn hold_scope(call: &Call, tx: &mut Tx) -> Result<()> {
    let held = projects::hold(tx, &call.project.project_id).await?.ok_or(Refusal::ProjectNotFound)?;
    let unchanged = held.cross_organization_passwords == is_shared(call);
    if unchanged { Ok(()) } else { Err(Refusal::ServerUnavailable.into()) }
}

/// The id of the password that comes with an address.
///
/// # Errors
/// When the database fails.
pub(crate) async fn id_of_address(
    call: &Call,
    conn: &mut Conn,
    email: &EmailAddress,
) -> Result<Option<MemberPasswordId>> {
    if !is_shared(call) {
        return Ok(None);
    }
    let found = address_passwords::find(conn, &call.project.project_id, email).await?;
    Ok(found.map(|it| it.password_id))
}
