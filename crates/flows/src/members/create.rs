//! New members.

use super::claimed_elsewhere;
use crate::{
    Call, Result, audit,
    primary::passwords::kept,
    rbac,
    rights::{self, Target},
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    email::EmailAddress,
    external_id::ExternalId,
    id::{EmailId, MemberId, PhoneId},
    members::{Member, PhoneState, RetiredEmails, Roles, Status},
    metadata::Metadata,
    phone::PhoneNumber,
    rbac::{EVERY_ACTION, actions},
};
use serde_json::json;
use store::{Tenant, Tx, email_claims, email_updates, members};

/// What a new member begins with.
pub struct Newcomer {
    pub email: EmailAddress,
    pub status: Status,
    pub name: String,
    pub external_id: Option<ExternalId>,
    pub is_breakglass: bool,
    pub roles: Roles,
    pub trusted_metadata: Metadata,
    pub untrusted_metadata: Metadata,
    pub mfa_enrolled: bool,
    pub phone_number: Option<PhoneNumber>,
}

impl Newcomer {
    /// A member of whom only the address is known.
    pub fn of(email: EmailAddress, status: Status) -> Self {
        Self {
            email,
            status,
            name: String::new(),
            external_id: None,
            is_breakglass: false,
            roles: Roles::default(),
            trusted_metadata: Metadata::default(),
            untrusted_metadata: Metadata::default(),
            mfa_enrolled: false,
            phone_number: None,
        }
    }

    /// What a member needs who creates it: whatever would need a right of its
    /// own on a member that exists needs it here too. Ids are the backend's to
    /// choose, so naming one needs every right.
    fn rights(&self) -> Vec<&'static str> {
        let needed = [
            (actions::CREATE, true),
            (actions::ROLES, !self.roles.0.is_empty()),
            (actions::NAME, !self.name.is_empty()),
            (actions::UNTRUSTED_METADATA, self.untrusted_metadata != Metadata::default()),
            (actions::MFA_PHONE, self.phone_number.is_some()),
            (actions::IS_BREAKGLASS, self.is_breakglass),
            (actions::MFA_ENROLLED, self.mfa_enrolled),
            (EVERY_ACTION, self.external_id.is_some()),
        ];
        needed.into_iter().filter_map(|(action, due)| due.then_some(action)).collect()
    }
}

/// Creates a member on the word of the project secret, or of a member with the
/// right to; settings about invites and provisioning do not apply, claimed
/// domains do.
///
/// # Errors
/// `OrganizationNotFound`, `EmailDomainIsClaimed`, `InvalidRbacRoleId`, the
/// refusals of [`admit`] and of [`rights::demand`].
pub async fn create(call: &mut Call, organization: &str, newcomer: Newcomer) -> Result<(Tenant, Member)> {
    let mut tx = call.app.db.write().await?;
    let tenant = rights::tenant(call, &mut tx, organization).await?;
    rights::demand(call, &mut tx, &tenant, Target::Members, &newcomer.rights()).await?;
    rights::trusted_metadata(call, newcomer.trusted_metadata != Metadata::default())?;
    rbac::require_known(&mut tx, &tenant, &newcomer.roles.0).await?;
    rights::may_give(call, &mut tx, &tenant, &newcomer.roles.0).await?;
    claimed_elsewhere(&mut tx, &tenant, &newcomer.email).await?;
    let member = admit(call, &mut tx, &tenant, newcomer).await?;
    tx.commit().await?;
    Ok((tenant, member))
}

/// Writes a new member into an open transaction.
///
/// # Errors
/// `DuplicateMemberEmail`, `RetiredMemberEmail`, `DesiredEmailUpdatingForDifferentMember`,
/// `DuplicateMemberExternalId`, `DuplicateMemberPhoneNumber`.
pub(crate) async fn admit(
    call: &mut Call,
    tx: &mut Tx,
    tenant: &Tenant,
    newcomer: Newcomer,
) -> Result<Member> {
    let mut member = begin(call, tenant, newcomer);
    member.password_id = kept::id_of_address(call, tx, &member.email_address).await?;
    if let Some(claim) = email_claims::find(tx, tenant, &member.email_address).await? {
        let taken =
            if claim.is_retired { Refusal::RetiredMemberEmail } else { Refusal::DuplicateMemberEmail };
        return Err(taken.into());
    }
    if email_updates::by_address(tx, tenant, &member.email_address, call.now).await?.is_some() {
        return Err(Refusal::DesiredEmailUpdatingForDifferentMember.into());
    }
    if let Some(number) = &member.phone_number
        && members::phone_is_taken(tx, tenant, &member.member_id, number).await?
    {
        return Err(Refusal::DuplicateMemberPhoneNumber.into());
    }
    let created = members::create(tx, &member).await?;
    created.map_err(|_| Refusal::DuplicateMemberExternalId)?;
    if !email_claims::take(tx, tenant, &member.email_address, &member.member_id).await? {
        return Err(Refusal::DuplicateMemberEmail.into());
    }
    let event = (Action::MemberCreated, Actor::Project);
    let details = [("status", json!(member.status.to_string()))];
    audit::note(call, tx, tenant, Some(&member.member_id), event, &details).await?;
    Ok(member)
}

/// The member that [`admit`] would write.
pub(crate) fn begin(call: &mut Call, tenant: &Tenant, it: Newcomer) -> Member {
    let environment = call.project.environment;
    let phone_id = it.phone_number.as_ref().map(|_| PhoneId::random(environment, &mut call.rng));
    Member {
        member_id: MemberId::random(environment, &mut call.rng),
        organization_id: tenant.organization_id().clone(),
        project_id: tenant.project_id().clone(),
        status: it.status,
        email_id: EmailId::random(environment, &mut call.rng),
        email_address: it.email,
        email_address_verified: false,
        retired_emails: RetiredEmails::default(),
        name: it.name,
        external_id: it.external_id,
        is_breakglass: it.is_breakglass,
        roles: it.roles,
        trusted_metadata: it.trusted_metadata,
        untrusted_metadata: it.untrusted_metadata,
        mfa_enrolled: it.mfa_enrolled,
        default_mfa_method: None,
        phone_id,
        phone_state: if it.phone_number.is_some() {
            PhoneState::SetByAdmin
        } else {
            PhoneState::NamedAtLogin
        },
        phone_number: it.phone_number,
        phone_held_until: None,
        had_second_factor: false,
        totp_registration_id: None,
        password_id: None,
        second_factor_failures: 0,
        second_factor_failures_total: 0,
        second_factor_locked_at: None,
        second_factor_locked_until: None,
        password_failures: 0,
        password_locked_at: None,
        password_locked_until: None,
        created_at: call.now,
        updated_at: call.now,
    }
}
