//! Trading the token of a trusted issuer for a session.

pub mod keys;
pub mod profiles;

use crate::{
    Call, Error, Result, audit,
    factors::guard,
    login::{self, Authority, SessionWishes},
    members as people,
    presented::{self, Credentials},
};
use domain::{
    Refusal,
    audit::Action,
    id::TrustedTokenProfileId,
    members::{Member, Status},
    sessions::Session,
    trusted_tokens::{
        Profile,
        claims::{self, Attested, Who},
        keys::Unverified,
    },
};
use serde_json::json;
use store::{Conn, Tenant, Tx, members, tenant, trusted_tokens};

pub struct Attest {
    pub profile_id: String,
    pub token: String,
    pub organization: Option<String>,
    pub credentials: Credentials,
    pub wishes: SessionWishes,
}

/// Trades a token, once, for a session of the member it speaks of. An unknown
/// address becomes a member where the profile says so.
///
/// # Errors
/// `TrustedTokenProfileNotFound`, `InvalidTrustedAuthToken`, `TokenMissingOrganizationIdClaim`,
/// `InvalidTokenOrganizationIdClaim`, `OrganizationNotFound`, `MemberNotFound`,
/// `UserLockLimitReached`, `InsufficientFactors`, the refusals of provisioning and of claims.
pub async fn attest(call: &mut Call, wanted: Attest) -> Result<(Tenant, Member, Session)> {
    let profile = profile(call, &wanted.profile_id).await?;
    let id = json!(profile.profile_id.to_string());
    match trade(call, &profile, wanted).await {
        Err(Error::Refused(refusal)) => {
            let details = [("trusted_token_profile_id", id)];
            Err(audit::failure_of_project(call, Action::TrustedTokenFailed, &details, refusal).await)
        }
        done => done,
    }
}

async fn trade(call: &mut Call, profile: &Profile, wanted: Attest) -> Result<(Tenant, Member, Session)> {
    // The network is done with before any transaction begins.
    let attested = believe(call, profile, &wanted.token).await?;
    let tenant = {
        let mut conn = call.app.db.read().await?;
        home(call, &mut conn, (profile, &attested), wanted.organization.as_deref()).await?
    };
    let mut tx = call.app.db.write().await?;
    let member = whom(call, &mut tx, &tenant, (profile, &attested.who)).await?;
    let tenant = tenant::by_id(&mut tx, tenant.project_id(), tenant.organization_id()).await?;
    let tenant = tenant.ok_or(Refusal::OrganizationNotFound)?;
    guard::unlocked(call, &member)?;
    let carried = presented::carried(call, &mut tx, &wanted.credentials, (&tenant, &member)).await?;
    let project = &call.project.project_id;
    let times = (attested.usable_since, attested.expires_at);
    if !trusted_tokens::spend(&mut tx, project, &attested.digest, times).await? {
        return Err(Refusal::InvalidTrustedAuthToken.into());
    }
    let authority = Authority::TrustedToken {
        token_id: attested.token_id,
        carried: Box::new(carried),
        wishes: wanted.wishes,
        requires_second_factor: profile.rules.requires_second_factor,
    };
    let (member, session) = login::open_by_authority(call, &mut tx, (&tenant, member), authority).await?;
    tx.commit().await?;
    Ok((tenant, member, session))
}

async fn profile(call: &Call, id: &str) -> Result<Profile> {
    let id: TrustedTokenProfileId = id.parse().map_err(|_| Refusal::TrustedTokenProfileNotFound)?;
    let mut conn = call.app.db.read().await?;
    let found = trusted_tokens::find(&mut conn, &call.project.project_id, &id).await?;
    Ok(found.ok_or(Refusal::TrustedTokenProfileNotFound)?)
}

/// The claims of the token, if the issuer signed them for us.
async fn believe(call: &Call, profile: &Profile, token: &str) -> Result<Attested> {
    let unverified = Unverified::read(token).ok_or(Refusal::InvalidTrustedAuthToken)?;
    let keys = keys::of(call, profile, &unverified).await?;
    let verified = unverified.verify(&keys).ok_or(Refusal::InvalidTrustedAuthToken)?;
    Ok(claims::read(profile, &verified, (unverified.identity(), call.now))?)
}

/// The organization that the token names, or else the caller; both, if both
/// are given, must denote one.
async fn home(
    call: &Call,
    conn: &mut Conn,
    (profile, attested): (&Profile, &Attested),
    named: Option<&str>,
) -> Result<Tenant> {
    let project = &call.project.project_id;
    let named = match named {
        Some(name) => Some(tenant::resolve(conn, project, name).await?.ok_or(Refusal::OrganizationNotFound)?),
        None => None,
    };
    match (&attested.organization, named) {
        (None, Some(named)) if !profile.rules.can_jit_provision => Ok(named),
        (None, _) => Err(Refusal::TokenMissingOrganizationIdClaim.into()),
        (Some(claimed), named) => {
            let claimed = tenant::resolve(conn, project, claimed).await?;
            let claimed = claimed.ok_or(Refusal::InvalidTokenOrganizationIdClaim)?;
            let agrees = named.is_none_or(|it| it.organization_id() == claimed.organization_id());
            if agrees { Ok(claimed) } else { Err(Refusal::InvalidTokenOrganizationIdClaim.into()) }
        }
    }
}

/// The member that the token speaks of, locked; or a new one.
async fn whom(
    call: &mut Call,
    tx: &mut Tx,
    tenant: &Tenant,
    (profile, who): (&Profile, &Who),
) -> Result<Member> {
    let found = match (&who.external_id, &who.email) {
        // By external id alone: an id of ours in the claim names nobody.
        (Some(id), _) => members::find(tx, tenant, &id.to_string()).await?,
        (None, Some(email)) => members::by_email(tx, tenant, email).await?,
        (None, None) => None,
    };
    if let Some(member) = found {
        let member = members::lock(tx, tenant, &member.member_id, call.now).await?;
        let is_meant = |it: &Member| !it.is_deleted() && is_still(it, who);
        return Ok(member.filter(is_meant).ok_or(Refusal::MemberNotFound)?);
    }
    let email = who.email.clone().filter(|_| profile.rules.can_jit_provision);
    let email = email.ok_or(Refusal::MemberNotFound)?;
    people::claimed_elsewhere(tx, tenant, &email).await?;
    let newcomer = people::create::Newcomer {
        external_id: who.external_id.clone(),
        ..people::create::Newcomer::of(email, Status::Active)
    };
    people::create::admit(call, tx, tenant, newcomer).await
}

/// Whether the member, locked now, is the one the token speaks of: address and
/// external id may have moved since it was found.
fn is_still(member: &Member, who: &Who) -> bool {
    match (&who.external_id, &who.email) {
        (Some(id), _) => member.external_id.as_ref() == Some(id),
        (None, Some(email)) => member.email_address.canonical() == email.canonical(),
        (None, None) => false,
    }
}
