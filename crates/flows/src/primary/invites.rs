//! Invitations: a link that makes somebody a member.

use super::{links, magic_links};
use crate::{
    Call, Result, audit,
    members::{self as people, create::Newcomer},
    messages::{LinkMail, Occasion},
    rbac,
    rights::{self, Target},
    sending::{self, Cause},
    templates,
};
use domain::{
    Refusal,
    audit::{Action, Actor},
    email::EmailAddress,
    locale::Locale,
    members::{Member, Roles, Status},
    messages::Purpose,
    metadata::Metadata,
    rbac::actions,
    time::Span,
};
use store::{Tenant, Tx, members};

/// Minutes that an invitation lives, unless asked for otherwise: a week.
const MINUTES: i64 = 10_080;

/// Absent leaves a field of somebody who was invited before as it is.
pub struct Invite {
    pub organization: String,
    pub email: EmailAddress,
    pub redirect_url: Option<String>,
    pub invited_by: Option<String>,
    pub name: Option<String>,
    pub trusted_metadata: Option<Metadata>,
    pub untrusted_metadata: Option<Metadata>,
    pub roles: Option<Roles>,
    pub locale: Locale,
    pub minutes: Option<i64>,
    pub template: Option<String>,
}

/// Mails an invitation. An unknown address and a pending member are invited
/// from now on; whoever was invited before gets another link beside the older ones.
///
/// # Errors
/// `InvalidEmailForInvites`, `EmailDomainIsClaimed`, `DuplicateMemberEmail` for
/// active members, `MemberNotFound` for an inviter who is none, the refusals of
/// redirect URLs, new members and limits.
pub async fn invite(call: &mut Call, wanted: Invite) -> Result<(Tenant, Member)> {
    let minutes = links::minutes(wanted.minutes, MINUTES)?;
    let known = (call.project.settings.invite_redirect_urls.as_slice(), wanted.redirect_url.as_deref());
    let refusals = (Refusal::InvalidInviteRedirectUrl, Refusal::NoInviteRedirectUrl);
    let url = links::registered(call, known, refusals)?;
    let mut tx = call.app.db.write().await?;
    let tenant = rights::tenant(call, &mut tx, &wanted.organization).await?;
    permitted(call, &mut tx, &tenant, &wanted).await?;
    tenant.organization().settings.admit_by_invite(&wanted.email)?;
    people::claimed_elsewhere(&mut tx, &tenant, &wanted.email).await?;
    inviter(&mut tx, &tenant, wanted.invited_by.as_deref()).await?;
    let (email, locale, template) = (wanted.email.clone(), wanted.locale, wanted.template.clone());
    let member = match members::by_email(&mut tx, &tenant, &email).await? {
        Some(member) => again(call, &mut tx, (&tenant, member), wanted).await?,
        None => people::create::admit(call, &mut tx, &tenant, newcomer(wanted)).await?,
    };
    let event = (Action::MemberInvited, Actor::Project);
    audit::note(call, &mut tx, &tenant, Some(&member.member_id), event, &[]).await?;
    let wish = magic_links::Wish { url, minutes, pkce_challenge: None };
    let kept = magic_links::keep(call, &mut tx, (&tenant, &member), wish).await?;
    let (whom, occasion) = ((Some(&tenant), member.name.as_str()), Occasion::Invite);
    let asked = (template.as_deref(), locale);
    let dress = templates::dress(call, &mut tx, whom, occasion.of_link(), asked).await?;
    let id = sending::message_id(call);
    let mail = LinkMail { link: &kept.url, minutes, occasion, dress: &dress };
    let mail = mail.to(member.email_address.clone(), &id);
    let cause = Cause::requested(Purpose::Invite, kept.digest, Span::minutes(minutes));
    sending::mail(call, &mut tx, cause.of(&tenant, &member), (id, mail)).await?;
    tx.commit().await?;
    Ok((tenant, member))
}

/// Whoever invites creates a member; roles and trusted metadata need what they
/// need on a member that exists.
async fn permitted(call: &Call, tx: &mut Tx, tenant: &Tenant, wanted: &Invite) -> Result<()> {
    let roles = wanted.roles.clone().unwrap_or_default().0;
    rights::demand(call, tx, tenant, Target::Members, &wanted.rights()).await?;
    rights::trusted_metadata(call, wanted.trusted_metadata.is_some())?;
    rbac::require_known(tx, tenant, &roles).await?;
    rights::may_give(call, tx, tenant, &roles).await
}

impl Invite {
    /// What is sent needs its right, also where it empties a field: the
    /// address may be of somebody who was invited before.
    fn rights(&self) -> Vec<&'static str> {
        let needed = [
            (actions::CREATE, true),
            (actions::ROLES, self.roles.is_some()),
            (actions::NAME, self.name.is_some()),
            (actions::UNTRUSTED_METADATA, self.untrusted_metadata.is_some()),
        ];
        needed.into_iter().filter_map(|(action, due)| due.then_some(action)).collect()
    }
}

async fn inviter(tx: &mut Tx, tenant: &Tenant, reference: Option<&str>) -> Result<()> {
    if let Some(reference) = reference {
        let found = members::find(tx, tenant, reference).await?;
        found.filter(|it| !it.is_deleted()).ok_or(Refusal::MemberNotFound)?;
    }
    Ok(())
}

fn newcomer(wanted: Invite) -> Newcomer {
    let mut newcomer = Newcomer::of(wanted.email, Status::Invited);
    newcomer.name = wanted.name.unwrap_or_default();
    newcomer.roles = wanted.roles.unwrap_or_default();
    newcomer.trusted_metadata = wanted.trusted_metadata.unwrap_or_default();
    newcomer.untrusted_metadata = wanted.untrusted_metadata.unwrap_or_default();
    newcomer
}

/// Somebody who is a member already, but was never in.
async fn again(
    call: &Call,
    tx: &mut Tx,
    (tenant, member): (&Tenant, Member),
    wanted: Invite,
) -> Result<Member> {
    let member = members::lock(tx, tenant, &member.member_id, call.now).await?;
    let mut member = member.ok_or(Refusal::EmailNotFound)?;
    match member.status {
        Status::Pending | Status::Invited => {}
        Status::Active => return Err(Refusal::DuplicateMemberEmail.into()),
        Status::Deleted => return Err(Refusal::EmailNotFound.into()), // meanwhile
    }
    member.name = wanted.name.unwrap_or(member.name);
    member.roles = wanted.roles.unwrap_or(member.roles);
    member.trusted_metadata = wanted.trusted_metadata.unwrap_or(member.trusted_metadata);
    member.untrusted_metadata = wanted.untrusted_metadata.unwrap_or(member.untrusted_metadata);
    let saved = members::save_profile(tx, tenant, &member).await?;
    saved.map_err(|_| Refusal::DuplicateMemberExternalId)?;
    members::invite(tx, tenant, &member.member_id).await?;
    Ok(Member { status: Status::Invited, ..member })
}
