//! Changing members.

use super::{
    claimed_elsewhere, named,
    relocation::{self, Relocation},
};
use crate::{
    Call, Result, audit,
    notices::{self, Notice},
    rbac,
    rights::{self, Target},
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    email::EmailAddress,
    external_id::ExternalId,
    id::PhoneId,
    members::{Member, PhoneState, Roles, Status},
    mfa::{Method, Phone},
    phone::PhoneNumber,
    rbac::{EVERY_ACTION, RbacRefusal, actions},
    roles::RoleId,
};
use serde_json::{Value, json};
use store::{Tenant, Tx, members};

/// Absent leaves a field as it is.
#[derive(Default)]
pub struct Update {
    pub name: Option<String>,
    pub trusted_metadata: Option<Value>,
    pub untrusted_metadata: Option<Value>,
    pub is_breakglass: Option<bool>,
    pub phone_number: Option<PhoneNumber>,
    pub mfa_enrolled: Option<bool>,
    pub roles: Option<Vec<RoleId>>,
    pub default_mfa_method: Option<Method>,
    pub email: Option<EmailAddress>,
    pub external_id: Option<ExternalId>,
    /// Drops the old address instead of retiring it.
    pub unlink_email: bool,
}

/// # Errors
/// The refusals of members; nothing is changed unless everything is.
pub async fn update(
    call: &mut Call,
    (organization, member): (&str, &str),
    change: Update,
) -> Result<(Tenant, Member)> {
    let (of_anyone, of_others) = change.rights();
    let (tenant, member) =
        named(call, (organization, member), &[&of_anyone[..], &of_others].concat()).await?;
    let mut tx = call.app.db.write().await?;
    let member = members::lock(&mut tx, &tenant, &member.member_id, call.now).await?;
    let before = member.filter(|it| !it.is_deleted()).ok_or(Refusal::MemberNotFound)?;
    permitted(call, &mut tx, (&tenant, &before), &change).await?;
    let fields = change.fields();
    let member = phone(call, &mut tx, &tenant, before.clone(), change.phone_number.clone()).await?;
    let member = email(call, &mut tx, (&tenant, member), &change).await?;
    let member = profile(&mut tx, &tenant, member, change).await?;
    let event = (Action::MemberUpdated, Actor::Project);
    audit::note(call, &mut tx, &tenant, Some(&member.member_id), event, &[("fields", json!(fields))]).await?;
    let told = told(&before, &member);
    notices::write_to_both(call, &mut tx, (&tenant, &before, &member), told).await?;
    tx.commit().await?;
    Ok((tenant, member))
}

/// What a member who acts may change of this one: of themselves no address,
/// no roles and no exemption; of anybody nothing that is the backend's.
async fn permitted(
    call: &Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, &Member),
    change: &Update,
) -> Result<()> {
    let (of_anyone, of_others) = change.rights();
    rights::demand(call, tx, tenant, Target::Member(&member.member_id), &of_anyone).await?;
    if !of_others.is_empty() {
        rights::demand(call, tx, tenant, Target::Members, &of_others).await?;
    }
    rights::trusted_metadata(call, change.trusted_metadata.is_some())?;
    if change.external_id.is_some() {
        rights::project_only(call)?;
    }
    let is_self = call.caller.member().is_some_and(|it| it.member.member_id == member.member_id);
    if is_self && change.email.is_some() {
        return Err(Refusal::from(RbacRefusal::MemberCannotUpdateTheirEmailAddress).into());
    }
    if change.email.is_some() {
        rights::not_above(call, tx, tenant, member).await?;
    }
    if let Some(roles) = &change.roles {
        let given: Vec<RoleId> = roles.iter().filter(|it| !member.roles.0.contains(it)).cloned().collect();
        rbac::require_known(tx, tenant, &given).await?;
        rights::may_give(call, tx, tenant, &given).await?;
    }
    Ok(())
}

/// Takes the external id away; it is free again. Nothing happens where there is none.
///
/// # Errors
/// `OrganizationNotFound`, `MemberNotFound`.
pub async fn delete_external_id(
    call: &mut Call,
    (organization, member): (&str, &str),
) -> Result<(Tenant, Member)> {
    let (tenant, member) = named(call, (organization, member), &[EVERY_ACTION]).await?;
    let mut tx = call.app.db.write().await?;
    let member = members::lock(&mut tx, &tenant, &member.member_id, call.now).await?;
    rights::demand(call, &mut tx, &tenant, Target::Members, &[EVERY_ACTION]).await?;
    let mut member = member.filter(|it| !it.is_deleted()).ok_or(Refusal::MemberNotFound)?;
    member.external_id = None;
    let saved = members::save_profile(&mut tx, &tenant, &member).await?;
    saved.map_err(|_| Refusal::DuplicateMemberExternalId)?;
    let event = (Action::MemberUpdated, Actor::Project);
    let details = [("fields", json!(["external_id"]))];
    audit::note(call, &mut tx, &tenant, Some(&member.member_id), event, &details).await?;
    tx.commit().await?;
    Ok((tenant, member))
}

/// What the member is told of.
fn told(before: &Member, after: &Member) -> Vec<Notice> {
    let rules = |it: &Member| (it.mfa_enrolled, it.default_mfa_method, it.is_breakglass);
    let told = [
        (Notice::EmailChanged, before.email_address != after.email_address),
        (Notice::PhoneAdded, before.phone_id != after.phone_id),
        (Notice::SettingsChanged, rules(before) != rules(after)),
    ];
    told.into_iter().filter_map(|(notice, due)| due.then_some(notice)).collect()
}

async fn profile(tx: &mut Tx, tenant: &Tenant, mut member: Member, change: Update) -> Result<Member> {
    if let Some(update) = change.trusted_metadata {
        member.trusted_metadata = member.trusted_metadata.merged(update)?;
    }
    if let Some(update) = change.untrusted_metadata {
        member.untrusted_metadata = member.untrusted_metadata.merged(update)?;
    }
    if let Some(method) = change.default_mfa_method {
        let registered = match method {
            Method::SmsOtp => member.phone() != Phone::None,
            Method::Totp => member.totp_registration_id.is_some(),
        };
        if !registered {
            return Err(Refusal::DefaultMfaMemberMissingFactor.into());
        }
        member.default_mfa_method = Some(method);
    }
    member.name = change.name.unwrap_or(member.name);
    member.external_id = change.external_id.or(member.external_id);
    member.is_breakglass = change.is_breakglass.unwrap_or(member.is_breakglass);
    member.mfa_enrolled = change.mfa_enrolled.unwrap_or(member.mfa_enrolled);
    member.roles = change.roles.map_or(member.roles, Roles);
    let saved = members::save_profile(tx, tenant, &member).await?;
    saved.map_err(|_| Refusal::DuplicateMemberExternalId)?;
    Ok(member)
}

/// A number is set where none is; to change it, it is deleted first.
async fn phone(
    call: &mut Call,
    tx: &mut Tx,
    tenant: &Tenant,
    member: Member,
    number: Option<PhoneNumber>,
) -> Result<Member> {
    let Some(number) = number else { return Ok(member) };
    match member.phone() {
        Phone::None | Phone::NamedAtLogin => {}
        Phone::SetByAdmin | Phone::Verified | Phone::OnHold
            if member.phone_number.as_ref() == Some(&number) =>
        {
            return Ok(member);
        }
        Phone::SetByAdmin | Phone::Verified | Phone::OnHold => {
            return Err(Refusal::DuplicateMemberPhoneNumberForMember.into());
        }
    }
    if member.status != Status::Active {
        return Err(Refusal::ActionAvailableOnlyForActiveMembers.into());
    }
    let phone_id = PhoneId::random(call.project.environment, &mut call.rng);
    // A number that members name themselves is nobody's word but theirs (decision 2).
    let names_own = call.caller.member().is_some_and(|it| it.member.member_id == member.member_id);
    let state = if names_own { PhoneState::NamedAtLogin } else { PhoneState::SetByAdmin };
    let set = members::set_phone(tx, tenant, &member.member_id, (&phone_id, &number, state)).await?;
    set.map_err(|_| Refusal::DuplicateMemberPhoneNumber)?;
    audit::note(call, tx, tenant, Some(&member.member_id), (Action::PhoneSet, Actor::Project), &[]).await?;
    Ok(Member { phone_id: Some(phone_id), phone_number: Some(number), phone_state: state, ..member })
}

/// A new primary address, on the word of the project: nobody has verified it.
async fn email(
    call: &mut Call,
    tx: &mut Tx,
    (tenant, mut member): (&Tenant, Member),
    change: &Update,
) -> Result<Member> {
    let Some(address) = change.email.clone().filter(|it| it != &member.email_address) else {
        return Ok(member);
    };
    if address.canonical() == member.email_address.canonical() {
        // Another spelling of the same address.
        member.email_address = address;
        members::save_email(tx, tenant, &member).await?;
        return Ok(member);
    }
    claimed_elsewhere(tx, tenant, &address).await?;
    let to = Relocation {
        email_id: relocation::id_of(call, &member, &address),
        address,
        is_verified: false,
        unlinks: change.unlink_email,
        actor: Actor::Project,
    };
    relocation::relocate(call, tx, (tenant, member), to).await
}

impl Update {
    /// The rights that a member needs who makes this change: those that may
    /// be held over oneself, and those over members alone.
    fn rights(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        let needed = [
            (actions::NAME, self.name.is_some()),
            (actions::UNTRUSTED_METADATA, self.untrusted_metadata.is_some()),
            (actions::IS_BREAKGLASS, self.is_breakglass.is_some()),
            (actions::MFA_PHONE, self.phone_number.is_some()),
            (actions::MFA_ENROLLED, self.mfa_enrolled.is_some()),
            (actions::ROLES, self.roles.is_some()),
            (actions::DEFAULT_MFA_METHOD, self.default_mfa_method.is_some()),
        ];
        let needed = needed.into_iter().filter_map(|(action, due)| due.then_some(action));
        let (of_anyone, mut of_others): (Vec<_>, Vec<_>) = needed.partition(|it| actions::is_of_self(it));
        if self.email.is_some() {
            of_others.push(actions::EMAIL);
        }
        (of_anyone, of_others)
    }

    /// The names of the fields that were sent, for the record.
    fn fields(&self) -> Vec<&'static str> {
        let sent = [
            ("name", self.name.is_some()),
            ("trusted_metadata", self.trusted_metadata.is_some()),
            ("untrusted_metadata", self.untrusted_metadata.is_some()),
            ("is_breakglass", self.is_breakglass.is_some()),
            ("mfa_phone_number", self.phone_number.is_some()),
            ("mfa_enrolled", self.mfa_enrolled.is_some()),
            ("roles", self.roles.is_some()),
            ("default_mfa_method", self.default_mfa_method.is_some()),
            ("email_address", self.email.is_some()),
            ("external_id", self.external_id.is_some()),
        ];
        sent.into_iter().filter_map(|(name, sent)| sent.then_some(name)).collect()
    }
}
