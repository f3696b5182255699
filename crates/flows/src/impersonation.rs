//! Acting in a member's name: minted by the operator, opened once, for an hour.

use crate::{
    App, Call, Error, Result, audit,
    factors::guard,
    login::{self, Authority},
    notices::{self, Notice},
    projects,
};
use domain::{
    Refusal, Timestamp,
    audit::{Action, Actor, Details},
    digest::Digest,
    email::EmailAddress,
    id::MemberId,
    members::{Member, Status},
    projects::Project,
    sessions::Session,
    time::Span,
    token::Token,
};
use rand::RngCore;
use serde_json::json;
use store::{Conn, Tenant, impersonation_tokens, impersonation_tokens::ImpersonationToken, members, tenant};

/// How long a token waits to be opened.
const LIFETIME: Span = Span::minutes(5);
const LONGEST_REASON: usize = 500;

/// Who acts in whose name, and why.
pub struct Mint<'a> {
    pub project: &'a Project,
    /// Id, slug or external id.
    pub organization: &'a str,
    /// Id, external id or e-mail address.
    pub member: &'a str,
    /// As the installation knows the person who acts; goes into the session.
    pub impersonator_id: &'a str,
    pub impersonator_email_address: EmailAddress,
    pub reason: &'a str,
    pub actor: Actor,
}

/// A token, told once.
pub struct Minted {
    pub token: Token,
    pub expires_at: Timestamp,
}

/// Mints a token with which somebody acts in a member's name, and writes down who and why.
///
/// # Errors
/// `InvalidImpersonationReason`, `OrganizationNotFound`, `MemberNotFound`, `MemberImpersonationNotAllowed`.
pub async fn mint(app: &App, wanted: Mint<'_>, (now, rng): (Timestamp, &mut impl RngCore)) -> Result<Minted> {
    let reason = wanted.reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(Refusal::InvalidImpersonationReason.into());
    }
    let project = &wanted.project.project_id;
    let mut tx = app.db.write().await?;
    let (tenant, member) = guard::of_project(&mut tx, project, (wanted.organization, wanted.member)).await?;
    let member = members::lock(&mut tx, &tenant, &member.member_id, now).await?;
    let member = member.filter(|it| !it.is_deleted()).ok_or(Refusal::MemberNotFound)?;
    let allowed = wanted.project.settings.may_impersonate_in(tenant.organization_id());
    if !allowed || member.status != Status::Active {
        return Err(Refusal::MemberImpersonationNotAllowed.into());
    }
    let token = Token::random("impersonation-", rng);
    let it = ImpersonationToken {
        organization_id: tenant.organization_id().clone(),
        member_id: member.member_id,
        impersonator_id: wanted.impersonator_id.to_owned(),
        impersonator_email_address: wanted.impersonator_email_address,
        reason: reason.to_owned(),
        expires_at: now.plus(LIFETIME),
    };
    impersonation_tokens::create(&mut tx, &tenant, &token.digest(), &it, now).await?;
    let mut event = projects::event(project, Action::ImpersonationTokenMinted, now, rng);
    event.actor = wanted.actor;
    event.organization_id = Some(it.organization_id.clone());
    event.member_id = Some(it.member_id.clone());
    event.details = who_and_why(&it);
    store::audit::append(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(Minted { token, expires_at: it.expires_at })
}

/// Trades a token for a session of an hour in the member's name.
///
/// # Errors
/// `UnableToAuthImpersonationToken`, `MemberImpersonationNotAllowed`.
pub async fn authenticate(call: &mut Call, token: &Token) -> Result<(Tenant, Member, Session)> {
    let digest = token.digest();
    match begin(call, &digest).await {
        Err(Error::Refused(refusal)) => Err(failed(call, &digest, refusal).await),
        begun => begun,
    }
}

/// Puts on record that a token opened nothing. One that never was names nobody.
async fn failed(call: &mut Call, digest: &Digest, refusal: Refusal) -> Error {
    match owner(call, digest).await {
        Ok(Some((tenant, member))) => {
            audit::failure(call, (&tenant, &member), Action::ImpersonationFailed, refusal).await
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
    let Some(it) = impersonation_tokens::find(&mut conn, project, digest).await? else { return Ok(None) };
    let tenant = tenant::by_id(&mut conn, project, &it.organization_id).await?;
    Ok(tenant.map(|tenant| (tenant, it.member_id)))
}

async fn begin(call: &mut Call, digest: &Digest) -> Result<(Tenant, Member, Session)> {
    let (it, tenant) = {
        let mut conn = call.app.db.read().await?;
        let found = impersonation_tokens::find(&mut conn, &call.project.project_id, digest).await?;
        let it = found.ok_or(Refusal::UnableToAuthImpersonationToken)?;
        let tenant = home(call, &mut conn, &it).await?;
        (it, tenant)
    };
    if !call.project.settings.may_impersonate_in(&it.organization_id) {
        return Err(Refusal::MemberImpersonationNotAllowed.into());
    }
    let mut tx = call.app.db.write().await?;
    let member = members::lock(&mut tx, &tenant, &it.member_id, call.now).await?;
    let member = member.filter(|it| !it.is_deleted()).ok_or(Refusal::UnableToAuthImpersonationToken)?;
    let tenant = home(call, &mut tx, &it).await?;
    if !impersonation_tokens::spend(&mut tx, &tenant, digest, call.now).await? {
        return Err(Refusal::UnableToAuthImpersonationToken.into());
    }
    let Details(details) = who_and_why(&it);
    let details: Vec<(&str, _)> =
        details.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let event = (Action::ImpersonationBegan, Actor::Operator);
    audit::note(call, &mut tx, &tenant, Some(&member.member_id), event, &details).await?;
    let authority = Authority::Impersonation {
        impersonator_id: it.impersonator_id,
        impersonator_email_address: it.impersonator_email_address,
    };
    let (member, session) = login::open_by_authority(call, &mut tx, (&tenant, member), authority).await?;
    if call.project.settings.impersonation.notice {
        notices::write(call, &mut tx, (&tenant, &member), Notice::Impersonated).await?;
    }
    tx.commit().await?;
    Ok((tenant, member, session))
}

async fn home(call: &Call, conn: &mut Conn, it: &ImpersonationToken) -> Result<Tenant> {
    let tenant = tenant::by_id(conn, &call.project.project_id, &it.organization_id).await?;
    Ok(tenant.ok_or(Refusal::UnableToAuthImpersonationToken)?)
}

fn who_and_why(it: &ImpersonationToken) -> Details {
    let details = [
        ("impersonator_id", json!(it.impersonator_id)),
        ("impersonator_email_address", json!(it.impersonator_email_address)),
        ("reason", json!(it.reason)),
    ];
    Details(details.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
