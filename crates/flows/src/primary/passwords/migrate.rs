//! Importing password hashes from another system.

use super::kept;
use crate::{
    Call, Result, audit, members as people,
    notices::{self, Notice},
    rbac,
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    email::EmailAddress,
    external_id::ExternalId,
    id::{MemberPasswordId, PhoneId},
    login_policy::PrimaryMethod,
    members::{Member, PhoneState, Roles, Status},
    mfa::Phone,
    passwords::PasswordHash,
    phone::PhoneNumber,
    roles::RoleId,
};
use serde_json::{Value, json};
use store::{Tenant, Tx, address_passwords, discovery, members, passwords, tenant, totps};

pub struct Migrate {
    pub organization: String,
    pub email: EmailAddress,
    pub hash: PasswordHash,
    pub name: Option<String>,
    pub trusted_metadata: Option<Value>,
    pub untrusted_metadata: Option<Value>,
    pub roles: Option<Vec<RoleId>>,
    pub phone_number: Option<PhoneNumber>,
    pub set_phone_number_verified: bool,
    pub external_id: Option<ExternalId>,
}

pub struct Migrated {
    pub tenant: Tenant,
    pub member: Member,
    pub created: bool,
}

/// Gives a member the password behind a hash; creates the member if the
/// address is new. The backend vouches for the address: it is verified, the
/// member active. The hash is replaced by a native one at the first login.
///
/// # Errors
/// `PasswordAlreadyExists`, the refusals of members.
pub async fn migrate(call: &mut Call, wanted: Migrate) -> Result<Migrated> {
    let tenant = {
        let mut conn = call.app.db.read().await?;
        tenant::resolve(&mut conn, &call.project.project_id, &wanted.organization).await?
    };
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    let mut tx = call.app.db.write().await?;
    kept::lock_sharers(call, &mut tx, &wanted.email).await?;
    let (member, created) = owner(call, &mut tx, &tenant, &wanted).await?;
    let had = member.phone_id.clone();
    if !tenant.organization().accepted_of(&member).contains(PrimaryMethod::Password) {
        return Err(Refusal::RestrictedByAuthMethods.into());
    }
    kept::hold_scope(call, &mut tx).await?;
    keep(call, &mut tx, (&tenant, &member), (&wanted.hash, created)).await?;
    let member =
        members::admit(&mut tx, &tenant, &member.member_id, true).await?.ok_or(Refusal::MemberNotFound)?;
    let member = profile(&mut tx, &tenant, member, &wanted).await?;
    let member = phone(call, &mut tx, &tenant, member, &wanted).await?;
    let event = (Action::PasswordSet, Actor::Project);
    audit::note(call, &mut tx, &tenant, Some(&member.member_id), event, &[("imported", json!(true))]).await?;
    let set = [(Notice::PasswordSet, !created), (Notice::PhoneAdded, !created && had != member.phone_id)];
    let set = set.into_iter().filter_map(|(notice, due)| due.then_some(notice));
    notices::write_to_both(call, &mut tx, (&tenant, &member, &member), set).await?;
    tx.commit().await?;
    Ok(Migrated { tenant, member, created })
}

/// The import never replaces a password. One that serves every organization
/// may be there already: a new member comes to share it, and the same hash may
/// be imported once for each organization of the address.
async fn keep(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    (hash, created): (&PasswordHash, bool),
) -> Result<()> {
    let id = MemberPasswordId::random(call.project.environment, &mut call.rng);
    if !kept::is_shared(call) {
        if !passwords::create(tx, tenant, &member.member_id, (&id, hash), call.now).await? {
            return Err(Refusal::PasswordAlreadyExists.into());
        }
        return Ok(members::set_password_id(tx, tenant, &member.member_id, Some(&id)).await?);
    }
    let (project, email) = (tenant.project_id().clone(), &member.email_address);
    match address_passwords::find(tx, &project, email).await? {
        Some(there) if created || &there.hash == hash => Ok(()),
        Some(_) => Err(Refusal::PasswordAlreadyExists.into()),
        None => {
            address_passwords::set(tx, &project, email, (&id, hash), call.now).await?;
            for (tenant, sharer) in discovery::memberships(tx, &project, email).await? {
                members::set_password_id(tx, &tenant, &sharer.member_id, Some(&id)).await?;
            }
            Ok(())
        }
    }
}

async fn owner(call: &mut Call, tx: &mut Tx, tenant: &Tenant, wanted: &Migrate) -> Result<(Member, bool)> {
    if let Some(member) = members::by_email(tx, tenant, &wanted.email).await? {
        let member = members::lock(tx, tenant, &member.member_id, call.now).await?;
        return Ok((member.filter(|it| !it.is_deleted()).ok_or(Refusal::MemberNotFound)?, false));
    }
    people::claimed_elsewhere(tx, tenant, &wanted.email).await?;
    let mut newcomer = people::create::Newcomer::of(wanted.email.clone(), Status::Active);
    newcomer.external_id.clone_from(&wanted.external_id);
    Ok((people::create::admit(call, tx, tenant, newcomer).await?, true))
}

async fn profile(tx: &mut Tx, tenant: &Tenant, mut member: Member, wanted: &Migrate) -> Result<Member> {
    if let Some(name) = &wanted.name {
        member.name.clone_from(name);
    }
    if let Some(update) = &wanted.trusted_metadata {
        member.trusted_metadata = member.trusted_metadata.merged(update.clone())?;
    }
    if let Some(update) = &wanted.untrusted_metadata {
        member.untrusted_metadata = member.untrusted_metadata.merged(update.clone())?;
    }
    if let Some(roles) = &wanted.roles {
        rbac::require_known(tx, tenant, roles).await?;
        member.roles = Roles(roles.clone());
    }
    let saved = members::save_profile(tx, tenant, &member).await?;
    saved.map_err(|_| Refusal::DuplicateMemberExternalId)?;
    Ok(member)
}

/// A number is set where none is; the one that is there may be vouched for.
async fn phone(
    call: &mut Call,
    tx: &mut Tx,
    tenant: &Tenant,
    member: Member,
    wanted: &Migrate,
) -> Result<Member> {
    let Some(number) = wanted.phone_number.clone() else { return Ok(member) };
    let same = member.phone_number.as_ref() == Some(&number);
    match member.phone() {
        Phone::None | Phone::NamedAtLogin => {}
        Phone::SetByAdmin if same && wanted.set_phone_number_verified => {}
        Phone::SetByAdmin | Phone::Verified | Phone::OnHold if same => return Ok(member),
        Phone::SetByAdmin | Phone::Verified | Phone::OnHold => {
            return Err(Refusal::DuplicateMemberPhoneNumberForMember.into());
        }
    }
    let phone_id = PhoneId::random(call.project.environment, &mut call.rng);
    let state = if wanted.set_phone_number_verified { PhoneState::Verified } else { PhoneState::SetByAdmin };
    let set = members::set_phone(tx, tenant, &member.member_id, (&phone_id, &number, state)).await?;
    set.map_err(|_| Refusal::DuplicateMemberPhoneNumber)?;
    let action = if wanted.set_phone_number_verified { Action::PhoneVerified } else { Action::PhoneSet };
    if wanted.set_phone_number_verified {
        // A pending authenticator app dies when another factor becomes active (decision 3).
        totps::delete_pending(tx, tenant, &member.member_id).await?;
    }
    let details = [("imported", json!(true))];
    audit::note(call, tx, tenant, Some(&member.member_id), (action, Actor::Project), &details).await?;
    Ok(Member { phone_id: Some(phone_id), phone_number: Some(number), phone_state: state, ..member })
}
